package dev.pactwatch.proof;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.article.Article;
import dev.pactwatch.tagging.TaggedArticle;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What went in at the source and what came out at the sinks of one run.
 *
 * @param served every version of every item that the publishers had in their feeds
 * @param poison keys of records that were put into the topic of articles and are none
 * @param aborted keys of records whose transaction was aborted: nobody may ever read them
 * @param articles what the topic holds, partition by partition in order of offsets
 * @param events the same of the events
 * @param alerts the same of the alerts
 * @param states the same of the latest states
 * @param unreadable keys of records in the topic of articles that are no articles
 * @param letters keys of all dead letters
 * @param subscriptions ids of those that want every alert
 * @param deliveries every request that a receiver got, in the order of arrival
 * @param faults what was done to the system
 * @param opened when alert revisions were seen to be committed, in order
 * @param recovery longest time from the end of all harm to the next committed alert
 * @param liveBefore ends of live topics and committed positions before a replay
 * @param liveAfter the same after it
 */
record Ledger(
    List<Item> served,
    Set<String> poison,
    Set<String> aborted,
    List<Row<Article>> articles,
    List<Row<TaggedArticle>> events,
    List<Row<Alert>> alerts,
    List<Row<Alert>> states,
    List<String> unreadable,
    List<String> letters,
    Set<String> subscriptions,
    List<Delivery> deliveries,
    List<Fault> faults,
    List<Instant> opened,
    Duration recovery,
    List<String> liveBefore,
    List<String> liveAfter) {

  Ledger {
    served = List.copyOf(served);
    poison = Set.copyOf(poison);
    aborted = Set.copyOf(aborted);
    articles = List.copyOf(articles);
    events = List.copyOf(events);
    alerts = List.copyOf(alerts);
    states = List.copyOf(states);
    unreadable = List.copyOf(unreadable);
    letters = List.copyOf(letters);
    subscriptions = Set.copyOf(subscriptions);
    deliveries = List.copyOf(deliveries);
    faults = List.copyOf(faults);
    opened = List.copyOf(opened);
    liveBefore = List.copyOf(liveBefore);
    liveAfter = List.copyOf(liveAfter);
  }

  /** One version of an item as a feed had it. */
  record Item(String feed, String guid, int version, String headline, String summary) {

    String name() {
      return feed + " " + guid + " version " + version;
    }
  }

  /** A record of a topic, with its place. */
  record Row<T>(int partition, long offset, String key, T value) {}

  /**
   * A request at a receiver.
   *
   * @param id the idempotency key
   * @param digest of the body
   * @param taken whether it was answered with success
   */
  record Delivery(String subscription, String id, String digest, boolean taken, Instant at) {}

  /**
   * Something that was done to the system.
   *
   * @param kind such as {@code kill-notify}
   * @param notifier whether it hit a process that sends
   * @param until when what was hit was whole again
   */
  record Fault(String kind, String victim, boolean notifier, Instant from, Instant until) {}
}
