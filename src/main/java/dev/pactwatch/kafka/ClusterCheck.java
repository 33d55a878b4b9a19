package dev.pactwatch.kafka;

import dev.pactwatch.config.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Looks whether a cluster is one that the product's guarantees can rest on. Changes nothing. */
public final class ClusterCheck {

  /** A start that cannot work is refused within ten seconds; this is the part that waits. */
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  /** In a difference of a topic that has another number of copies than it is to have. */
  private static final String REPLICAS = " replicas,";

  /** Beyond this, articles of the last minutes and lags come out wrong. */
  private static final Duration SKEW = Duration.ofSeconds(60);

  /** From here on a transaction that a dead producer left cannot be completed by a late request. */
  private static final short TRANSACTION_VERSION = 2;

  private static final String TRANSACTIONS = "transaction.version";

  /** What the product sets itself, with the values that may stand beside it all the same. */
  private static final Map<String, Set<String>> OWNED =
      Map.ofEntries(
          Map.entry("isolation.level", Set.of("read_committed")),
          Map.entry("acks", Set.of("all", "-1")),
          Map.entry("enable.idempotence", Set.of("true")),
          Map.entry("processing.guarantee", Set.of("exactly_once_v2")),
          Map.entry("enable.auto.commit", Set.of("false")),
          Map.entry("auto.offset.reset", Set.of("earliest")),
          Map.entry("allow.auto.create.topics", Set.of("false")),
          Map.entry("transactional.id", Set.of()),
          Map.entry("group.id", Set.of()),
          Map.entry("application.id", Set.of()));

  private final Admin admin;
  private final Topics topics;
  private final List<Finding> findings = new ArrayList<>();

  private ClusterCheck(Admin admin, Topics topics) {
    this.admin = admin;
    this.topics = topics;
  }

  /**
   * Whether settings of the clients take away what the product rests on. A setting that it replaces
   * is told of as well: whoever wrote it believes in it.
   *
   * @param kafka client properties as they are configured
   */
  public static List<Finding> clients(Map<String, String> kafka) {
    List<Finding> found = new ArrayList<>();
    kafka.forEach(
        (name, value) -> {
          String owned =
              name.replaceFirst("^(main\\.|restore\\.|global\\.)?(consumer|producer)\\.", "");
          Set<String> allowed = OWNED.get(owned);
          if (allowed != null && !allowed.contains(value.strip().toLowerCase(Locale.ROOT))) {
            found.add(
                Finding.fatal(
                    "client-settings",
                    "kafka." + name + " is set to " + value + ", against what is promised",
                    "take the setting out: pactwatch sets " + owned + " itself"));
          }
        });
    if (found.isEmpty()) {
      found.add(Finding.ok("client-settings", "no client setting takes a guarantee away"));
    }
    return found;
  }

  /**
   * All that can be seen of a cluster.
   *
   * @param internals topics that the topology makes for itself
   * @param servers as they are told to people
   * @param clock of this machine
   */
  public static List<Finding> of(
      Admin admin,
      Topics topics,
      Collection<String> internals,
      String servers,
      InstantSource clock) {
    ClusterCheck check = new ClusterCheck(admin, topics);
    try {
      int brokers = check.reach(servers);
      check.transactions();
      Set<String> present = check.await(admin.listTopics().names());
      check.topics(present, brokers);
      check.deleted(present, internals);
      check.autoCreate();
      check.clock(clock);
    } catch (TimeoutException e) {
      check.findings.add(
          unreachable(servers, "does not answer within " + PATIENCE.toSeconds() + " s"));
    } catch (Refused e) {
      check.findings.add(unreachable(servers, "refuses: " + e.getMessage()));
    }
    return List.copyOf(check.findings);
  }

  private static Finding unreachable(String servers, String how) {
    return Finding.fatal(
        "broker",
        "Kafka at " + servers + " " + how,
        "start it, or set KAFKA_BOOTSTRAP_SERVERS right; towards TLS or a login"
            + " kafka.security.protocol and kafka.sasl.* are needed as well");
  }

