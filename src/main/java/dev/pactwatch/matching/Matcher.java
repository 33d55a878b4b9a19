package dev.pactwatch.matching;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementText;
import dev.pactwatch.agreement.Confidence;
import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.agreement.Standing;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.agreement.TermKind;
import dev.pactwatch.agreement.TopicTree;
import dev.pactwatch.agreement.TopicTree.Reach;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Evidence;
import dev.pactwatch.tagging.Exclusivity;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.Role;
import dev.pactwatch.tagging.Status;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Judges one event against one revision of an agreement. A pure function of its arguments; thread
 * safe.
 *
 * <p>Nothing alerts from a background event, a denial, or a record of low confidence. What each
 * relation asks for stands at the method that tries it.
 */
public final class Matcher {

  /** How every sentence about something that a term leaves free begins. */
  public static final String CARVE_OUT = "Carve-out to weigh";

  /**
   * News of a change comes on the day of the change or some days after it, when the changed
   * revision has given way to the next. So a change is judged against what held this many days
   * before: of two revisions of which one follows the other, always exactly one.
   */
  private static final int CHANGE_NEWS_DAYS = 21;

  /** A change may be announced this long before it takes effect. */
  private static final int ANNOUNCED_DAYS = 7;

  /** A suit over an agreement that ended and was not replaced may come this long after. */
  private static final int SUIT_DAYS = 365;

  private static final Set<String> EXCLUSIVITY_EVIDENCE = Set.of("exclusivity", "sentence", "type");

  private final TopicTree topics;
  private final Kinship kinship;
  private final boolean touches;
  private final List<Pattern> exclusivity;
  private final List<Pattern> exceptions;

  /** A matcher that does not report {@link Relation#TOUCHES}. */
  public Matcher(TopicTree topics, Kinship kinship) {
    this(topics, kinship, false);
  }

  /**
   * @param touches whether to report events that merely name a party
   */
  public Matcher(TopicTree topics, Kinship kinship, boolean touches) {
    this.topics = topics;
    this.kinship = kinship;
    this.touches = touches;
    this.exclusivity = wholeWords(topics.exclusivityWords());
    this.exceptions = wholeWords(topics.exclusivityExceptions());
  }

  private static List<Pattern> wholeWords(List<String> phrases) {
    return phrases.stream()
        .map(
            phrase ->
                Pattern.compile(
                    "(?<![\\p{L}\\p{N}])" + Pattern.quote(phrase) + "(?![\\p{L}\\p{N}])",
                    Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE))
        .toList();
  }

  /**
   * The gravest relation that holds.
   *
   * @param date the event's, which is the article's day in UTC
   */
  public Optional<Match> match(Event event, LocalDate date, Agreement agreement) {
    return Optional.ofNullable(judge(event, date, agreement, null));
  }

  /** The same judgement, with what did not hold and why. */
  public Explanation explain(Event event, LocalDate date, Agreement agreement) {
    List<Explanation.Miss> misses = new ArrayList<>();
    Match match = judge(event, date, agreement, misses);
    return new Explanation(Optional.ofNullable(match), misses);
  }

  private Match judge(
      Event event, LocalDate date, Agreement agreement, List<Explanation.Miss> misses) {
    Relation first = event.type() == EventType.LITIGATION ? Relation.DISPUTE : Relation.CONFLICT;
    if (event.background()) {
      return miss(misses, first, 0, "the article mentions the event as history only");
    }
    if (event.status() == Status.DENIED) {
      return miss(misses, first, 0, "the article reports a denial");
    }
    if (agreement.confidence() == Confidence.LOW) {
      return miss(
          misses,
          first,
          0,
          "the record " + agreement.id() + " is of low confidence, which never alerts");
    }
    Match match;
    if (event.type() == EventType.LITIGATION) {
      match = dispute(event, date, agreement, misses);
    } else {
      match = conflict(event, date, agreement, misses);
      if (match == null) {
        match = ending(event, date, agreement, misses);
      }
      if (match == null) {
        match = amendment(event, date, agreement, misses);
      }
    }
    return match == null && touches ? touching(event, date, agreement, misses) : match;
  }

