package dev.pactwatch.alert;

import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.matching.Match;
import dev.pactwatch.matching.Matcher;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * From the judgements of one thread ({@link ThreadKey}) to alerts. A pure function of the
 * <em>set</em> of judgements: their order does not matter, no clock is read, and equal sets give
 * equal bytes.
 *
 * <ol>
 *   <li>Of several versions of an article the newest counts. Where several revisions of a chain
 *       match one event, the latest of them is cited; what the others leave free is added to its
 *       reasons.
 *   <li>In event time, a thread is divided into episodes by gaps, and within an episode into
 *       alerts: two known products are two alerts, and so are two known amounts of one currency
 *       more than 2 % apart; a report that lacks one joins the alert it does not contradict.
 *       Litigations are divided by who sues whom only, as their amounts are claims and settlements
 *       of one and the same thing. What the agreement's own parties change within two weeks is one
 *       change, and an ending if any report calls it one; after that an amendment and an ending are
 *       two alerts.
 *   <li>Each alert steps through its articles: the first opens it; a status that lies further on
 *       escalates it; a new publisher family corroborates it; a new detail (amount, product, topic,
 *       exclusivity, certainty, revision of the agreement) updates it. A reprint ({@link
 *       Reprints}), or a repeat by the same family, writes no revision and is listed from the next
 *       one on.
 * </ol>
 *
 * <p>An alert is numbered by its place within its thread, so all judgements of a thread must be
 * kept as long as its alerts are to keep their ids.
 */
public final class AlertFold {

  private static final BigDecimal SAME_AMOUNT = new BigDecimal("0.02");
  private static final int MAX_QUOTES = 60;

  /** Reports of a change by the own parties so close together are of the same change. */
  private static final Duration SAME_NEWS = Duration.ofDays(14);

  private static final Comparator<Judgement> EVENT_TIME =
      Comparator.comparing(Judgement::published)
          .thenComparing(Judgement::uri)
          .thenComparingInt(Judgement::index)
          .thenComparing(judgement -> judgement.match().agreement());

  private static final Comparator<PartialDate> LATER =
      Comparator.nullsFirst(Comparator.<PartialDate>naturalOrder());

  /**
   * How long silence lasts before the same parties' next event is another one.
   *
   * @param deals for cloud partnerships
   * @param litigations for litigations
   */
  public record Gaps(Duration deals, Duration litigations) {
    public static final Gaps DEFAULT = new Gaps(Duration.ofDays(90), Duration.ofDays(365));
  }

  private AlertFold() {}

  /** Folds the judgements of one thread with the default gaps. */
  public static Folded fold(Collection<Judgement> thread) {
    return fold(thread, Gaps.DEFAULT);
  }

  /**
   * @param thread all judgements of one thread, in any order; may be empty
   */
  public static Folded fold(Collection<Judgement> thread, Gaps gaps) {
    List<List<Alert>> histories = new ArrayList<>();
    for (Cluster cluster : clusters(cited(thread), gaps)) {
      String key = ThreadKey.of(cluster.judgements.get(0));
      histories.add(history(id(key, histories.size()), cluster.judgements));
    }
    return new Folded(histories);
  }

  /** Folds judgements of any threads; threads in the order of their keys. */
  public static List<Folded> foldAll(Collection<Judgement> judgements, Gaps gaps) {
    Map<String, List<Judgement>> threads = new TreeMap<>();
    for (Judgement judgement : judgements) {
      threads.computeIfAbsent(ThreadKey.of(judgement), key -> new ArrayList<>()).add(judgement);
    }
    return threads.values().stream().map(thread -> fold(thread, gaps)).toList();
  }

  /**
   * The revision that takes an alert back.
   *
   * @param last its latest revision
   * @param revision number of the new one
   */
  public static Alert withdrawn(Alert last, int revision) {
    return renumbered(last, revision, Change.WITHDRAWN);
  }

