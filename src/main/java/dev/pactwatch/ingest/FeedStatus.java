package dev.pactwatch.ingest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Everything an operator wants to know of a feed, in the form in which commands and the API show
 * it.
 *
 * @param id short name
 * @param feed address as listed
 * @param asks where it is asked for; null while that is {@code feed}
 * @param listed false for one that was watched earlier
 * @param status {@code new} before the first poll, {@code well}, {@code failing} while fewer polls
 *     failed than make a notice, or the troubles: {@code broken}, {@code gone}, {@code silent},
 *     {@code renumbered}
 * @param failures polls in a row that failed
 * @param suggestion an address that may have replaced this one, for a person to judge
 * @param overlap percent of the items of the latest document that were known
 * @param lagP50 seconds from publication to observation, of the latest new items
 * @param identity rung by which its items are told
 * @param next when it is asked again; null for never, or before the first poll
 * @param because the input that decided
 * @param inputs all that had a say
 * @param troubles since when
 * @param notices the latest changes of its troubles
 */
public record FeedStatus(
    String id,
    String feed,
    String asks,
    String title,
    String category,
    boolean fullText,
    boolean listed,
    List<String> status,
    Instant lastPoll,
    Instant lastSuccess,
    int lastStatus,
    String lastProblem,
    int failures,
    String suggestion,
    Instant lastNew,
    Integer overlap,
    Long lagP50,
    Long lagP95,
    String identity,
    long polls,
    long items,
    long published,
    long edited,
    long known,
    long renumbered,
    Map<String, Long> rejected,
    Map<String, Long> pages,
    Instant next,
    String because,
    List<PollDecision.Input> inputs,
    Map<String, Instant> troubles,
    List<FeedHealth.Notice> notices) {

  /**
   * Of all feeds on the list, in its order, and behind them those that were watched earlier.
   *
   * @param states by address
   */
  public static List<FeedStatus> of(List<FeedEntry> listed, Map<String, FeedState> states) {
    List<FeedStatus> all = new ArrayList<>();
    Set<String> urls = new HashSet<>();
    for (FeedEntry feed : listed) {
      urls.add(feed.url());
      all.add(of(feed, states.getOrDefault(feed.url(), FeedState.fresh(feed.url())), true));
    }
    states.values().stream()
        .filter(state -> !urls.contains(state.feed()))
        .sorted(Comparator.comparing(FeedState::feed))
        .map(state -> of(new FeedEntry(state.feed(), state.feed(), null, null, null), state, false))
        .forEach(all::add);
    return all;
  }

  private static FeedStatus of(FeedEntry feed, FeedState state, boolean listed) {
    FeedHealth health = state.health();
    PollDecision next = state.retired() == null && listed ? state.next() : null;
    return new FeedStatus(
        feed.id(),
        feed.url(),
        state.url().equals(feed.url()) ? null : state.url(),
        feed.title(),
        feed.category(),
        feed.fullText(),
        listed,
        status(state),
        state.lastPoll(),
        state.lastSuccess(),
        state.lastStatus(),
        state.lastProblem(),
        state.failures(),
        state.trouble() == null ? null : state.trouble().suggestion(),
        state.lastNew(),
        state.overlap(),
        boxed(health.lag(50)),
        boxed(health.lag(95)),
        health.identity(),
        health.polls(),
        health.items(),
        health.published(),
        health.edited(),
        health.known(),
        health.renumbered(),
        health.rejected(),
        health.fullText(),
        next == null ? null : next.at(),
        next == null ? null : next.because(),
        next == null ? List.of() : next.inputs(),
        health.troubles(),
        health.notices());
  }

  private static List<String> status(FeedState state) {
    if (!state.health().troubles().isEmpty()) {
      return List.copyOf(state.health().troubles().keySet());
    }
    if (state.lastPoll() == null) {
      return List.of("new");
    }
    return List.of(state.failures() > 0 ? "failing" : "well");
  }

  private static Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }
}
