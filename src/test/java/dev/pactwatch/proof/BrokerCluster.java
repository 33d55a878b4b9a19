package dev.pactwatch.proof;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.awaitility.Awaitility;

/**
 * A cluster of brokers in processes of their own: every topic on all of them, two of which have to
 * have a record before it is acknowledged. Programs under test come in through proxies that can be
 * cut; the test itself and the brokers among themselves do not.
 */
final class BrokerCluster implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(90);
  private static final long TIMEOUT_SECONDS = 20;

  private final List<BrokerProcess> brokers = new ArrayList<>();
  private final List<CutProxy> proxies = new ArrayList<>();
  private final List<Integer> direct = new ArrayList<>();
  private final Admin admin;

  /**
   * @param folder holds the brokers' logs
   */
  BrokerCluster(Path folder, int size) throws IOException {
    Files.createDirectories(folder);
    String cluster = Uuid.randomUuid().toString();
    List<Integer> controllers = new ArrayList<>();
    List<Integer> inner = new ArrayList<>();
    freePorts(3 * size)
        .forEach(
            port ->
                (controllers.size() < size ? controllers : inner.size() < size ? inner : direct)
                    .add(port));
    String voters =
        java.util.stream.IntStream.range(0, size)
            .mapToObj(i -> (i + 1) + "@127.0.0.1:" + controllers.get(i))
            .collect(Collectors.joining(","));
    for (int i = 0; i < size; i++) {
      CutProxy proxy = new CutProxy(inner.get(i));
      proxies.add(proxy);
      Properties p = properties(i + 1, voters, size);
      p.setProperty("log.dirs", folder.resolve("broker-" + (i + 1)).toString());
      p.setProperty(
          "listeners",
          "PRODUCT://127.0.0.1:%d,DIRECT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
              .formatted(inner.get(i), direct.get(i), controllers.get(i)));
      p.setProperty(
          "advertised.listeners",
          "PRODUCT://127.0.0.1:%d,DIRECT://127.0.0.1:%d".formatted(proxy.port(), direct.get(i)));
      BrokerProcess.format(p, cluster);
      Path file = folder.resolve("broker-" + (i + 1) + ".properties");
      try (OutputStream out = Files.newOutputStream(file)) {
        p.store(out, null);
      }
      BrokerProcess broker = new BrokerProcess(file, folder.resolve("broker-" + (i + 1) + ".log"));
      brokers.add(broker);
      broker.start();
    }
    admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                directServers(),
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                500));
    Awaitility.await()
        .atMost(START)
        .ignoreExceptions()
        .until(() -> admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).size() == size);
  }

  private static Properties properties(int number, String voters, int size) {
    Properties p = new Properties();
    String replicas = String.valueOf(size);
    String enough = String.valueOf(Math.max(1, size - 1));
    p.setProperty("process.roles", "broker,controller");
    p.setProperty("node.id", String.valueOf(number));
    p.setProperty("controller.quorum.voters", voters);
    p.setProperty("controller.listener.names", "CONTROLLER");
    p.setProperty(
        "listener.security.protocol.map",
        "PRODUCT:PLAINTEXT,DIRECT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.setProperty("inter.broker.listener.name", "DIRECT");
    p.setProperty("auto.create.topics.enable", "false");
    p.setProperty("default.replication.factor", replicas);
    p.setProperty("min.insync.replicas", enough);
    for (String topic : List.of("offsets.topic", "transaction.state.log")) {
      p.setProperty(topic + ".replication.factor", replicas);
      p.setProperty(topic + ".num.partitions", "5");
    }
    p.setProperty("transaction.state.log.min.isr", enough);
    p.setProperty("share.coordinator.state.topic.replication.factor", replicas);
    p.setProperty("share.coordinator.state.topic.min.isr", enough);
    p.setProperty("group.initial.rebalance.delay.ms", "0");
    // Whoever does not come back is found out soon: more faults fit into the time.
    p.setProperty("broker.heartbeat.interval.ms", "500");
    p.setProperty("broker.session.timeout.ms", "4000");
    p.setProperty("replica.lag.time.max.ms", "6000");
    p.setProperty("transaction.abort.timed.out.transaction.cleanup.interval.ms", "2000");
    p.setProperty("log.retention.check.interval.ms", "1000");
    p.setProperty("log.initial.task.delay.ms", "1000");
    p.setProperty("num.network.threads", "2");
    p.setProperty("num.io.threads", "3");
    p.setProperty("background.threads", "2");
    p.setProperty("log.cleaner.threads", "1");
    p.setProperty("log.cleaner.dedupe.buffer.size", String.valueOf(4 * 1024 * 1024));
    p.setProperty("log.index.size.max.bytes", String.valueOf(1024 * 1024));
    return p;
  }

  private static List<Integer> freePorts(int number) throws IOException {
    List<ServerSocket> probes = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
      probes.add(probe);
      ports.add(probe.getLocalPort());
    }
    for (ServerSocket probe : probes) {
      probe.close();
    }
    return ports;
  }

  /** For the programs under test; their connections can be cut. */
  String servers() {
    return proxies.stream()
        .map(proxy -> "127.0.0.1:" + proxy.port())
        .collect(Collectors.joining(","));
  }

  /** For the test. */
  String directServers() {
    return direct.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
  }

  Admin admin() {
    return admin;
  }

  int size() {
    return brokers.size();
  }

  /** The way of the programs under test to a broker, which is numbered from one. */
  CutProxy proxy(int broker) {
    return proxies.get(broker - 1);
  }

  void kill(int broker) throws InterruptedException {
    brokers.get(broker - 1).kill();
  }

  /** Starts it again if it does not run. */
  void revive(int broker) throws IOException {
    if (!brokers.get(broker - 1).alive()) {
      brokers.get(broker - 1).start();
    }
  }

  /** Whether every replica of every topic keeps up. */
  boolean whole() {
    try {
      if (admin.describeCluster().nodes().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).size() < size()) {
        return false;
      }
      Collection<String> names = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      for (TopicDescription topic :
          admin
              .describeTopics(names)
              .allTopicNames()
              .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
              .values()) {
        for (TopicPartitionInfo partition : topic.partitions()) {
          if (partition.isr().size() < partition.replicas().size() || partition.leader() == null) {
            return false;
          }
        }
      }
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Whether the broker takes connections, which it does once the others know that it is back. */
  boolean answers(int broker) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getByName("127.0.0.1"), direct.get(broker - 1)), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Who leads a partition. */
  int leader(String topic, int partition)
      throws ExecutionException, InterruptedException, TimeoutException {
    return admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .get(topic)
        .partitions()
        .get(partition)
        .leader()
        .id();
  }

  /** Who coordinates a group. */
  int coordinator(String group) throws ExecutionException, InterruptedException, TimeoutException {
    return admin
        .describeConsumerGroups(List.of(group))
        .all()
        .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .get(group)
        .coordinator()
        .id();
  }

  /** Who coordinates the transactions of an id. */
  int transactionCoordinator(String id)
      throws ExecutionException, InterruptedException, TimeoutException {
    return admin
        .describeTransactions(List.of(id))
        .description(id)
        .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .coordinatorId();
  }

  /** Who is the active controller. */
  int controller() throws ExecutionException, InterruptedException, TimeoutException {
    return admin
        .describeMetadataQuorum()
        .quorumInfo()
        .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .leaderId();
  }

  @Override
  public void close() throws Exception {
    admin.close(Duration.ofSeconds(2));
    for (BrokerProcess broker : brokers) {
      broker.kill();
    }
    for (CutProxy proxy : proxies) {
      proxy.close();
    }
  }
}