  // ---- conflict

  /**
   * A partnership in talks, agreed or expanded gives the grantor of a blocking term something of
   * its topic from another than the beneficiary, while the term is in force. (For a term by which
   * the grantor supplies: the grantor gives it to another.) Where the beneficiary takes part as
   * well, there is none: it is not passed over.
   */
  private Match conflict(
      Event event, LocalDate date, Agreement agreement, List<Explanation.Miss> misses) {
    Status status = event.status();
    if (status != Status.IN_TALKS && status != Status.AGREED && status != Status.EXPANDED) {
      return miss(
          misses,
          Relation.CONFLICT,
          0,
          "a deal that is " + status.label() + " gives nobody anything");
    }
    Blocked best = null;
    for (Term term : agreement.terms()) {
      Blocked blocked = blocked(event, date, agreement, term, misses);
      if (blocked != null && (best == null || blocked.graverThan(best))) {
        best = blocked;
      }
    }
    return best == null ? null : conflict(event, date, agreement, best);
  }

  /** A blocking term that an event runs into. */
  private record Blocked(
      Term term,
      List<Party> rivals,
      Reach reach,
      Standing standing,
      boolean sidesKnown,
      Certainty certainty) {

    boolean graverThan(Blocked other) {
      int byCertainty = certainty.compareTo(other.certainty);
      return byCertainty != 0 ? byCertainty < 0 : strength(term) < strength(other.term);
    }
  }

  private Blocked blocked(
      Event event, LocalDate date, Agreement agreement, Term term, List<Explanation.Miss> misses) {
    String grantor = kinship.group(term.grantor());
    String beneficiary = kinship.group(term.beneficiary());
    Role own = Boolean.TRUE.equals(term.grantorSupplies()) ? Role.PROVIDER : Role.CUSTOMER;
    Role theirs = own == Role.PROVIDER ? Role.CUSTOMER : Role.PROVIDER;
    boolean grantorInRole = false;
    boolean grantorAsPartner = false;
    boolean beneficiaryTakesPart = false;
    List<Party> inRole = new ArrayList<>(2);
    List<Party> partners = new ArrayList<>(2);
    for (Party party : event.parties()) {
      if (Boolean.TRUE.equals(party.optional())) {
        continue;
      }
      String group = group(party);
      if (group.equals(grantor)) {
        grantorInRole |= party.role() == own;
        grantorAsPartner |= party.role() == Role.PARTNER;
      } else if (group.equals(beneficiary)) {
        beneficiaryTakesPart |= party.role() == theirs || party.role() == Role.PARTNER;
      } else if (party.role() == theirs) {
        inRole.add(party);
      } else if (party.role() == Role.PARTNER) {
        partners.add(party);
      }
    }
    if (!grantorInRole && !grantorAsPartner) {
      if (misses != null) {
        miss(
            misses,
            Relation.CONFLICT,
            1,
            agreement.nameOf(term.grantor())
                + ", who is bound on "
                + term.topic()
                + ", is no "
                + own.label()
                + " in this deal");
      }
      return null;
    }
    if (!term.kind().blocking()) {
      if (misses != null) {
        miss(
            misses,
            Relation.CONFLICT,
            2,
            "a term that is " + term.kind().label() + " (on " + term.topic() + ") blocks nobody");
      }
      return null;
    }
    List<Party> rivals = inRole.isEmpty() ? partners : inRole;
    if (beneficiaryTakesPart || rivals.isEmpty()) {
      if (misses != null) {
        miss(
            misses,
            Relation.CONFLICT,
            3,
            beneficiaryTakesPart
                ? agreement.nameOf(term.beneficiary()) + ", who enjoys the term, takes part itself"
                : "the article names nobody but the grantor");
      }
      return null;
    }
    Reach reach = topics.reach(term, event.topic());
    if (reach == Reach.OUTSIDE || reach == Reach.CARVED_OUT) {
      if (misses != null) {
        miss(
            misses,
            Relation.CONFLICT,
            4,
            event.topic() == null
                ? "no cloud deal can be about " + term.topic()
                : reach == Reach.CARVED_OUT
                    ? "the term on " + term.topic() + " carves out " + event.topic()
                    : "the deal is about " + event.topic() + ", the term about " + term.topic());
      }
      return null;
    }
    if (!term.products().isEmpty() && !namesOneOf(event.product(), term.products())) {
      if (misses != null) {
        miss(
            misses,
            Relation.CONFLICT,
            5,
            "the term is limited to "
                + String.join(", ", term.products())
                + ", and the article names "
                + (event.product() == null ? "no product" : event.product()));
      }
      return null;
    }
    Standing standing = Standing.of(agreement, term, date).orElse(null);
    if (standing == null) {
      if (misses != null) {
        miss(
            misses,
            Relation.CONFLICT,
            6,
            "the term on "
                + term.topic()
                + " was not in force on "
                + date
                + ": it "
                + range(agreement, term));
      }
      return null;
    }
    boolean sidesKnown = grantorInRole || !inRole.isEmpty();
    Certainty certainty =
        reach == Reach.COVERED && standing != Standing.POSSIBLY_IN_FORCE && sidesKnown
            ? Certainty.CERTAIN
            : Certainty.POSSIBLE;
    return new Blocked(term, rivals, reach, standing, sidesKnown, certainty);
  }

