package dev.pactwatch.alert;

import dev.pactwatch.matching.Certainty;
import dev.pactwatch.matching.Match;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.Amount;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Evidence;
import dev.pactwatch.tagging.Exclusivity;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.Role;
import dev.pactwatch.tagging.Status;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fold of one thread as {@link AlertFold} describes it, kept so that the next article can be
 * taken in without all that came before it. Taking in articles one by one in event time says the
 * same as folding all of them at once.
 */
public final class ThreadFold {

  private static final BigDecimal SAME_AMOUNT = new BigDecimal("0.02");
  private static final int MAX_QUOTES = 60;

  /** Reports of a change by the own parties so close together are of the same change. */
  private static final Duration SAME_NEWS = Duration.ofDays(14);

  private final AlertFold.Gaps gaps;
  private final Set<String> uris = new HashSet<>();
  private final List<Cluster> all = new ArrayList<>();
  private List<Cluster> episode = new ArrayList<>();
  private Judgement last;
  private int turn;

  private ThreadFold(AlertFold.Gaps gaps) {
    this.gaps = gaps;
  }

  /**
   * What has been added to one alert since it was last told.
   *
   * @param steps how many revisions the fold has for it
   * @param gained the last of them, as many as were not told before; at least one
   */
  public record Gain(String id, int steps, List<Alert> gained) {

    /** The alert as it stands. */
    public Alert latest() {
      return gained.get(gained.size() - 1);
    }
  }

  /**
   * Folds a thread.
   *
   * @param thread all judgements of one thread, in any order; may be empty
   */
  public static ThreadFold of(Collection<Judgement> thread, AlertFold.Gaps gaps) {
    ThreadFold fold = new ThreadFold(gaps);
    fold.take(AlertFold.cited(thread));
    return fold;
  }

  /**
   * Takes in what is said by articles that it does not know yet, and that are all later than those
   * it knows.
   *
   * @param said all that these articles say in this thread, in any order
   * @return whether they are so; if not, nothing was taken in, and the thread has to be folded anew
   */
  public boolean append(Collection<Judgement> said) {
    for (Judgement judgement : said) {
      if (uris.contains(judgement.uri())
          || (last != null && AlertFold.EVENT_TIME.compare(judgement, last) <= 0)) {
        return false;
      }
    }
    take(AlertFold.cited(said));
    return true;
  }

  /** What came of all that was taken in since this was last asked, in the order of the alerts. */
  public List<Gain> told() {
    List<Gain> told = new ArrayList<>();
    for (Cluster cluster : all) {
      if (!cluster.fresh.isEmpty()) {
        told.add(new Gain(cluster.id, cluster.steps, List.copyOf(cluster.fresh)));
        cluster.fresh.clear();
      }
    }
    return told;
  }

  /** How many articles it keeps. */
  public int articles() {
    return uris.size();
  }

  private void take(List<Judgement> inEventTime) {
    Set<Cluster> touched = new LinkedHashSet<>();
    for (Judgement judgement : inEventTime) {
      if (last != null && !last.uri().equals(judgement.uri())) {
        touched.forEach(Cluster::step);
        touched.clear();
      }
      Cluster home = home(judgement);
      home.add(judgement, turn++);
      touched.add(home);
      uris.add(judgement.uri());
      last = judgement;
    }
    touched.forEach(Cluster::step);
  }

  // ---- episodes, products, amounts

  private Cluster home(Judgement judgement) {
    Duration gap =
        judgement.event().type() == EventType.LITIGATION ? gaps.litigations() : gaps.deals();
    if (last != null && apart(last.published(), judgement.published(), gap)) {
      episode = new ArrayList<>();
    }
    Cluster home = null;
    int best = -1;
    for (Cluster cluster : episode) {
      int affinity = cluster.affinity(judgement);
      if (affinity > best
          || (affinity == best && affinity >= 0 && cluster.touched > home.touched)) {
        home = cluster;
        best = affinity;
      }
    }
    if (home == null) {
      home = new Cluster(id(ThreadKey.of(judgement), all.size()));
      episode.add(home);
      all.add(home);
    }
    return home;
  }

