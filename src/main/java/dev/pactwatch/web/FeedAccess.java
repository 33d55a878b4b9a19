package dev.pactwatch.web;

import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.http.Robots;
import dev.pactwatch.ingest.FeedFinder;
import dev.pactwatch.ingest.FeedListFile;
import dev.pactwatch.ingest.FeedState;
import dev.pactwatch.ingest.FeedStates;
import dev.pactwatch.kafka.ConfiguredKafka;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The list of feeds, which commands and people edit as well, and what the pollers tell of them. */
@ApplicationScoped
public class FeedAccess {

  /** Between requests to one site on behalf of somebody who waits. */
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final FeedListFile file;
  private final Optional<FeedStates> states;
  private final OutboundSettings outbound;
  private OutboundClient http;

  FeedAccess(
      Config config,
      @ConfigProperty(name = "pactwatch.config-dir", defaultValue = "config") Path folder,
      @ConfigProperty(name = "pactwatch.topic-prefix", defaultValue = "pactwatch.") String prefix,
      @ConfigProperty(name = "pactwatch.http.contact") Optional<String> contact,
      @ConfigProperty(name = "pactwatch.http.allow-private") Optional<List<String>> allowPrivate,
      @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown")
          String version) {
    this.file = new FeedListFile(folder.resolve("feeds.opml"), InstantSource.system());
    this.states =
        ConfiguredKafka.clients(config).map(kafka -> new FeedStates(kafka, prefix + "feeds.v1"));
    this.outbound =
        OutboundSettings.defaults(version, contact.orElse(""), allowPrivate.orElse(List.of()));
  }

  FeedListFile file() {
    return file;
  }

  /** By address; none where there is no Kafka. */
  Map<String, FeedState> states() {
    return states.map(FeedStates::read).orElse(Map.of());
  }

  /** The last polls by address, as of when {@link #states} was last asked. */
  Map<String, List<FeedStates.Poll>> polls() {
    return states.map(FeedStates::polls).orElse(Map.of());
  }

  /** Made at the first question, as most processes are never asked to look for a feed. */
  FeedFinder.Found find(String address) throws InterruptedException {
    OutboundClient client;
    synchronized (this) {
      if (http == null) {
        http = new OutboundClient(outbound);
      }
      client = http;
    }
    return new FeedFinder(client, new Robots(client, InstantSource.system()), PAUSE).find(address);
  }

  void stop(@Observes ShutdownEvent event) {
    states.ifPresent(FeedStates::close);
    synchronized (this) {
      if (http != null) {
        http.close();
      }
    }
  }
}