  private Match conflict(Event event, LocalDate date, Agreement agreement, Blocked blocked) {
    Term term = blocked.term();
    Map<String, String> names = names(agreement, term);
    TreeSet<String> rivals = new TreeSet<>();
    for (Party rival : blocked.rivals()) {
      String group = group(rival);
      rivals.add(group);
      name(names, rival);
    }
    String grantor = agreement.nameOf(term.grantor());
    String others = sentenceList(rivals.stream().map(names::get).toList());
    List<String> reasons = new ArrayList<>();
    reasons.add(bound(agreement, term, date, blocked.standing()));
    String what =
        (event.topic() == null ? "something from a cloud" : topics.title(event.topic()))
            + (event.product() == null ? "" : " (" + event.product() + ")");
    reasons.add(
        Boolean.TRUE.equals(term.grantorSupplies())
            ? "By the article of "
                + date
                + ", "
                + grantor
                + " gives "
                + others
                + " "
                + what
                + state(event)
            : "By the article of "
                + date
                + ", "
                + grantor
                + " gets "
                + what
                + " from "
                + others
                + state(event));
    quote(event).ifPresent(reasons::add);
    reasons.add(
        switch (blocked.reach()) {
          case COVERED -> "The term covers " + event.topic() + ".";
          case MAY_INCLUDE ->
              topics.covers(event.topic(), term.topic())
                  ? "Possible only: "
                      + event.topic()
                      + " is broader than "
                      + term.topic()
                      + ", and the article does not say which part."
                  : "Possible only: "
                      + event.topic()
                      + " may include "
                      + term.topic()
                      + ", and the article does not say whether it does.";
          case UNKNOWN, CARVED_OUT, OUTSIDE ->
              "Possible only: the article does not say what was bought.";
        });
    if (!blocked.sidesKnown()) {
      reasons.add("Possible only: the article does not say who buys from whom.");
    }
    carveOuts(agreement, term, reasons);
    return new Match(
        Relation.CONFLICT,
        blocked.certainty(),
        agreement.id(),
        agreement.chain(),
        agreement.revision(),
        term,
        agreement.bestSource(),
        agreement.checkedTo(),
        agreement.effectiveFrom(),
        List.copyOf(rivals),
        List.copyOf(rivals),
        names,
        reasons);
  }

  private static String state(Event event) {
    return switch (event.status()) {
      case IN_TALKS -> ", if talks succeed.";
      case EXPANDED -> ", more than before.";
      default -> ".";
    };
  }