  /** The same state under another number, for a log in which numbers must grow. */
  public static Alert renumbered(Alert alert, int revision, Change change) {
    return new Alert(
        alert.id(),
        revision,
        change,
        alert.title(),
        alert.relation(),
        alert.certainty(),
        alert.severity(),
        alert.agreement(),
        alert.event(),
        alert.reasons(),
        alert.evidence(),
        alert.articles(),
        alert.independentPublishers(),
        alert.reprints(),
        alert.firstSeen(),
        alert.lastSeen(),
        alert.historical(),
        alert.lexicon());
  }

  // ---- one judgement per event and chain

  private record EventOfChain(String uri, int index, String chain) {}

  private static List<Judgement> cited(Collection<Judgement> judgements) {
    Map<String, Integer> versions = new HashMap<>();
    for (Judgement judgement : judgements) {
      versions.merge(judgement.uri(), judgement.version(), Math::max);
    }
    Map<EventOfChain, List<Judgement>> byEvent = new LinkedHashMap<>();
    judgements.stream()
        .filter(judgement -> judgement.version() == versions.get(judgement.uri()))
        .sorted(EVENT_TIME)
        .forEach(
            judgement ->
                byEvent
                    .computeIfAbsent(
                        new EventOfChain(
                            judgement.uri(), judgement.index(), judgement.match().chain()),
                        key -> new ArrayList<>())
                    .add(judgement));
    return byEvent.values().stream().map(AlertFold::cite).toList();
  }

  /** The judgement against the latest revision, a blocking term before any other. */
  private static Judgement cite(List<Judgement> rivals) {
    Judgement best =
        rivals.stream()
            .max(
                Comparator.comparing((Judgement judgement) -> ends(judgement))
                    .thenComparing(judgement -> blocking(judgement.match()))
                    .thenComparing(judgement -> judgement.match().effectiveFrom(), LATER)
                    .thenComparing(
                        judgement -> judgement.match().certainty(), Comparator.reverseOrder())
                    .thenComparing(judgement -> judgement.match().agreement()))
            .orElseThrow();
    Set<String> reasons = new LinkedHashSet<>(best.match().reasons());
    for (Judgement other : rivals) {
      for (String reason : other.match().reasons()) {
        if (reason.startsWith(Matcher.CARVE_OUT)) {
          reasons.add(reason);
        }
      }
    }
    return reasons.size() == best.match().reasons().size()
        ? best
        : with(best, List.copyOf(reasons));
  }

  private static boolean ends(Judgement judgement) {
    return judgement.match().relation() == Relation.ENDING;
  }

  /** Of a litigation the report that names most speaks for all; zero for anything else. */
  private static int litigants(Judgement judgement) {
    return judgement.match().relation() == Relation.DISPUTE
        ? judgement.match().counterparties().size()
        : 0;
  }

  private static boolean blocking(Match match) {
    return match.term() != null && match.term().kind().blocking();
  }

  private static Judgement with(Judgement judgement, List<String> reasons) {
    Match match = judgement.match();
    return new Judgement(
        judgement.uri(),
        judgement.version(),
        judgement.index(),
        judgement.headline(),
        judgement.link(),
        judgement.publisher(),
        judgement.published(),
        judgement.historical(),
        judgement.lexicon(),
        judgement.fingerprint(),
        judgement.event(),
        new Match(
            match.relation(),
            match.certainty(),
            match.agreement(),
            match.chain(),
            match.revision(),
            match.term(),
            match.source(),
            match.checkedTo(),
            match.effectiveFrom(),
            match.counterparties(),
            match.identity(),
            match.names(),
            reasons));
  }

  // ---- episodes, products, amounts

  private static final class Cluster {
    final List<Judgement> judgements = new ArrayList<>();
    Amount amount;
    String product;
    final Set<String> plaintiffs = new LinkedHashSet<>();
    final Set<String> defendants = new LinkedHashSet<>();
    int touched;

    void add(Judgement judgement, int turn) {
      judgements.add(judgement);
      plaintiffs.addAll(inRole(judgement, Role.PLAINTIFF));
      defendants.addAll(inRole(judgement, Role.DEFENDANT));
      amount = amount == null ? judgement.event().amount() : amount;
      product = product == null ? judgement.event().product() : product;
      touched = turn;
    }

