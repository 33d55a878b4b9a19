package dev.pactwatch.web;

import dev.pactwatch.kafka.ConfiguredKafka;
import dev.pactwatch.kafka.Contract;
import dev.pactwatch.kafka.ContractJson;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.TopicReader;
import dev.pactwatch.tagging.TaggedArticle;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What {@code events.v1} tells of articles, read when somebody asks. */
@ApplicationScoped
public class SeenEvents {

  /** Records that are read for one answer. A hundred thousand take a few seconds. */
  static final long MOST = 100_000;

  private final Optional<KafkaClients> kafka;
  private final String topic;

  SeenEvents(
      Config config,
      @ConfigProperty(name = "pactwatch.topic-prefix", defaultValue = "pactwatch.") String prefix) {
    this.kafka = ConfiguredKafka.clients(config);
    this.topic = prefix + "events.v1";
  }

  /** Whether there is a broker to ask. */
  boolean readable() {
    return kafka.isPresent();
  }

  /**
   * What was read.
   *
   * @param articles the newest version of each, by uri
   * @param newest publication of the newest article of all, wanted or not; null where there is none
   * @param skipped older records that were not read
   */
  record Seen(List<TaggedArticle> articles, Instant newest, long skipped) {}

  /**
   * The wanted articles among the last {@value #MOST} records.
   *
   * @throws dev.pactwatch.config.ConfigException when the topic does not answer
   * @throws org.apache.kafka.common.KafkaException when the broker does not
   */
  Seen read(Predicate<TaggedArticle> wanted) {
    Newest newest = new Newest(wanted);
    long skipped = TopicReader.readLast(kafka.orElseThrow(), topic, MOST, newest::take);
    return new Seen(List.copyOf(newest.articles.values()), newest.published, skipped);
  }

  /** Keeps the newest version of each article, as the topology does. */
  private static final class Newest {
    private final Predicate<TaggedArticle> wanted;
    private final Map<String, TaggedArticle> articles = new TreeMap<>();

    /** Of articles that were edited, or are wanted. */
    private final Map<String, Integer> versions = new HashMap<>();

    private Instant published;

    Newest(Predicate<TaggedArticle> wanted) {
      this.wanted = wanted;
    }

    void take(ConsumerRecord<String, byte[]> record) {
      TaggedArticle tagged;
      try {
        tagged =
            record.value() == null
                ? null
                : ContractJson.read(Contract.EVENT, TaggedArticle.class, record.value());
      } catch (IOException e) {
        // The topology cannot have read it either; whoever wrote it tells of it.
        return;
      }
      if (tagged == null) {
        return;
      }
      if (published == null || tagged.published().isAfter(published)) {
        published = tagged.published();
      }
      if (versions.getOrDefault(tagged.uri(), 0) > tagged.version()) {
        return;
      }
      boolean keep = wanted.test(tagged);
      if (keep) {
        articles.put(tagged.uri(), tagged);
      } else {
        articles.remove(tagged.uri());
      }
      if (keep || tagged.version() > 1) {
        versions.put(tagged.uri(), tagged.version());
      }
    }
  }
}