  private static void carveOuts(Agreement agreement, Term term, List<String> reasons) {
    for (String out : agreement.carveOuts()) {
      reasons.add(CARVE_OUT + " (revision " + agreement.revision() + "): " + out + ".");
    }
    for (String out : term.carveOuts()) {
      reasons.add(CARVE_OUT + " (revision " + agreement.revision() + "): topic " + out + ".");
    }
  }

  // ---- ending and amendment

  /**
   * The agreement's own parties end it, or what they agree is said not to be exclusive where a term
   * in force was.
   */
  private Match ending(
      Event event, LocalDate date, Agreement agreement, List<Explanation.Miss> misses) {
    boolean nonExclusive = event.exclusivity() == Exclusivity.NON_EXCLUSIVE;
    if (event.status() != Status.ENDED && !nonExclusive) {
      return miss(misses, Relation.ENDING, 0, "the article reports no end");
    }
    Change change =
        change(event, date, agreement, Relation.ENDING, event.status() != Status.ENDED, misses);
    if (change == null) {
      return null;
    }
    boolean certain =
        event.status() != Status.IN_TALKS
            && change.standing() != Standing.POSSIBLY_IN_FORCE
            && (change.reach() == Reach.COVERED
                || (nonExclusive && change.term().kind().blocking()));
    String what =
        event.status() == Status.IN_TALKS
            ? " talk of making it non-exclusive"
            : event.status() == Status.ENDED ? " end it" : " make it non-exclusive";
    return own(event, date, agreement, change, Relation.ENDING, certain, what);
  }

  /**
   * The agreement's own parties change or extend it. A report that they merely agreed counts where
   * the record says that this revision gave way to another about then.
   */
  private Match amendment(
      Event event, LocalDate date, Agreement agreement, List<Explanation.Miss> misses) {
    boolean replaced =
        event.status() == Status.AGREED
            && agreement.effectiveTo() != null
            && agreement.supersededBy() != null
            && !agreement.effectiveTo().first().isAfter(date.plusDays(ANNOUNCED_DAYS));
    if (event.status() != Status.AMENDED && event.status() != Status.EXPANDED && !replaced) {
      return miss(misses, Relation.AMENDMENT, 0, "the article reports no change of an agreement");
    }
    Change change = change(event, date, agreement, Relation.AMENDMENT, false, misses);
    if (change == null) {
      return null;
    }
    boolean certain =
        change.reach() == Reach.COVERED && change.standing() != Standing.POSSIBLY_IN_FORCE;
    String what =
        event.status() == Status.AMENDED
            ? " change it"
            : event.status() == Status.EXPANDED ? " extend it" : " agree anew";
    return own(event, date, agreement, change, Relation.AMENDMENT, certain, what);
  }

  private record Change(Term term, Reach reach, Standing standing) {}

  private Change change(
      Event event,
      LocalDate date,
      Agreement agreement,
      Relation relation,
      boolean blockingOnly,
      List<Explanation.Miss> misses) {
    Change best = null;
    for (Term term : agreement.terms()) {
      if (!takesPart(event, term.grantor()) || !takesPart(event, term.beneficiary())) {
        if (misses != null) {
          miss(
              misses,
              relation,
              1,
              agreement.nameOf(term.grantor())
                  + " and "
                  + agreement.nameOf(term.beneficiary())
                  + " do not both take part");
        }
        continue;
      }
      if (!topics.dealable(term.topic())
          || (event.topic() != null
              && topics.knows(event.topic())
              && !topics.related(term.topic(), event.topic()))) {
        if (misses != null) {
          miss(
              misses,
              relation,
              2,
              "the term is about "
                  + term.topic()
                  + ", the deal about "
                  + (event.topic() == null ? "something from a cloud" : event.topic()));
        }
        continue;
      }
      if (blockingOnly && !term.kind().blocking()) {
        if (misses != null) {
          miss(misses, relation, 3, "a term that is " + term.kind().label() + " was not exclusive");
        }
        continue;
      }
      Optional<Standing> standing = Standing.of(agreement, term, date.minusDays(CHANGE_NEWS_DAYS));
      if (standing.isEmpty()) {
        if (misses != null) {
          miss(
              misses,
              relation,
              4,
              "revision "
                  + agreement.revision()
                  + " did not hold before the news of "
                  + date
                  + ": it "
                  + range(agreement, term));
        }
        continue;
      }
      Change found = new Change(term, topics.reach(term, event.topic()), standing.get());
      if (best == null || graver(found, best)) {
        best = found;
      }
    }
    return best;
  }

