package dev.pactwatch.cli;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.config.Settings;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Cluster;
import dev.pactwatch.kafka.TopicReader;
import dev.pactwatch.replay.ReplayInput;
import dev.pactwatch.replay.ReplayJob;
import dev.pactwatch.replay.ReplayManifest;
import dev.pactwatch.replay.ReplayProgress;
import dev.pactwatch.replay.ReplaySources;
import dev.pactwatch.replay.ReplayStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Works on a replay with what the installation has: network, Kafka, subscriptions. */
final class ReplayWork {

  private static final long PAUSE_MILLIS = 5_000;

  /** A receiver that wants to know of more reads the file. */
  private static final int MAX_TOLD = 100;

  private final Settings.Loaded loaded;
  private final PrintStream err;
  private final ReplayStore store;
  private final boolean shown = System.console() != null;

  ReplayWork(Settings.Loaded loaded, PrintStream err) {
    this.loaded = loaded;
    this.err = err;
    this.store = new ReplayStore(loaded.settings().dataDir(), InstantSource.system());
  }

  ReplayStore store() {
    return store;
  }

  /** Before any work is done for a subscription that does not exist. */
  void checkNotified(String subscription) {
    if (subscription != null) {
      try (Cluster cluster = Cluster.join(loaded);
          NotifyAccess access = NotifyAccess.open(loaded, cluster.clients(), false)) {
        var unused = access.admin().subscriptions().show(subscription);
      }
    }
  }

  /** Begins or goes on, and tells the one who was to be told. */
  ReplayManifest run(String id) throws IOException, InterruptedException {
    boolean done = store.get(id).manifest().state() == ReplayManifest.State.DONE;
    Path publishers = loaded.settings().configDir().resolve("publishers.yaml");
    PublisherFamilies families =
        Files.exists(publishers) ? PublisherFamilies.read(publishers) : PublisherFamilies.none();
    ReplaySources sources = ReplaySources.of(store.get(id).manifest().asked().sources());
    ReplayManifest manifest;
    try (OutboundClient client = sources.addresses().isEmpty() ? null : client()) {
      manifest =
          ReplayJob.run(
              store,
              id,
              new ReplayJob.Means(
                  client == null
                      ? ReplayInput.Web.NONE
                      : new ReplayInput.Web(client::send, ReplayWork::pause),
                  this::read,
                  families,
                  InstantSource.system()),
              this::show);
    } finally {
      if (shown) {
        err.print("\r\u001b[K");
      }
    }
    if (!done && manifest.asked().notified() != null) {
      tell(manifest);
    }
    return manifest;
  }

  private OutboundClient client() {
    Settings.Http http = loaded.settings().http();
    return new OutboundClient(
        OutboundSettings.defaults(
            Version.number(),
            http.contact().orElse(""),
            List.copyOf(http.allowPrivate().orElse(Set.of()))));
  }

  /** Of the Kafka that is running, or of the data folder that was left. */
  private void read(ReplaySources.TopicRange range, Consumer<ConsumerRecord<String, byte[]>> each) {
    Map<Integer, TopicReader.Range> ranges = new HashMap<>();
    range
        .offsets()
        .forEach(
            (partition, offsets) ->
                ranges.put(partition, new TopicReader.Range(offsets.from(), offsets.to())));
    try (Cluster cluster = Cluster.join(loaded)) {
      TopicReader.read(cluster.clients(), cluster.topics().prefix() + range.topic(), ranges, each);
    }
  }

  private void show(ReplayProgress progress) {
    if (shown) {
      err.print("\r\u001b[K" + ReplayText.progress(progress));
      err.flush();
    }
  }

  private void tell(ReplayManifest manifest) throws IOException {
    List<Alert> alerts = new ArrayList<>();
    Path latest = store.folder(manifest.id()).resolve("first").resolve("latest.jsonl");
    try (BufferedReader lines = Files.newBufferedReader(latest, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        alerts.add(Json.read(line, Alert.class));
      }
    }
    try (Cluster cluster = Cluster.join(loaded);
        NotifyAccess access = NotifyAccess.open(loaded, cluster.clients(), false)) {
      int told =
          access
              .admin()
              .subscriptions()
              .tell(
                  manifest.asked().notified(),
                  alerts,
                  MAX_TOLD,
                  "replay-" + manifest.id(),
                  "Found by replay " + manifest.id() + " of old news.",
                  manifest.asked().by());
      err.println(manifest.asked().notified() + " is told of " + told + " alerts");
    }
  }

  /** What a publisher may expect of a reader that wants all of an archive. */
  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
