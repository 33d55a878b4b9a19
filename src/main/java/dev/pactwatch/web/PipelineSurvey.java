package dev.pactwatch.web;

import dev.pactwatch.kafka.ConfiguredKafka;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.TopicSpec;
import dev.pactwatch.kafka.Topics;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Looks every few seconds how far the topics and those who read them are, when the process has the
 * role {@code web}, and remembers some minutes of it: whoever asks is answered at once, also when
 * the broker is away.
 */
@ApplicationScoped
public class PipelineSurvey {

  private static final Logger LOG = Logger.getLogger(PipelineSurvey.class);
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration CLOSE = Duration.ofSeconds(1);

  /** Rates are over this long. */
  static final Duration WINDOW = Duration.ofMinutes(5);

  /**
   * A topic.
   *
   * @param held from its first offset to its end, marks of transactions included
   * @param end sum over its partitions of the offsets at which the next record will stand
   */
  record Level(long held, long end) {}

  /**
   * @param at when it was taken
   * @param topics by name; one that does not exist is missing
   * @param lag by group and topic: what is committed there and not by the group
   */
  record Survey(Instant at, Map<String, Level> topics, Map<String, Map<String, Long>> lag) {}

  /**
   * What is known.
   *
   * @param latest null before the first one
   * @param problem why the last attempt failed, null where it did not
   */
  record Known(Survey latest, String problem) {}

  private final Optional<KafkaClients> kafka;
  private final Set<String> roles;
  private final Topics topics;
  private final InstantSource clock = InstantSource.system();
  private final Deque<Survey> history = new ArrayDeque<>();
  private final CountDownLatch stop = new CountDownLatch(1);

  private String problem;
  private volatile Thread thread;

  PipelineSurvey(
      Config config,
      @ConfigProperty(name = "pactwatch.roles") Optional<Set<String>> roles,
      @ConfigProperty(name = "pactwatch.topic-prefix", defaultValue = "pactwatch.") String prefix) {
    this.kafka = ConfiguredKafka.clients(config);
    this.roles = roles.orElse(Set.of());
    this.topics = new Topics(prefix, 1, (short) 1);
  }

  /** The names of the topics. */
  Topics topics() {
    return topics;
  }

  /** Whether this process has a broker to look at. */
  boolean runs() {
    return thread != null;
  }

  synchronized Known known() {
    return new Known(history.peekLast(), problem);
  }

  /** Records a minute over the last minutes; empty before there are two surveys. */
  synchronized Optional<Double> rate(String topic) {
    return history.isEmpty() ? Optional.empty() : rate(history, topic);
  }

  static Optional<Double> rate(Deque<Survey> history, String topic) {
    Level first = history.getFirst().topics().get(topic);
    Level last = history.getLast().topics().get(topic);
    Duration between = Duration.between(history.getFirst().at(), history.getLast().at());
    if (first == null || last == null || between.isZero()) {
      return Optional.empty();
    }
    // A topic that was made anew begins at 0 again.
    return Optional.of(Math.max(0, last.end() - first.end()) * 60_000.0 / between.toMillis());
  }

  void start(@Observes @Priority(220) StartupEvent event) {
    if (kafka.isEmpty() || !roles.contains(AlertLog.ROLE)) {
      return;
    }
    thread = new Thread(this::run, "web-pipeline-survey");
    thread.setDaemon(true);
    thread.start();
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    stop.countDown();
    Thread running = thread;
    if (running != null) {
      running.join(PATIENCE.toMillis());
    }
  }

  private void run() {
    try {
      while (stop.getCount() > 0) {
        Admin admin = kafka.orElseThrow().admin();
        try {
          do {
            remember(look(admin));
          } while (!stop.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | RuntimeException e) {
          LOG.debugf("the topics cannot be looked at: %s", e);
          failed();
        } finally {
          admin.close(CLOSE);
        }
        if (stop.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void remember(Survey survey) {
    history.addLast(survey);
    while (history.getFirst().at().isBefore(survey.at().minus(WINDOW))) {
      history.removeFirst();
    }
    problem = null;
  }

  private synchronized void failed() {
    problem = "The broker does not answer.";
  }

  private Survey look(Admin admin) throws ExecutionException, InterruptedException {
    Map<String, TopicDescription> described =
        describe(admin, topics.all().stream().map(TopicSpec::name).toList());
    Set<TopicPartition> partitions =
        described.values().stream()
            .flatMap(
                topic ->
                    topic.partitions().stream()
                        .map(one -> new TopicPartition(topic.name(), one.partition())))
            .collect(Collectors.toSet());
    Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = committed(admin);
    Set<TopicPartition> all = new HashSet<>(partitions);
    committed.values().forEach(offsets -> all.addAll(offsets.keySet()));
    Map<TopicPartition, Long> ends = offsets(admin, all, OffsetSpec.latest());
    Map<TopicPartition, Long> begins = offsets(admin, partitions, OffsetSpec.earliest());
    Map<String, Level> levels = new TreeMap<>();
    for (TopicPartition one : partitions) {
      long end = ends.get(one);
      levels.merge(
          one.topic(),
          new Level(end - begins.get(one), end),
          (a, b) -> new Level(a.held() + b.held(), a.end() + b.end()));
    }
    Map<String, Map<String, Long>> lag = new TreeMap<>();
    committed.forEach(
        (group, offsets) ->
            offsets.forEach(
                (partition, offset) -> {
                  Long end = ends.get(partition);
                  if (offset != null && end != null) {
                    lag.computeIfAbsent(group, unused -> new TreeMap<>())
                        .merge(partition.topic(), Math.max(0, end - offset.offset()), Long::sum);
                  }
                }));
    return new Survey(clock.instant(), levels, lag);
  }

  /** Those of the topics that exist. */
  private static Map<String, TopicDescription> describe(Admin admin, List<String> names)
      throws ExecutionException, InterruptedException {
    Map<String, TopicDescription> described = new HashMap<>();
    for (var one : admin.describeTopics(names).topicNameValues().entrySet()) {
      try {
        described.put(one.getKey(), one.getValue().get());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
      }
    }
    return described;
  }

  private Map<String, Map<TopicPartition, OffsetAndMetadata>> committed(Admin admin)
      throws ExecutionException, InterruptedException {
    Map<String, ListConsumerGroupOffsetsSpec> groups =
        admin.listGroups().all().get().stream()
            .map(GroupListing::groupId)
            .filter(group -> group.startsWith(topics.prefix()))
            .collect(
                Collectors.toMap(
                    Function.identity(), unused -> new ListConsumerGroupOffsetsSpec()));
    return groups.isEmpty() ? Map.of() : admin.listConsumerGroupOffsets(groups).all().get();
  }

  private static Map<TopicPartition, Long> offsets(
      Admin admin, Collection<TopicPartition> partitions, OffsetSpec spec)
      throws ExecutionException, InterruptedException {
    if (partitions.isEmpty()) {
      return Map.of();
    }
    Map<TopicPartition, ListOffsetsResultInfo> found =
        admin
            .listOffsets(
                partitions.stream().collect(Collectors.toMap(Function.identity(), one -> spec)),
                new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)
                    .timeoutMs((int) PATIENCE.toMillis()))
            .all()
            .get();
    return found.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, one -> one.getValue().offset()));
  }
}