  private static boolean graver(Change one, Change other) {
    if (one.term().kind().blocking() != other.term().kind().blocking()) {
      return one.term().kind().blocking();
    }
    boolean covered = one.reach() == Reach.COVERED;
    if (covered != (other.reach() == Reach.COVERED)) {
      return covered;
    }
    return strength(one.term()) < strength(other.term());
  }

  private Match own(
      Event event,
      LocalDate date,
      Agreement agreement,
      Change change,
      Relation relation,
      boolean certain,
      String what) {
    Term term = change.term();
    List<String> reasons = new ArrayList<>();
    reasons.add(bound(agreement, term, date, change.standing()));
    reasons.add(
        "By the article of "
            + date
            + ", "
            + agreement.nameOf(term.grantor())
            + " and "
            + agreement.nameOf(term.beneficiary())
            + what
            + ".");
    quote(event).ifPresent(reasons::add);
    if (!certain && change.reach() != Reach.COVERED) {
      reasons.add(
          "Possible only: the article does not say which part of their dealings it is about.");
    }
    return match(
        relation,
        certain,
        agreement,
        term,
        ownGroups(term),
        ownGroups(term),
        names(agreement, term),
        reasons);
  }

  // ---- dispute

  /**
   * Grantor and beneficiary stand on opposite sides; or a suit by or against an outsider, of which
   * the report speaks of exclusivity and names both, attacks or defends the exclusivity itself.
   * Both sued together over something else is none.
   */
  private Match dispute(
      Event event, LocalDate date, Agreement agreement, List<Explanation.Miss> misses) {
    Match best = null;
    for (Term term : agreement.terms()) {
      Match found = dispute(event, date, agreement, term, misses);
      if (found != null
          && (best == null
              || found.certainty().compareTo(best.certainty()) < 0
              || (found.certainty() == best.certainty()
                  && strength(found.term()) < strength(best.term())))) {
        best = found;
      }
    }
    return best;
  }

