package dev.pactwatch.kafka;

import dev.pactwatch.config.ConfigException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** Brings the topics of a cluster and their declaration together. */
public final class TopicAdmin {

  private static final long TIMEOUT_SECONDS = 30;

  private static final long LOOK_MILLIS = 50;

  private TopicAdmin() {}

  /**
   * Creates the topics that are missing and checks the rest.
   *
   * @throws ConfigException when a topic differs from its declaration, naming each one and how
   */
  public static void createAndCheck(Admin admin, Topics topics) {
    List<TopicSpec> specs = topics.all();
    create(admin, specs);
    List<String> differences = differences(admin, specs);
    if (!differences.isEmpty()) {
      throw new ConfigException(String.join(System.lineSeparator(), differences));
    }
  }

  /**
   * Creates the topics that are missing, and leaves the rest as they are.
   *
   * @throws ConfigException when one cannot be created, or Kafka does not answer
   */
  public static void create(Admin admin, List<TopicSpec> specs) {
    Set<String> present = await(admin.listTopics().names());
    List<NewTopic> missing =
        specs.stream()
            .filter(spec -> !present.contains(spec.name()))
            .map(
                spec ->
                    new NewTopic(spec.name(), spec.partitions(), spec.replication())
                        .configs(spec.config()))
            .toList();
    for (Map.Entry<String, KafkaFuture<Void>> created :
        admin.createTopics(missing).values().entrySet()) {
      try {
        await(created.getValue());
      } catch (ConfigException e) {
        // Another instance that starts at the same moment may have been first; the check decides.
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw new ConfigException(
              "topic " + created.getKey() + " cannot be created: " + e.getMessage(), e);
        }
      }
    }
    if (!missing.isEmpty()) {
      awaitKnown(admin, specs);
      awaitLed(admin, missing);
    }
  }

  /** A broker answers from what it has heard of so far, which can be before a topic's creation. */
  private static void awaitKnown(Admin admin, List<TopicSpec> specs) {
    List<String> names = specs.stream().map(TopicSpec::name).toList();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    try {
      while (!await(admin.listTopics().names()).containsAll(names)
          && System.nanoTime() - deadline < 0) {
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConfigException("interrupted while talking to Kafka", e);
    }
  }

  /**
   * Until each new partition answers at its leader. A topic is known before that, and an idempotent
   * producer whose first records meet a partition that is not open yet may retry some of them until
   * it gives them up, two minutes later.
   */
  private static void awaitLed(Admin admin, List<NewTopic> created) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (NewTopic topic : created) {
      for (int partition = 0; partition < topic.numPartitions(); partition++) {
        ends.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
      }
    }
    await(admin.listOffsets(ends).all());
  }

  /**
   * A topic as it is declared, and how it stands on the cluster.
   *
   * @param config settings that must hold
   * @param positions ends of all partitions together: what was ever written, with the markers of
   *     transactions
   * @param differs null when the topic is there, and as declared
   */
  public record Standing(
      String name,
      int partitions,
      int replication,
      Map<String, String> config,
      boolean present,
      long positions,
      String differs) {}

  /** All of these topics, in their order. */
  public static List<Standing> standings(Admin admin, List<TopicSpec> specs) {
    Set<String> present = await(admin.listTopics().names());
    List<String> known = specs.stream().map(TopicSpec::name).filter(present::contains).toList();
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    await(admin.describeTopics(known).allTopicNames())
        .forEach(
            (name, topic) ->
                topic
                    .partitions()
                    .forEach(
                        one ->
                            ends.put(
                                new TopicPartition(name, one.partition()), OffsetSpec.latest())));
    Map<String, Long> positions = new HashMap<>();
    await(admin.listOffsets(ends).all())
        .forEach((partition, end) -> positions.merge(partition.topic(), end.offset(), Long::sum));
    List<Standing> standings = new ArrayList<>();
    for (TopicSpec spec : specs) {
      List<String> different = differences(admin, List.of(spec));
      standings.add(
          new Standing(
              spec.name(),
              spec.partitions(),
              spec.replication(),
              new TreeMap<>(spec.config()),
              present.contains(spec.name()),
              positions.getOrDefault(spec.name(), 0L),
              different.isEmpty() ? null : different.get(0)));
    }
    return standings;
  }

  /** One line for every topic that is missing or differs from its declaration. */
  public static List<String> differences(Admin admin, List<TopicSpec> specs) {
    List<String> names = specs.stream().map(TopicSpec::name).toList();
    Set<String> present = await(admin.listTopics().names());
    List<String> known = names.stream().filter(present::contains).toList();
    Map<String, TopicDescription> descriptions = await(admin.describeTopics(known).allTopicNames());
    Map<ConfigResource, Config> configs =
        await(
            admin
                .describeConfigs(
                    known.stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList())
                .all());
    List<String> found = new ArrayList<>();
    for (TopicSpec spec : specs) {
      TopicDescription topic = descriptions.get(spec.name());
      if (topic == null) {
        found.add("topic " + spec.name() + " is missing");
        continue;
      }
      List<String> wrong = new ArrayList<>();
      if (topic.partitions().size() != spec.partitions()) {
        wrong.add(
            "has " + topic.partitions().size() + " partitions, must have " + spec.partitions());
      }
      int replicas = topic.partitions().stream().mapToInt(p -> p.replicas().size()).min().orElse(0);
      if (replicas < spec.replication()) {
        wrong.add("has " + replicas + " replicas, must have " + spec.replication());
      }
      Config config = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, spec.name()));
      spec.config().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(
              setting -> {
                String actual = config.get(setting.getKey()).value();
                if (!setting.getValue().equals(actual)) {
                  wrong.add(setting.getKey() + " is " + actual + ", must be " + setting.getValue());
                }
              });
      if (!wrong.isEmpty()) {
        found.add("topic " + spec.name() + ": " + String.join("; ", wrong));
      }
    }
    return found;
  }

  private static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new ConfigException("Kafka refuses: " + e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new ConfigException("Kafka does not answer within " + TIMEOUT_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConfigException("interrupted while talking to Kafka", e);
    }
  }
}
