package dev.pactwatch.alert;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.matching.Explanation;
import dev.pactwatch.matching.JoinKeys;
import dev.pactwatch.matching.Kinship;
import dev.pactwatch.matching.Match;
import dev.pactwatch.matching.Matcher;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.Evidence;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Why an alert was raised, and what else the same event was weighed against without result.
 *
 * @param id the alert's
 * @param withdrawn whether the alert was taken back
 * @param judgedOn the day by which the event was judged: that of the report that speaks for it
 * @param holds whether the registry as it stands now still says the same of it
 * @param reasons the alert's
 * @param nearest the relation that came closest without holding, null where nothing else was
 *     weighed
 * @param others what else did not hold, the closer first, one for each agreement and relation
 */
public record AlertExplanation(
    String id,
    int revision,
    String title,
    Relation relation,
    Certainty certainty,
    boolean withdrawn,
    LocalDate judgedOn,
    boolean holds,
    List<String> reasons,
    Missed nearest,
    List<Missed> others) {

  private static final int OTHERS = 9;

  public AlertExplanation {
    reasons = List.copyOf(reasons);
    others = List.copyOf(others);
  }

  /**
   * A relation to an agreement that does not hold.
   *
   * @param why a sentence without a full stop
   * @param met how many of the relation's conditions held before one did not
   */
  public record Missed(
      String agreement,
      String title,
      String chain,
      String revision,
      Relation relation,
      String why,
      int met) {}

  private record Candidate(Agreement agreement, Explanation.Miss miss) {}

  /**
   * @param registry as it stands now
   */
  public static AlertExplanation of(
      Alert alert, Registry registry, Matcher matcher, Kinship kinship) {
    Event event = event(alert);
    LocalDate day = day(alert, event, registry, matcher);
    List<Candidate> missed = new ArrayList<>();
    boolean holds = false;
    for (Agreement agreement : registry.all()) {
      if (JoinKeys.meeting(event, agreement, kinship).isEmpty()) {
        continue;
      }
      Explanation explanation = matcher.explain(event, day, agreement);
      Optional<Match> match = explanation.match();
      boolean cited = agreement.id().equals(alert.agreement().id());
      holds |= cited && match.filter(m -> m.relation() == alert.relation()).isPresent();
      if (match.isEmpty() || cited) {
        explanation.misses().forEach(miss -> missed.add(new Candidate(agreement, miss)));
      }
    }
    missed.sort(
        Comparator.comparingInt((Candidate candidate) -> -candidate.miss().met())
            .thenComparing(
                candidate -> !candidate.agreement().chain().equals(alert.agreement().chain()))
            .thenComparing(
                candidate -> candidate.agreement().effectiveFrom(),
                Comparator.nullsLast(Comparator.<PartialDate>reverseOrder()))
            .thenComparing(candidate -> candidate.agreement().id()));
    Set<String> seen = new LinkedHashSet<>();
    List<Missed> all = new ArrayList<>();
    for (Candidate candidate : missed) {
      Explanation.Miss miss = candidate.miss();
      Agreement agreement = candidate.agreement();
      if (seen.add(agreement.id() + " " + miss.relation())) {
        all.add(
            new Missed(
                agreement.id(),
                agreement.title(),
                agreement.chain(),
                agreement.revision(),
                miss.relation(),
                miss.why(),
                miss.met()));
      }
    }
    return new AlertExplanation(
        alert.id(),
        alert.revision(),
        alert.title(),
        alert.relation(),
        alert.certainty(),
        alert.change() == Change.WITHDRAWN,
        day,
        holds,
        alert.reasons(),
        all.isEmpty() ? null : all.get(0),
        all.subList(Math.min(1, all.size()), Math.min(OTHERS + 1, all.size())));
  }

  /** What the alert says of its event, with all the words that it quotes. */
  private static Event event(Alert alert) {
    Alert.Tuple tuple = alert.event();
    List<Evidence> evidence =
        alert.evidence().stream()
            .map(
                quote ->
                    new Evidence(
                        quote.of(), quote.field(), quote.start(), quote.end(), quote.text(), null))
            .toList();
    return new Event(
        tuple.type(),
        tuple.status(),
        tuple.parties(),
        tuple.amount(),
        tuple.exclusivity(),
        tuple.product(),
        tuple.topic(),
        false,
        1,
        evidence);
  }

  /** Of the days of its reports the one that the reasons are of, else the newest that holds. */
  private static LocalDate day(Alert alert, Event event, Registry registry, Matcher matcher) {
    List<LocalDate> days =
        alert.articles().stream()
            .map(article -> LocalDate.ofInstant(article.published(), ZoneOffset.UTC))
            .distinct()
            .sorted(Comparator.reverseOrder())
            .toList();
    Optional<Agreement> cited = registry.find(alert.agreement().id());
    LocalDate holds = null;
    for (LocalDate day : days) {
      Optional<Match> match =
          cited
              .flatMap(agreement -> matcher.match(event, day, agreement))
              .filter(found -> found.relation() == alert.relation());
      if (match.isPresent()) {
        if (alert.reasons().containsAll(ofTheDay(match.get(), day))) {
          return day;
        }
        holds = holds == null ? day : holds;
      }
    }
    return holds == null ? days.get(0) : holds;
  }

  /** The sentences that name the day. */
  private static List<String> ofTheDay(Match match, LocalDate day) {
    return match.reasons().stream().filter(reason -> reason.contains(day.toString())).toList();
  }

  /** As a person reads it, line by line. */
  public String text() {
    StringBuilder text = new StringBuilder(title).append('\n');
    if (withdrawn) {
      text.append("  withdrawn: it no longer holds\n");
    } else if (!holds) {
      text.append("  the registry as it stands now would not say so of ")
          .append(judgedOn)
          .append('\n');
    }
    text.append("why\n");
    reasons.forEach(reason -> text.append("  ").append(reason).append('\n'));
    if (nearest == null) {
      return text.append("nothing else was weighed\n").toString();
    }
    text.append("nearest relation that does not hold on ").append(judgedOn).append('\n');
    line(text, nearest);
    if (!others.isEmpty()) {
      text.append("further ones\n");
      others.forEach(other -> line(text, other));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, Missed missed) {
    text.append(
            switch (missed.relation()) {
              case CONFLICT -> "  no possible conflict with ";
              case DISPUTE -> "  no dispute over ";
              case AMENDMENT -> "  no amendment of ";
              case ENDING -> "  no end of ";
              case TOUCHES -> "  no news about ";
            })
        .append(missed.agreement())
        .append(": ")
        .append(missed.why())
        .append(".\n");
  }
}