  private Match dispute(
      Event event, LocalDate date, Agreement agreement, Term term, List<Explanation.Miss> misses) {
    String grantor = kinship.group(term.grantor());
    String beneficiary = kinship.group(term.beneficiary());
    Role grantorSide = side(event, grantor);
    Role beneficiarySide = side(event, beneficiary);
    if (grantorSide == null && beneficiarySide == null) {
      return miss(misses, Relation.DISPUTE, 0, "no party of the agreement takes part");
    }
    Standing standing = Standing.of(agreement, term, date).orElse(null);
    boolean ended = standing == null;
    if (ended && !endedLately(agreement, date)) {
      if (misses != null) {
        miss(
            misses,
            Relation.DISPUTE,
            1,
            "the term on "
                + term.topic()
                + " was not in force on "
                + date
                + ": it "
                + range(agreement, term));
      }
      return null;
    }
    boolean both = grantorSide != null && beneficiarySide != null;
    boolean opposite = both && grantorSide != beneficiarySide;
    boolean unclear =
        both
            && !opposite
            && grantorSide == Role.PARTY
            && event.parties().stream()
                .allMatch(
                    party ->
                        Boolean.TRUE.equals(party.optional())
                            || group(party).equals(grantor)
                            || group(party).equals(beneficiary));
    Map<String, String> names = names(agreement, term);
    TreeSet<String> litigants = new TreeSet<>();
    TreeSet<String> listed = new TreeSet<>();
    boolean ownPlaintiff = false;
    for (Party party : event.parties()) {
      String group = group(party);
      ownPlaintiff |=
          party.role() == Role.PLAINTIFF && (group.equals(grantor) || group.equals(beneficiary));
      if (!Boolean.TRUE.equals(party.optional())) {
        litigants.add(group);
        name(names, party);
        if (party.organisation() != null) {
          listed.add(group);
        }
      }
    }
    List<String> reasons = new ArrayList<>();
    if (opposite || unclear) {
      boolean certain =
          !unclear
              && grantorSide != Role.PARTY
              && beneficiarySide != Role.PARTY
              && standing != Standing.POSSIBLY_IN_FORCE;
      reasons.add(bound(agreement, term, date, standing));
      reasons.add(
          unclear
              ? "By the article of "
                  + date
                  + ", the two are in litigation ("
                  + event.status().label()
                  + "); it does not say who stands where."
              : "By the article of "
                  + date
                  + ", they stand on opposite sides of a litigation ("
                  + event.status().label()
                  + "): "
                  + sidesInWords(event, names)
                  + ".");
      quote(event).ifPresent(reasons::add);
      return match(
          Relation.DISPUTE,
          certain,
          agreement,
          term,
          List.copyOf(litigants),
          ownGroups(term),
          names,
          reasons);
    }
    boolean contested = term.kind().blocking() || Boolean.TRUE.equals(agreement.facts().disputed());
    String absent = grantorSide == null ? term.grantor() : term.beneficiary();
    boolean named = both || evidenceNames(event, absent, agreement, false);
    String word = contested && named ? exclusivityWord(event) : null;
    if (word == null) {
      if (misses != null) {
        miss(
            misses,
            Relation.DISPUTE,
            2,
            both
                ? agreement.nameOf(term.grantor())
                    + " and "
                    + agreement.nameOf(term.beneficiary())
                    + " stand on the same side, and the article does not say that the suit is about"
                    + " an exclusivity"
                : "only one party of the agreement takes part, and the article does not say that the"
                    + " suit is about their exclusivity");
      }
      return null;
    }
    boolean certain =
        standing != Standing.POSSIBLY_IN_FORCE
            && (both || evidenceNames(event, absent, agreement, true));
    reasons.add(bound(agreement, term, date, standing));
    reasons.add(
        "By the article of "
            + date
            + ", a litigation ("
            + event.status().label()
            + ") of "
            + sentenceList(litigants.stream().map(names::get).toList())
            + " is about the exclusivity itself ('"
            + word
            + "').");
    quote(event).ifPresent(reasons::add);
    return match(
        Relation.DISPUTE,
        certain,
        agreement,
        term,
        List.copyOf(litigants),
        ownPlaintiff ? ownGroups(term) : List.copyOf(listed),
        names,
        reasons);
  }

  private static boolean endedLately(Agreement agreement, LocalDate date) {
    PartialDate end = agreement.effectiveTo();
    return end != null
        && agreement.supersededBy() == null
        && !date.isBefore(end.first())
        && !date.isAfter(end.last().plusDays(SUIT_DAYS));
  }

  private Role side(Event event, String group) {
    Role side = null;
    for (Party party : event.parties()) {
      if (group.equals(group(party)) && (side == null || party.role() != Role.PARTY)) {
        side = party.role();
      }
    }
    return side;
  }

  private String sidesInWords(Event event, Map<String, String> names) {
    TreeSet<String> plaintiffs = new TreeSet<>();
    TreeSet<String> others = new TreeSet<>();
    for (Party party : event.parties()) {
      String group = group(party);
      name(names, party);
      (party.role() == Role.PLAINTIFF ? plaintiffs : others).add(names.get(group));
    }
    return plaintiffs.isEmpty()
        ? sentenceList(List.copyOf(others))
        : sentenceList(List.copyOf(plaintiffs)) + " against " + sentenceList(List.copyOf(others));
  }