  private int reach(String servers) throws TimeoutException {
    Collection<Node> nodes = await(admin.describeCluster().nodes());
    findings.add(
        Finding.ok(
            "broker",
            "Kafka at "
                + servers
                + " answers, "
                + nodes.size()
                + (nodes.size() == 1 ? " broker" : " brokers")));
    return nodes.size();
  }

  private void transactions() throws TimeoutException {
    FeatureMetadata features = await(admin.describeFeatures().featureMetadata());
    FinalizedVersionRange range = features.finalizedFeatures().get(TRANSACTIONS);
    short version = range == null ? 0 : range.maxVersionLevel();
    findings.add(
        version >= TRANSACTION_VERSION
            ? Finding.ok(TRANSACTIONS.replace('.', '-'), "transactions have version " + version)
            : Finding.fatal(
                TRANSACTIONS.replace('.', '-'),
                "transactions have version "
                    + version
                    + ": after a crash they may be torn, which needs "
                    + TRANSACTION_VERSION,
                "with brokers of 4.0 and newer: kafka-features.sh --bootstrap-server SERVERS"
                    + " upgrade --feature transaction.version=2"));
  }

  /** Those that are declared. */
  private void topics(Set<String> present, int brokers) throws TimeoutException {
    List<TopicSpec> known =
        topics.all().stream().filter(spec -> present.contains(spec.name())).toList();
    List<String> missing =
        topics.all().stream().map(TopicSpec::name).filter(name -> !present.contains(name)).toList();
    List<String> differences = TopicAdmin.differences(admin, known);
    if (brokers < topics.replication()) {
      boolean made =
          missing.isEmpty() && differences.stream().noneMatch(one -> one.contains(REPLICAS));
      String counted = brokers + (brokers == 1 ? " broker" : " brokers");
      findings.add(
          made
              // One that is down is what the copies are for: whoever starts now has to go on.
              ? Finding.wrong(
                  "brokers",
                  counted + " answer, and topics have " + topics.replication() + " copies",
                  "bring back the brokers that are down")
              : Finding.fatal(
                  "brokers",
                  counted + " cannot hold " + topics.replication() + " copies of a topic",
                  "add brokers; or, for a cluster that may lose news with a disk, set"
                      + " pactwatch.topics.replication="
                      + brokers));
    }
    if (missing.size() == topics.all().size()) {
      findings.add(Finding.ok("topics", "no topics yet; the first start makes them"));
    } else if (!missing.isEmpty()) {
      lost(missing);
    }
    for (String difference : differences) {
      findings.add(Finding.fatal("topics", difference, mend(difference)));
    }
    if (findings.stream().noneMatch(one -> one.check().equals("topics"))) {
      findings.add(Finding.ok("topics", known.size() + " topics are as they are declared"));
    }
  }

  /**
   * Of the topics that every release has had, one that is missing while others hold records was
   * deleted. The rest may be newer than what ran here before.
   */
  private void lost(List<String> missing) {
    Set<String> old =
        Set.of(
            topics.articles(),
            topics.events(),
            topics.agreements(),
            topics.alerts(),
            topics.alertState(),
            topics.feeds());
    boolean used =
        TopicAdmin.standings(admin, topics.all()).stream()
            .anyMatch(topic -> old.contains(topic.name()) && topic.positions() > 0);
    for (String name : missing) {
      findings.add(
          used && old.contains(name)
              ? Finding.fatal(
                  "topics",
                  "topic " + name + " is missing, though others hold records: it was deleted",
                  "bring it back from a backup; or make it empty by ./pactwatch topics create, and"
                      + " go on without what it held")
              : Finding.wrong(
                  "topics",
                  "topic " + name + " is missing",
                  "./pactwatch topics create makes it, and so does the next start"));
    }
  }

  private static String mend(String difference) {
    if (difference.contains(" partitions,")) {
      return "set pactwatch.topics.partitions to what it has; a number that was changed by hand"
          + " cannot be taken back, since keys have moved";
    }
    if (difference.contains(REPLICAS)) {
      return "kafka-reassign-partitions.sh adds copies; or lower pactwatch.topics.replication and"
          + " with it what a lost disk may cost";
    }
    return "kafka-configs.sh --alter --entity-type topics --entity-name TOPIC --add-config"
        + " NAME=VALUE with what it must be";
  }

