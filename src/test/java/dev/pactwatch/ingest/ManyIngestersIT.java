package dev.pactwatch.ingest;

import static dev.pactwatch.http.RawServer.respond;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pactwatch.article.Article;
import dev.pactwatch.http.RawServer;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.Topics;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Several ingesters as processes over one Kafka: one is killed, one sleeps, one leaves. */
@Timeout(400)
@EnabledOnOs({OS.LINUX, OS.MAC})
class ManyIngestersIT {

  private static final Topics TOPICS = new Topics("m.", 6, (short) 1);
  private static final int DOMAINS = 12;
  private static final int SHOWN = 40;

  /** A feed was asked for, by whom and when. */
  private record Visit(String domain, String feed, String by, long nanos) {}

  private final List<Visit> visits = new CopyOnWriteArrayList<>();
  private final Map<String, Process> processes = new LinkedHashMap<>();
  private final long start = System.nanoTime();

  @AfterEach
  void endAll() {
    processes.values().forEach(Process::destroyForcibly);
  }

  private void serve(RawServer.Request request, java.io.OutputStream out) throws IOException {
    String host = request.header("host").orElseThrow().replaceFirst(":.*", "");
    String by = request.header("user-agent").orElseThrow().replaceFirst(".*/", "");
    visits.add(new Visit(host.replaceFirst("^[^.]*\\.", ""), host, by, System.nanoTime()));
    long newest = Duration.ofNanos(System.nanoTime() - start).toSeconds();
    StringBuilder items = new StringBuilder();
    for (long i = newest; i > Math.max(-1, newest - SHOWN); i--) {
      items.append("<item><guid isPermaLink=\"false\">").append(i).append("</guid><title>Report ");
      items.append(i).append("</title></item>");
    }
    respond(
        out,
        "200 OK",
        "Content-Type: application/rss+xml\r\n",
        "<rss version=\"2.0\"><channel><title>T</title>" + items + "</channel></rss>");
  }

  private void launch(String name, Cluster cluster, RawServer server) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                IngesterProcess.class.getName(),
                name,
                cluster.clients().bootstrapServers(),
                TOPICS.prefix(),
                String.valueOf(TOPICS.partitions()),
                String.valueOf(server.port()),
                String.valueOf(DOMAINS))
            .redirectOutput(new File("target/ingester-" + name + ".log"))
            .redirectErrorStream(true)
            .start();
    processes.put(name, process);
  }

  /** Every feed was asked for after this moment, and by all of these and nobody else. */
  private void settled(Set<String> by) {
    long from = System.nanoTime();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              Map<String, String> last = new HashMap<>();
              visits.stream()
                  .filter(visit -> visit.nanos() > from)
                  .forEach(visit -> last.put(visit.feed(), visit.by()));
              assertThat(last).hasSize(2 * DOMAINS);
              assertThat(new HashSet<>(last.values())).isEqualTo(by);
            });
  }

  private void signal(String signal, String name) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + signal, String.valueOf(processes.get(name).pid()))
            .inheritIO()
            .start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).isZero();
  }

  @Test
  void eachFeedHasOnePollerAndEachItemIsPublishedOnceThroughADeathASleepAndALeave(
      @TempDir Path data) throws Exception {
    try (Cluster cluster = Cluster.isolated(data, TOPICS);
        RawServer server = new RawServer(this::serve)) {
      cluster.prepareTopics();
      launch("a", cluster, server);
      launch("b", cluster, server);
      launch("c", cluster, server);
      settled(Set.of("a", "b", "c"));

      long killed = System.nanoTime();
      signal("KILL", "a");
      settled(Set.of("b", "c"));
      Duration failover = Duration.ofNanos(System.nanoTime() - killed);
      assertThat(failover).isLessThan(Duration.ofSeconds(60));

      signal("STOP", "b");
      settled(Set.of("c"));
      signal("CONT", "b");
      settled(Set.of("b", "c"));

      processes.get("c").getOutputStream().close();
      settled(Set.of("b"));
      processes.get("b").getOutputStream().close();
      assertThat(processes.get("b").waitFor(20, TimeUnit.SECONDS)).isTrue();

      everyItemOnce(cluster);
      eachDomainSpaced();
      eachFeedByOneAtATime();
      System.getLogger("test")
          .log(System.Logger.Level.INFO, "all feeds polled " + failover + " after the death");
    }
  }

  private static void everyItemOnce(Cluster cluster) throws IOException {
    Map<String, List<Integer>> published = new TreeMap<>();
    try (Consumer<String, byte[]> reader = cluster.clients().reader()) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (int i = 0; i < TOPICS.partitions(); i++) {
        partitions.add(new TopicPartition(TOPICS.articles(), i));
      }
      reader.assign(partitions);
      reader.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> reader.position(p) < ends.get(p))) {
        for (ConsumerRecord<String, byte[]> record : reader.poll(Duration.ofMillis(200))) {
          Article article = Json.read(record.value(), Article.class);
          assertThat(article.version()).isEqualTo(1);
          published
              .computeIfAbsent(article.feed(), feed -> new ArrayList<>())
              .add(Integer.valueOf(article.guid()));
        }
      }
    }
    assertThat(published).hasSize(2 * DOMAINS);
    published.forEach(
        (feed, items) -> {
          assertThat(items).as(feed).doesNotHaveDuplicates();
          // No gap: whatever stood in a document that was read is there.
          TreeSet<Integer> sorted = new TreeSet<>(items);
          assertThat(sorted.last() - sorted.first() + 1).as(feed).isEqualTo(items.size());
        });
  }

  private void eachDomainSpaced() {
    Map<String, Long> last = new HashMap<>();
    for (Visit visit : visits) {
      Long before = last.put(visit.domain(), visit.nanos());
      if (before != null) {
        // The first visit of a process arrives late by what it takes to load the client's classes.
        assertThat(Duration.ofNanos(visit.nanos() - before))
            .as(visit.toString())
            .isGreaterThan(IngesterProcess.SPACING.minusMillis(700));
      }
    }
  }

  private void eachFeedByOneAtATime() {
    Map<String, Long> last = new HashMap<>();
    Map<String, Set<String>> owners = new HashMap<>();
    for (Visit visit : visits) {
      Long before = last.put(visit.feed(), visit.nanos());
      if (before != null) {
        assertThat(Duration.ofNanos(visit.nanos() - before))
            .as(visit.toString())
            .isGreaterThan(IngesterProcess.FLOOR.minusMillis(800));
      }
      owners.computeIfAbsent(visit.feed(), feed -> new HashSet<>()).add(visit.by());
    }
    assertThat(owners.values()).anyMatch(by -> by.size() > 1);
  }
}