  /**
   * Whether a piece of evidence names the organisation.
   *
   * @param besideWord whether only evidence counts that also has a word of exclusivity
   */
  private boolean evidenceNames(
      Event event, String organisation, Agreement agreement, boolean besideWord) {
    List<String> forms = new ArrayList<>(List.of(agreement.nameOf(organisation).split(" / ")));
    forms.addAll(kinship.aliases(organisation));
    for (Evidence evidence : event.evidence()) {
      String text = evidence.text().toLowerCase(Locale.ROOT);
      if (!besideWord || exclusivityWord(evidence) != null) {
        for (String form : forms) {
          if (hasWord(text, form.toLowerCase(Locale.ROOT))) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean hasWord(String text, String word) {
    for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      int end = at + word.length();
      if ((at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))
          && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)))) {
        return true;
      }
    }
    return false;
  }

  private String exclusivityWord(Event event) {
    for (Evidence evidence : event.evidence()) {
      String word = exclusivityWord(evidence);
      if (word != null) {
        return word;
      }
    }
    return null;
  }

  /**
   * The words that the tagger took for exclusivity, or one in a sentence that reports the event.
   */
  private String exclusivityWord(Evidence evidence) {
    if (!EXCLUSIVITY_EVIDENCE.contains(evidence.of())) {
      return null;
    }
    String text = evidence.text();
    for (Pattern exception : exceptions) {
      text = exception.matcher(text).replaceAll(" ");
    }
    for (Pattern word : exclusivity) {
      java.util.regex.Matcher found = word.matcher(text);
      if (found.find()) {
        return found.group();
      }
    }
    return null;
  }

  // ---- touches

  private Match touching(
      Event event, LocalDate date, Agreement agreement, List<Explanation.Miss> misses) {
    for (Term term : agreement.terms()) {
      Optional<Standing> standing = Standing.of(agreement, term, date);
      if (standing.isPresent()
          && (takesPart(event, term.grantor()) || takesPart(event, term.beneficiary()))) {
        List<String> reasons = new ArrayList<>();
        reasons.add(bound(agreement, term, date, standing.get()));
        quote(event).ifPresent(reasons::add);
        return match(
            Relation.TOUCHES,
            true,
            agreement,
            term,
            ownGroups(term),
            ownGroups(term),
            names(agreement, term),
            reasons);
      }
    }
    return miss(misses, Relation.TOUCHES, 0, "no party of a term in force takes part");
  }

  // ---- shared

  private static Match match(
      Relation relation,
      boolean certain,
      Agreement agreement,
      Term term,
      List<String> counterparties,
      List<String> identity,
      Map<String, String> names,
      List<String> reasons) {
    return new Match(
        relation,
        certain ? Certainty.CERTAIN : Certainty.POSSIBLE,
        agreement.id(),
        agreement.chain(),
        agreement.revision(),
        term,
        agreement.bestSource(),
        agreement.checkedTo(),
        agreement.effectiveFrom(),
        counterparties,
        identity,
        names,
        reasons);
  }

  private boolean takesPart(Event event, String organisation) {
    String group = kinship.group(organisation);
    for (Party party : event.parties()) {
      if (!Boolean.TRUE.equals(party.optional()) && group.equals(group(party))) {
        return true;
      }
    }
    return false;
  }

  /** The group of a listed party, or the folded name of an unlisted one. */
  private String group(Party party) {
    return party.organisation() == null ? fold(party.name()) : kinship.group(party.organisation());
  }

  private void name(Map<String, String> names, Party party) {
    names.putIfAbsent(group(party), nameOf(party));
    if (party.organisation() != null) {
      names.putIfAbsent(party.organisation(), nameOf(party));
    }
  }

  private String nameOf(Party party) {
    return party.organisation() == null ? party.name() : kinship.name(party.organisation());
  }

  /** Names by id and by group, so that both terms and counterparties can be named. */
  private Map<String, String> names(Agreement agreement, Term term) {
    Map<String, String> names = new TreeMap<>();
    for (String organisation : List.of(term.grantor(), term.beneficiary())) {
      names.put(organisation, agreement.nameOf(organisation));
      names.putIfAbsent(kinship.group(organisation), agreement.nameOf(organisation));
    }
    return names;
  }

  private List<String> ownGroups(Term term) {
    return List.copyOf(
        new TreeSet<>(List.of(kinship.group(term.grantor()), kinship.group(term.beneficiary()))));
  }

  private String bound(Agreement agreement, Term term, LocalDate date, Standing standing) {
    StringBuilder text = new StringBuilder();
    text.append(agreement.nameOf(term.grantor()))
        .append(standing == null ? " was bound to " : " is bound to ")
        .append(agreement.nameOf(term.beneficiary()))
        .append(" by ")
        .append(kindInWords(term.kind()))
        .append(" on ")
        .append(term.topic());
    PartialDate from = agreement.effectiveFrom();
    text.append(from == null ? ", since a day that is not known" : " since " + from);
    if (agreement.effectiveTo() != null) {
      text.append(", until ").append(agreement.effectiveTo());
    }
    text.append(" (source: ").append(AgreementText.named(agreement.bestSource()));
    text.append("; checked to ")
        .append(agreement.checkedTo() == null ? "no known day" : agreement.checkedTo())
        .append(")");
    if (standing == Standing.IN_FORCE_WHEN_LAST_CHECKED) {
      text.append("; on ").append(date).append(" it was in force when last checked");
    } else if (standing == Standing.POSSIBLY_IN_FORCE) {
      text.append("; whether it held on ").append(date).append(" is not known for sure");
    }
    return text.append('.').toString();
  }

  private static String range(Agreement agreement, Term term) {
    PartialDate end = term.until() != null ? term.until() : agreement.effectiveTo();
    return "began "
        + (agreement.effectiveFrom() == null ? "on a day not known" : agreement.effectiveFrom())
        + (end == null ? " and is " + agreement.status() : " and ended " + end);
  }

  private static String kindInWords(TermKind kind) {
    String noun = kind.inWords();
    return ("aeou".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ") + noun;
  }

  /** Lower is stronger. */
  private static int strength(Term term) {
    return switch (term.kind()) {
      case EXCLUSIVE -> 0;
      case SOLE -> 1;
      case NON_COMPETE -> 2;
      case RIGHT_OF_FIRST_REFUSAL -> 3;
      default -> 4 + term.kind().ordinal();
    };
  }

  private static Optional<String> quote(Event event) {
    for (String of : List.of("sentence", "type", "status")) {
      for (Evidence evidence : event.evidence()) {
        if (evidence.of().equals(of)) {
          return Optional.of(
              "The article says: '" + evidence.text().replaceAll("\\s+", " ").strip() + "'");
        }
      }
    }
    return Optional.empty();
  }

  private static boolean namesOneOf(String product, List<String> products) {
    if (product == null) {
      return false;
    }
    String named = "-" + fold(product) + "-";
    for (String candidate : products) {
      String wanted = "-" + fold(candidate) + "-";
      if (named.contains(wanted) || wanted.contains(named)) {
        return true;
      }
    }
    return false;
  }

  /** Lower case, with one hyphen for each run of anything but letters and digits. */
  static String fold(String name) {
    StringBuilder folded = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); ) {
      int c = name.codePointAt(i);
      i += Character.charCount(c);
      if (Character.isLetterOrDigit(c)) {
        folded.appendCodePoint(Character.toLowerCase(c));
      } else if (!folded.isEmpty() && folded.charAt(folded.length() - 1) != '-') {
        folded.append('-');
      }
    }
    int end = folded.length();
    return end > 0 && folded.charAt(end - 1) == '-'
        ? folded.substring(0, end - 1)
        : folded.toString();
  }

  private static String sentenceList(List<String> names) {
    int last = names.size() - 1;
    return last < 1
        ? String.join("", names)
        : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
  }

  private static <T> T miss(List<Explanation.Miss> misses, Relation relation, int met, String why) {
    if (misses != null) {
      misses.add(new Explanation.Miss(relation, why, met));
    }
    return null;
  }
}