  /** Topics of the topology's own, without which its state is gone while its place is kept. */
  private void deleted(Set<String> present, Collection<String> internals) throws TimeoutException {
    List<String> gone =
        internals.stream().filter(name -> !present.contains(name)).sorted().toList();
    if (gone.isEmpty()) {
      findings.add(Finding.ok("state", "the topology's own topics are there"));
    } else if (committed(topics.applicationId()).isEmpty()) {
      findings.add(Finding.ok("state", "the topology has not run yet"));
    } else if (present.stream()
        .anyMatch(
            name -> name.startsWith(topics.applicationId() + "-") && !internals.contains(name))) {
      // One that we do not know is what an older release called its own.
      findings.add(
          Finding.wrong(
              "state",
              "of the topology's own topics are new in this release: " + String.join(", ", gone),
              "the next start makes them; what an older release kept under other names is not"
                  + " read"));
    } else {
      findings.add(
          Finding.fatal(
              "state",
              "the topology has read on without its own topics, which were deleted: "
                  + String.join(", ", gone),
              "start over, which reads all articles again: kafka-streams-application-reset.sh"
                  + " --application-id "
                  + topics.applicationId()
                  + ", and delete the folder streams below the data folder"));
    }
  }

  private Set<TopicPartition> committed(String group) throws TimeoutException {
    try {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
      return offsets.keySet();
    } catch (Refused e) {
      // A process with one role need not see the groups of the others; those see to it themselves.
      return Set.of();
    }
  }

  private void autoCreate() throws TimeoutException {
    Node node = await(admin.describeCluster().nodes()).iterator().next();
    ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, node.idString());
    try {
      Config config = await(admin.describeConfigs(List.of(broker)).all()).get(broker);
      ConfigEntry create = config.get("auto.create.topics.enable");
      findings.add(
          create != null && "true".equals(create.value())
              ? Finding.wrong(
                  "auto-create",
                  "the brokers make a topic for every name that is asked for: a misspelt one does"
                      + " not fail",
                  "set auto.create.topics.enable=false on the brokers")
              : Finding.ok("auto-create", "the brokers make no topics by themselves"));
    } catch (Refused e) {
      findings.add(Finding.skipped("auto-create", "the brokers' settings may not be read"));
    }
  }

  /** A controller that leads tells the time of its own machine. */
  private void clock(InstantSource clock) throws TimeoutException {
    try {
      Instant before = clock.instant();
      QuorumInfo quorum = await(admin.describeMetadataQuorum().quorumInfo());
      Instant after = clock.instant();
      OptionalLong told =
          quorum.voters().stream()
              .filter(one -> one.replicaId() == quorum.leaderId())
              .findFirst()
              .map(QuorumInfo.ReplicaState::lastFetchTimestamp)
              .orElse(OptionalLong.empty());
      if (told.isEmpty()) {
        findings.add(Finding.skipped("clock", "the cluster does not tell its time"));
        return;
      }
      Instant there = Instant.ofEpochMilli(told.getAsLong());
      Duration skew =
          there.isBefore(before)
              ? Duration.between(there, before)
              : there.isAfter(after) ? Duration.between(after, there) : Duration.ZERO;
      findings.add(
          skew.compareTo(SKEW) > 0
              ? Finding.wrong(
                  "clock",
                  "the clocks of this machine and of Kafka differ by " + skew.toSeconds() + " s",
                  "set both by a time server (chrony, systemd-timesyncd)")
              : Finding.ok("clock", "the clocks of this machine and of Kafka agree"));
    } catch (Refused e) {
      findings.add(
          Finding.skipped("clock", "the cluster does not tell its time: " + e.getMessage()));
    }
  }

  /** What Kafka answered in place of what was asked for. */
  private static final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1;

    Refused(Throwable cause) {
      super(
          cause instanceof AuthorizationException || cause instanceof UnsupportedVersionException
              ? cause.getMessage()
              : cause.getClass().getSimpleName() + ": " + cause.getMessage(),
          cause);
    }
  }

  private <T> T await(KafkaFuture<T> future) throws TimeoutException {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw (TimeoutException) new TimeoutException().initCause(e);
      }
      throw new Refused(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(e);
    }
  }
}
