package dev.pactwatch.ingest;

import java.time.Instant;
import java.util.List;

/**
 * What is known of a feed between two polls; the value in the {@code feeds.v1} topic under {@code
 * feed}.
 *
 * @param feed address as the user listed it
 * @param url where it is asked for; another address than {@code feed} once it has moved for good
 * @param validators for the next conditional request; null for none
 * @param conditionalOff true once the feed was caught answering "not modified" over new items
 * @param lastUnconditional when it was last asked without validators
 * @param bodyHash SHA-256 of the last body that was read, lower-case hex; null for none
 * @param hints what the feed last said about polling; null for nothing
 * @param seen items of the latest document, then recent others, newest first
 * @param adaptiveSeconds the interval that the polls themselves have taught
 * @param lastNew when it last had a new or changed item; null for never
 * @param lastPoll when it was last asked; null for never
 * @param lastSuccess when it last answered well; null for never
 * @param lastStatus HTTP status of the last poll; 0 for none
 * @param lastProblem what was wrong with the last poll; null for nothing
 * @param failures polls in a row that failed
 * @param move a permanent redirect under observation; null for none
 * @param retired when it said that it is gone for good; null while it is polled
 * @param next when to ask again, and why; null before the first poll
 * @param doubt validators to which the server said "not modified" although it had new items, or so
 *     it seems: asked with once more, for an honest server cannot say so again; null for none
 * @param trouble what goes wrong since the last good poll; null while all is well
 * @param overlap percent of the items of the last document read that were known before; null before
 *     the second one. Zero means that items may have come and gone unseen
 * @param push its subscription at a WebSub hub; null for none
 * @param health how it has fared so far
 */
public record FeedState(
    String feed,
    String url,
    Validators validators,
    boolean conditionalOff,
    Instant lastUnconditional,
    String bodyHash,
    FeedHints hints,
    List<Seen> seen,
    long adaptiveSeconds,
    Instant lastNew,
    Instant lastPoll,
    Instant lastSuccess,
    int lastStatus,
    String lastProblem,
    int failures,
    Move move,
    Instant retired,
    PollDecision next,
    Validators doubt,
    Trouble trouble,
    Integer overlap,
    Push push,
    FeedHealth health) {

  public FeedState {
    seen = seen == null ? List.of() : List.copyOf(seen);
    // A state that an older version wrote.
    health = health == null ? FeedHealth.NONE : health;
  }

  /**
   * What a server gave to recognise its answer by, byte for byte.
   *
   * @param url the address that gave it, after redirects
   * @param etag may be null
   * @param lastModified may be null
   */
  public record Validators(String url, String etag, String lastModified) {}

  /**
   * An item that was published.
   *
   * @param uri by which the feed's document tells it
   * @param contentHash of what the feed gave of it last
   * @param version the last one published
   * @param keys by what else it can be told; null where an older version wrote it
   * @param as uri under which it was published, where the feed has called it otherwise since; null
   *     where it is {@code uri}
   */
  public record Seen(String uri, String contentHash, int version, Keys keys, String as) {

    /** The uri of the article. */
    public String published() {
      return as == null ? uri : as;
    }
  }

  /**
   * Digests of what an item can be told by besides its identifier, each null where there is none.
   *
   * @param link canonical
   * @param title without regard to case and blanks, if it is long enough to tell one from another
   * @param date as the feed wrote it
   * @param text summary and body; null where an older version wrote it
   */
  public record Keys(String link, String title, String date, String text) {}

  /** A permanent redirect: where to, how often seen, since when. */
  public record Move(String to, int sightings, Instant since) {}

  /**
   * A streak of failures.
   *
   * @param since its first failure
   * @param code the problem that comes again and again, as in {@code lastProblem}
   * @param times how often in a row it came
   * @param suggestion an address that may have replaced this one, for a person to judge; null for
   *     none found
   */
  public record Trouble(Instant since, String code, int times, String suggestion) {}

  /**
   * A subscription at a hub.
   *
   * @param hub address of the hub
   * @param topic what it was asked to push: the address by which the feed names itself
   * @param requested when it was last asked
   * @param leaseUntil until when it has confirmed to push; null before it confirms
   * @param lastPush when it last pushed something that was not known; null for never
   * @param pushes those pushes since the last miss
   * @param misses times that a poll found something that had not been pushed
   */
  public record Push(
      String hub,
      String topic,
      Instant requested,
      Instant leaseUntil,
      Instant lastPush,
      int pushes,
      int misses) {

    Push confirmed(Instant until) {
      return new Push(hub, topic, requested, until, lastPush, pushes, misses);
    }

    Push proved(Instant now) {
      return new Push(hub, topic, requested, leaseUntil, now, pushes + 1, misses);
    }

    Push missed() {
      return new Push(hub, topic, requested, leaseUntil, lastPush, 0, misses + 1);
    }

    Push askedAgain(Instant now) {
      return new Push(hub, topic, now, leaseUntil, lastPush, pushes, misses);
    }

    /** The same after the hub refused, or did not answer. */
    Push ended() {
      return new Push(hub, topic, requested, null, lastPush, 0, misses);
    }

    /**
     * True when the hub pushes and has proved it since it last failed to, the more often the more
     * it failed.
     */
    public boolean proven(Instant now) {
      return leaseUntil != null && now.isBefore(leaseUntil) && pushes > Math.min(misses, 10);
    }
  }

  /** A feed that has never been asked. */
  public static FeedState fresh(String feed) {
    return new FeedState(
        feed,
        feed,
        null,
        false,
        null,
        null,
        null,
        List.of(),
        0,
        null,
        null,
        null,
        0,
        null,
        0,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        FeedHealth.NONE);
  }

  /** The same, to be asked at another time; a retired feed is one no longer. */
  FeedState dueAt(PollDecision when) {
    return with(when, null, push);
  }

  /** The same with another subscription. */
  FeedState with(Push subscription) {
    return with(next, retired, subscription);
  }

  /** The same, with an address that may have replaced this one. */
  FeedState suggesting(String address) {
    Trouble found = new Trouble(trouble.since(), trouble.code(), trouble.times(), address);
    return with(next, retired, push, seen, health, found);
  }

  /** The same with another health. */
  FeedState with(FeedHealth fared) {
    return with(next, retired, push, seen, fared, trouble);
  }

  /** The same without the items, for who only shows it. */
  FeedState withoutItems() {
    return with(next, retired, push, List.of(), health, trouble);
  }

  private FeedState with(PollDecision when, Instant gone, Push subscription) {
    return with(when, gone, subscription, seen, health, trouble);
  }

  private FeedState with(
      PollDecision when,
      Instant gone,
      Push subscription,
      List<Seen> items,
      FeedHealth fared,
      Trouble known) {
    return new FeedState(
        feed,
        url,
        validators,
        conditionalOff,
        lastUnconditional,
        bodyHash,
        hints,
        items,
        adaptiveSeconds,
        lastNew,
        lastPoll,
        lastSuccess,
        lastStatus,
        lastProblem,
        failures,
        move,
        gone,
        when,
        doubt,
        known,
        overlap,
        subscription,
        fared);
  }

  /** Of two states of one feed, the one from the later poll. */
  static FeedState later(FeedState a, FeedState b) {
    if (a.lastPoll() == null || b.lastPoll() == null) {
      return a.lastPoll() == null ? b : a;
    }
    return b.lastPoll().isAfter(a.lastPoll()) ? b : a;
  }

  /** When to ask; the distant past before the first poll. */
  public Instant due() {
    return next == null ? Instant.EPOCH : next.at();
  }
}
