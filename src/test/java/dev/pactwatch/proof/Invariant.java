package dev.pactwatch.proof;

/** What holds whatever happens; {@link Checker} has one check for each. */
enum Invariant {
  /** Every version of every item that a feed had is in the topic of articles. */
  EVERY_ITEM_IS_PUBLISHED,
  /** No version of an item is there twice, and none that no feed had. */
  NOTHING_IS_PUBLISHED_TWICE,
  /** The versions of an article stand in their order, in one partition. */
  VERSIONS_ARE_IN_ORDER,
  /** Every version of every article was tagged exactly once. */
  EVERY_ARTICLE_IS_TAGGED_ONCE,
  /** The same article gives the same events, byte for byte. */
  EVENTS_ARE_THOSE_OF_THE_RULES,
  /** The revisions of an alert are numbered from one on without a hole or a repeat, in order. */
  REVISIONS_COUNT_UP,
  /** The latest state of an alert is its latest revision. */
  STATES_ARE_THE_LATEST_REVISIONS,
  /** The alerts that hold are those that one thread without Kafka finds in the same articles. */
  ALERTS_ARE_THOSE_OF_THE_MODEL,
  /** Articles and quoted words of an alert are there, letter by letter. */
  CLAIMS_CAN_BE_TRACED,
  /** What could not be read is among the dead letters, once, and nothing else is. */
  DEAD_LETTERS_ARE_THE_POISON,
  /** Nothing is read of what was aborted. */
  NOTHING_ABORTED_IS_READ,
  /** Every revision of every alert was taken by every receiver that wants it. */
  EVERY_REVISION_IS_TOLD,
  /** Nothing is told that no revision says. */
  NOTHING_ELSE_IS_TOLD,
  /** All attempts under one key have the same bytes. */
  ONE_KEY_HAS_ONE_BODY,
  /** What a receiver has taken is sent again only when the sender was hit in between. */
  REPEATS_HAVE_A_CAUSE,
  /** Once everybody is whole again, alerts go on within the time that was set. */
  WORK_GOES_ON,
  /** A replay leaves live topics and positions as they were. */
  A_REPLAY_LEAVES_LIVE_ALONE
}
