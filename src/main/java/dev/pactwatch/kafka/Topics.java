package dev.pactwatch.kafka;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one declaration of every topic: names, partitions, cleanup, retention, replication.
 *
 * <p>Records carry event time as their timestamp, so a topic with time retention would lose old
 * articles within minutes of their arrival: the logs keep for ever, and an operator bounds them by
 * size.
 *
 * @param prefix before every name; a replay has its own
 * @param partitions of every topic
 * @param replication lowest acceptable number of replicas
 */
public record Topics(String prefix, int partitions, short replication) {

  /** Partitions where nothing else is set. */
  public static final int DEFAULT_PARTITIONS = 4;

  public static final String DEFAULT_PREFIX = "pactwatch.";

  private static final String DEAD_LETTERS = ".dlq";

  /** Kafka's own limit. */
  private static final int MAX_NAME = 249;

  private static final Duration SUBSCRIBER_RETENTION = Duration.ofDays(90);

  public String articles() {
    return prefix + "articles.v1";
  }

  public String events() {
    return prefix + "events.v1";
  }

  public String agreements() {
    return prefix + "agreements.v1";
  }

  public String alerts() {
    return prefix + "alerts.v1";
  }

  public String alertState() {
    return prefix + "alert-state.v1";
  }

  public String feeds() {
    return prefix + "feeds.v1";
  }

  /**
   * Which lexicon tags, one record in each partition: beside the articles, it is read with them.
   */
  public String lexicon() {
    return prefix + "lexicon.v1";
  }

  /** What WebSub hubs push, on its way to whoever polls the feed. */
  public String pushes() {
    return prefix + "pushes.v1";
  }

  /**
   * A topic that alerts are delivered to for one subscriber. It is made when it is first needed and
   * is not ours alone: one that differs is used as it is. Records carry the time of their arrival,
   * not of the news: kept for 90 days, an alert about old news that arrives today would otherwise
   * be gone within minutes.
   *
   * @throws IllegalArgumentException when the name cannot be part of a topic's
   */
  public TopicSpec subscriber(String name) {
    String topic = prefix + "subscriber." + name;
    if (!name.matches("[A-Za-z0-9._-]+") || topic.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "must be letters, digits, dots, dashes and underscores, not too many: " + name);
    }
    Map<String, String> config =
        new LinkedHashMap<>(
            settings(
                "cleanup.policy",
                "delete",
                "retention.ms",
                Long.toString(SUBSCRIBER_RETENTION.toMillis())));
    config.put("message.timestamp.type", "LogAppendTime");
    return new TopicSpec(topic, partitions, replication, Map.copyOf(config));
  }

  /** Where records of a topic go that could not be read or processed. */
  public String deadLetters(String topic) {
    return declaresDeadLetters(topic) ? topic + DEAD_LETTERS : prefix + "detect" + DEAD_LETTERS;
  }

  /** Whether this is a topic of dead letters. */
  static boolean holdsDeadLetters(String topic) {
    return topic.endsWith(DEAD_LETTERS);
  }

  /** The application id of the topology, and the prefix of its internal topics. */
  public String applicationId() {
    return prefix + "detect";
  }

  /** All topics, in the order in which they are created. */
  public List<TopicSpec> all() {
    return List.of(
        log(articles()),
        log(events()),
        compacted(agreements()),
        log(alerts()),
        compacted(alertState()),
        compacted(feeds()),
        compacted(lexicon()),
        passing(pushes()),
        log(articles() + DEAD_LETTERS),
        log(agreements() + DEAD_LETTERS),
        log(prefix + "detect" + DEAD_LETTERS));
  }

  private boolean declaresDeadLetters(String topic) {
    return topic.equals(articles()) || topic.equals(agreements());
  }

  private TopicSpec log(String name) {
    return new TopicSpec(
        name, partitions, replication, settings("cleanup.policy", "delete", "retention.ms", "-1"));
  }

  /** Records carry the time of their arrival and are of no use a day later. */
  private TopicSpec passing(String name) {
    return new TopicSpec(
        name,
        partitions,
        replication,
        settings("cleanup.policy", "delete", "retention.ms", "86400000"));
  }

  private TopicSpec compacted(String name) {
    return new TopicSpec(name, partitions, replication, settings("cleanup.policy", "compact"));
  }

  private Map<String, String> settings(String... pairs) {
    Map<String, String> config = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      config.put(pairs[i], pairs[i + 1]);
    }
    config.put("message.timestamp.type", "CreateTime");
    if (replication >= 3) {
      config.put("min.insync.replicas", "2");
    }
    return Map.copyOf(config);
  }
}