    /** Negative where the event is another; more where more is known to be equal. */
    int affinity(Judgement judgement) {
      Event event = judgement.event();
      Relation relation = judgement.match().relation();
      boolean ownChange = relation == Relation.AMENDMENT || relation == Relation.ENDING;
      Judgement last = judgements.get(judgements.size() - 1);
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

  private static List<Cluster> clusters(List<Judgement> inEventTime, Gaps gaps) {
    List<Cluster> all = new ArrayList<>();
    List<Cluster> episode = new ArrayList<>();
    Instant last = null;
    int turn = 0;
    for (Judgement judgement : inEventTime) {
      Event event = judgement.event();
      Duration gap = event.type() == EventType.LITIGATION ? gaps.litigations() : gaps.deals();
      if (last != null && apart(last, judgement.published(), gap)) {
        episode = new ArrayList<>();
      }
      last = judgement.published();
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
        home = new Cluster();
        episode.add(home);
        all.add(home);
      }
      home.add(judgement, turn++);
    }
    return all;
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

  // ---- one alert

  private static List<Alert> history(String id, List<Judgement> judgements) {
    List<Alert> revisions = new ArrayList<>();
    State state = new State();
    for (int from = 0; from < judgements.size(); ) {
      int to = from + 1;
      while (to < judgements.size()
          && judgements.get(to).uri().equals(judgements.get(from).uri())) {
        to++;
      }
      Change change = state.read(judgements.subList(from, to));
      if (change != null) {
        revisions.add(state.alert(id, revisions.size() + 1, change));
      }
      from = to;
    }
    return revisions;
  }

  /** What is known after some of an alert's articles, in event time. */
  private static final class State {
    private final List<Judgement> read = new ArrayList<>();
    private final Map<String, Alert.ArticleRef> articles = new LinkedHashMap<>();
    private final Set<String> families = new LinkedHashSet<>();
    private final Reprints reprints = new Reprints();
    private Status status;
    private Details details = new Details(null, null, null, null, null, null, null);
    private Judgement lead;

    /** Everything whose change is worth a revision by itself. */
    private record Details(
        Amount amount,
        String product,
        String topic,
        Exclusivity exclusivity,
        Certainty certainty,
        Relation relation,
        String agreement) {}

    /** Takes in one article; null where it says nothing new. */
    Change read(List<Judgement> article) {
      boolean first = read.isEmpty();
      Status reported = null;
      for (Judgement judgement : article) {
        Status said = judgement.event().status();
        reported = reported == null || Lifecycle.advances(reported, said) ? said : reported;
      }
      boolean advanced = !first && Lifecycle.advances(status, reported);
      status = first || advanced ? reported : status;
      read.addAll(article);
      Judgement any = article.get(0);
      String original = reprints.original(any, reported);
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
      lead = read.stream().max(LEADS).orElseThrow();
      Details before = details;
      details = details();
      if (first) {
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

    private static final Comparator<Judgement> LEADS =
        Comparator.comparing((Judgement judgement) -> ends(judgement))
            .thenComparing(judgement -> judgement.match().certainty(), Comparator.reverseOrder())
            .thenComparing(judgement -> judgement.match().effectiveFrom(), LATER)
            .thenComparingInt(judgement -> Lifecycle.rank(judgement.event().status()))
            .thenComparingInt(AlertFold::litigants)
            .thenComparing(EVENT_TIME);

    private Details details() {
      Amount amount = null;
      String product = null;
      String topic = lead.event().topic();
      Exclusivity exclusivity = lead.event().exclusivity();
      for (Judgement judgement : read) {
        Event event = judgement.event();
        amount = amount == null ? event.amount() : amount;
        product = product == null ? event.product() : product;
        topic = topic == null ? event.topic() : topic;
        if ((exclusivity == null || exclusivity == Exclusivity.NONE)
            && event.exclusivity() != null) {
          exclusivity = event.exclusivity();
        }
      }
      return new Details(
          amount,
          product,
          topic,
          exclusivity,
          lead.match().certainty(),
          lead.match().relation(),
          lead.match().agreement());
    }

    Alert alert(String id, int revision, Change change) {
      Match match = lead.match();
      return new Alert(
          id,
          revision,
          change,
          title(lead, status, details.product()),
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
              counterparties(),
              details.amount(),
              details.exclusivity(),
              details.product(),
              details.topic()),
          match.reasons(),
          quotes(),
          List.copyOf(articles.values()),
          families.size(),
          (int) articles.values().stream().filter(article -> article.reprintOf() != null).count(),
          read.get(0).published(),
          read.get(read.size() - 1).published(),
          read.stream().allMatch(Judgement::historical),
          lead.lexicon());
    }

    private List<String> counterparties() {
      Set<String> all = new TreeSet<>();
      read.forEach(judgement -> all.addAll(judgement.match().counterparties()));
      return List.copyOf(all);
    }

    private List<Alert.Quote> quotes() {
      Set<Alert.Quote> quotes = new LinkedHashSet<>();
      for (int i = read.size() - 1; i >= 0; i--) {
        for (Evidence evidence : read.get(i).event().evidence()) {
          if (quotes.size() < MAX_QUOTES) {
            quotes.add(
                new Alert.Quote(
                    read.get(i).uri(),
                    evidence.of(),
                    evidence.field(),
                    evidence.start(),
                    evidence.end(),
                    evidence.text()));
          }
        }
      }
      return List.copyOf(quotes);
    }
  }

  // ---- words

  private static String title(Judgement lead, Status status, String product) {
    Match match = lead.match();
    Term term = match.term();
    String grantor = match.name(term.grantor());
    String beneficiary = match.name(term.beneficiary());
    String whose =
        beneficiary
            + (beneficiary.endsWith("s") ? "' " : "'s ")
            + term.kind().inWords()
            + " on "
            + term.topic();
    String what = product == null ? "" : " (" + product + ")";
    boolean possible = match.certainty() == Certainty.POSSIBLE;
    return switch (match.relation()) {
      case CONFLICT ->
          "Possible conflict"
              + unless(Status.AGREED, status)
              + list(grantor, match.counterparties().stream().map(match::name).toList())
              + what
              + ", against "
              + whose;
      case DISPUTE ->
          (possible ? "Possible dispute (" : "Dispute (")
              + words(status)
              + "): "
              + sides(lead)
              + ", over "
              + whose;
      case ENDING, AMENDMENT, TOUCHES -> {
        String relation = match.relation().label();
        yield (possible
                ? "Possible " + relation
                : relation.substring(0, 1).toUpperCase(Locale.ROOT) + relation.substring(1))
            + unless(match.relation() == Relation.AMENDMENT ? Status.AMENDED : Status.ENDED, status)
            + grantor
            + " and "
            + beneficiary
            + what
            + ", "
            + whose;
      }
    };
  }

  /** The status in brackets, where it is not what goes without saying. */
  private static String unless(Status plain, Status status) {
    return status == plain ? ": " : " (" + words(status) + "): ";
  }

  private static String words(Status status) {
    return status.label().replace('-', ' ');
  }

  private static String sides(Judgement lead) {
    Set<String> plaintiffs = new LinkedHashSet<>();
    Set<String> others = new LinkedHashSet<>();
    for (Party party : lead.event().parties()) {
      String name =
          party.organisation() == null
              ? party.name()
              : lead.match().names().getOrDefault(party.organisation(), party.name());
      if (party.role() == Role.PLAINTIFF) {
        plaintiffs.add(name);
      } else {
        others.add(name);
      }
    }
    if (plaintiffs.isEmpty() || others.isEmpty()) {
      plaintiffs.addAll(others);
      return list(List.copyOf(plaintiffs));
    }
    return list(List.copyOf(plaintiffs)) + " against " + list(List.copyOf(others));
  }

  private static String list(String first, List<String> more) {
    List<String> names = new ArrayList<>();
    names.add(first);
    names.addAll(more);
    return list(names);
  }

  private static String list(List<String> names) {
    int last = names.size() - 1;
    return last < 1
        ? String.join("", names)
        : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
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
}