  private static boolean apart(Instant earlier, Instant later, Duration gap) {
    return Duration.between(earlier, later).compareTo(gap) > 0;
  }

  private static boolean same(Amount one, Amount other) {
    BigDecimal apart = one.value().subtract(other.value()).abs();
    return apart.compareTo(one.value().abs().max(other.value().abs()).multiply(SAME_AMOUNT)) <= 0;
  }

  /** Equal, or one with words around it: "Frontier" and "the Frontier platform". */
  private static boolean same(String one, String other) {
    String a = " " + one.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip() + " ";
    String b =
        " " + other.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip() + " ";
    return a.contains(b) || b.contains(a);
  }

  private static String id(String thread, int ordinal) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((thread + "|" + ordinal).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  // ---- one alert

  /** What is known of one alert after some of its articles, in event time. */
  private static final class Cluster {

    private final String id;
    private final Set<String> plaintiffs = new LinkedHashSet<>();
    private final Set<String> defendants = new LinkedHashSet<>();
    private final Map<String, Alert.ArticleRef> articles = new LinkedHashMap<>();
    private final Set<String> families = new LinkedHashSet<>();
    private final Set<String> counterparties = new TreeSet<>();
    private final Reprints reprints = new Reprints();
    private final List<Alert> fresh = new ArrayList<>();

    /** Of the article that is being read; empty between two articles. */
    private final List<Judgement> reading = new ArrayList<>();

    private List<Alert.Quote> quotes = List.of();
    private Amount amount;
    private String product;
    private String topic;
    private Exclusivity exclusivity;
    private Judgement first;
    private Judgement last;
    private Judgement lead;
    private Status status;
    private boolean historical = true;
    private Details details;
    private int copies;
    private int steps;
    private int touched;

    Cluster(String id) {
      this.id = id;
    }

    /** Everything whose change is worth a revision by itself. */
    private record Details(
        Amount amount,
        String product,
        String topic,
        Exclusivity exclusivity,
        Certainty certainty,
        Relation relation,
        String agreement) {}

    void add(Judgement judgement, int turn) {
      Event event = judgement.event();
      plaintiffs.addAll(inRole(judgement, Role.PLAINTIFF));
      defendants.addAll(inRole(judgement, Role.DEFENDANT));
      counterparties.addAll(judgement.match().counterparties());
      amount = amount == null ? event.amount() : amount;
      product = product == null ? event.product() : product;
      topic = topic == null ? event.topic() : topic;
      exclusivity =
          said(exclusivity) || event.exclusivity() == null ? exclusivity : event.exclusivity();
      historical &= judgement.historical();
      first = first == null ? judgement : first;
      lead = lead == null || AlertFold.LEADS.compare(judgement, lead) > 0 ? judgement : lead;
      last = judgement;
      reading.add(judgement);
      touched = turn;
    }

    private static boolean said(Exclusivity exclusivity) {
      return exclusivity != null && exclusivity != Exclusivity.NONE;
    }

    /** Ends the article that is being read; one that says nothing new makes no revision. */
    void step() {
      Change change = change();
      reading.clear();
      if (change != null) {
        steps++;
        fresh.add(alert(change));
      }
    }

    private Change change() {
      Status reported = null;
      for (Judgement judgement : reading) {
        Status said = judgement.event().status();
        reported = reported == null || Lifecycle.advances(reported, said) ? said : reported;
      }
      boolean opens = articles.isEmpty();
      boolean advanced = !opens && Lifecycle.advances(status, reported);
      status = opens || advanced ? reported : status;
      Judgement any = reading.get(0);
      String original = reprints.original(any, reported);
      copies += original == null ? 0 : 1;
      boolean newFamily = original == null && families.add(any.publisher().family());
      articles.put(
          any.uri(),
          new Alert.ArticleRef(
              any.uri(),
              any.headline(),
              any.link(),
              any.publisher().name(),
              any.publisher().family(),
              any.published(),
              reported,
              original));
      quotes = quotes();
      Details before = details;
      details = details();
      if (opens) {
        return Change.OPENED;
      }
      if (advanced || details.relation() != before.relation()) {
        return Change.ESCALATED;
      }
      if (newFamily) {
        return Change.CORROBORATED;
      }
      return details.equals(before) ? null : Change.UPDATED;
    }

    private Details details() {
      Event event = lead.event();
      return new Details(
          amount,
          product,
          event.topic() == null ? topic : event.topic(),
          said(event.exclusivity()) ? event.exclusivity() : exclusivity,
          lead.match().certainty(),
          lead.match().relation(),
          lead.match().agreement());
    }

    /** Those of the newest articles, each once. */
    private List<Alert.Quote> quotes() {
      Set<Alert.Quote> newest = new LinkedHashSet<>();
      for (int i = reading.size() - 1; i >= 0; i--) {
        for (Evidence evidence : reading.get(i).event().evidence()) {
          newest.add(
              new Alert.Quote(
                  reading.get(i).uri(),
                  evidence.of(),
                  evidence.field(),
                  evidence.start(),
                  evidence.end(),
                  evidence.text()));
        }
      }
      newest.addAll(quotes);
      return newest.stream().limit(MAX_QUOTES).toList();
    }

    private Alert alert(Change change) {
      Match match = lead.match();
      return new Alert(
          id,
          steps,
          change,
          AlertTitle.of(lead, status, product),
          match.relation(),
          match.certainty(),
          SeverityPolicy.of(match.relation(), status, match.certainty(), families.size()),
          new Alert.AgreementRef(
              match.agreement(),
              match.chain(),
              match.revision(),
              match.term(),
              match.source(),
              match.checkedTo()),
          new Alert.Tuple(
              lead.event().type(),
              status,
              lead.event().parties(),
              List.copyOf(counterparties),
              details.amount(),
              details.exclusivity(),
              details.product(),
              details.topic()),
          match.reasons(),
          quotes,
          List.copyOf(articles.values()),
          families.size(),
          copies,
          first.published(),
          last.published(),
          historical,
          lead.lexicon());
    }

    /** Negative where the event is another; more where more is known to be equal. */
    int affinity(Judgement judgement) {
      Event event = judgement.event();
      Relation relation = judgement.match().relation();
      boolean ownChange = relation == Relation.AMENDMENT || relation == Relation.ENDING;
      if (event.type() == EventType.LITIGATION) {
        return reversed(judgement) ? -1 : 0;
      }
      if (ownChange && !apart(last.published(), judgement.published(), SAME_NEWS)) {
        return 0;
      }
      if (relation != last.match().relation()) {
        return -1;
      }
      if (relation == Relation.ENDING) {
        return 0;
      }
      int affinity = 0;
      if (amount != null
          && event.amount() != null
          && amount.currency().equals(event.amount().currency())) {
        if (!same(amount, event.amount())) {
          return -1;
        }
        affinity += 2;
      }
      if (product != null && event.product() != null) {
        if (!same(product, event.product())) {
          return -1;
        }
        affinity++;
      }
      return affinity;
    }

    /** Whether who sued is sued: a suit and its answer are two. */
    private boolean reversed(Judgement judgement) {
      return !Collections.disjoint(plaintiffs, inRole(judgement, Role.DEFENDANT))
          && !Collections.disjoint(defendants, inRole(judgement, Role.PLAINTIFF));
    }

    private static Set<String> inRole(Judgement judgement, Role role) {
      Set<String> found = new LinkedHashSet<>();
      for (Party party : judgement.event().parties()) {
        if (party.role() == role && party.organisation() != null) {
          found.add(party.organisation());
        }
      }
      return found;
    }
  }
}
