package dev.pactwatch.cli;

import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Settings;
import dev.pactwatch.feed.ArticleMaker;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.http.Robots;
import dev.pactwatch.ingest.FeedFinder;
import dev.pactwatch.ingest.FeedListWatch;
import dev.pactwatch.ingest.FullText;
import dev.pactwatch.ingest.HealthLimits;
import dev.pactwatch.ingest.IngestHealth;
import dev.pactwatch.ingest.IngestSettings;
import dev.pactwatch.ingest.KafkaFeedLog;
import dev.pactwatch.ingest.ParsedFeedReader;
import dev.pactwatch.ingest.Poller;
import dev.pactwatch.ingest.WebSub;
import dev.pactwatch.ingest.WebSubKey;
import dev.pactwatch.kafka.Cluster;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Puts the poller together from settings. */
final class Polling implements AutoCloseable {

  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  private final Poller poller;
  private final OutboundClient http;

  private Polling(Poller poller, OutboundClient http) {
    this.poller = poller;
    this.http = http;
  }

  /** Starts to poll the feeds of the configuration. */
  static Polling start(Cluster cluster, Settings.Loaded loaded) {
    Settings settings = loaded.settings();
    Path config = settings.configDir();
    FeedListWatch feeds = new FeedListWatch(config.resolve("feeds.opml"));
    ArticleMaker maker =
        new ArticleMaker(PublisherFamilies.read(config.resolve("publishers.yaml")));
    OutboundClient http = client(settings);
    Robots robots = new Robots(http, Clock.systemUTC());
    Poller poller =
        Poller.create(
            feeds,
            http,
            new ParsedFeedReader(maker, settings.ingest().fresh()),
            new FullText(http, robots, feeds::wantsFullText),
            new KafkaFeedLog(cluster.clients(), cluster.topics()),
            settings(settings.ingest()),
            Clock.systemUTC());
    webSub(settings)
        .ifPresent(
            key ->
                poller.use(
                    new WebSub(
                        http, settings.websub().callback().orElseThrow(), key, Clock.systemUTC())));
    poller.use(new FeedFinder(http, robots, settings.ingest().spacing())::replacing);
    poller.start();
    IngestHealth.watch(poller);
    return new Polling(poller, http);
  }

  /** The secret of subscriptions at hubs; empty where no hub may call. */
  static Optional<WebSubKey> webSub(Settings settings) {
    Optional<String> callback = settings.websub().callback().filter(url -> !url.isBlank());
    if (callback.isEmpty()) {
      return Optional.empty();
    }
    if (!callback.get().matches("https?://[^\\s?#]+/websub/?")) {
      throw new ConfigException(
          "setting pactwatch.websub.callback: must be an http(s) address that ends in /websub");
    }
    return Optional.of(
        new WebSubKey(
            settings
                .websub()
                .key()
                .orElseThrow(
                    () ->
                        new ConfigException(
                            "setting pactwatch.websub.key: is needed with a callback; set"
                                + " PACTWATCH_WEBSUB_KEY to a secret of 32 characters"))));
  }

  /** Asks as the settings say who asks, and where it may go. */
  static OutboundClient client(Settings settings) {
    return new OutboundClient(
        OutboundSettings.defaults(
            Version.number(),
            settings.http().contact().orElse(""),
            List.copyOf(settings.http().allowPrivate().orElse(Set.of()))));
  }

  static IngestSettings settings(Settings.Ingest ingest) {
    // Who only makes polling rarer need not raise both.
    Duration base =
        ingest.baseInterval().compareTo(ingest.minInterval()) < 0
            ? ingest.minInterval()
            : ingest.baseInterval();
    try {
      return IngestSettings.defaults()
          .withPauses(ingest.minInterval(), base, ingest.spacing())
          .withWorkers(ingest.workers())
          .withHostsOnTheirOwn(ingest.hostsOnTheirOwn().orElse(Set.of()))
          .withHealth(
              new HealthLimits(ingest.brokenAfter(), ingest.silentGaps(), ingest.silentAtLeast()));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "settings pactwatch.ingest.*: the intervals may be 24 hours at most, and workers,"
              + " broken-after and silent-gaps must be 1 or more",
          e);
    }
  }

  @Override
  public void close() {
    poller.stop(STOP_WITHIN);
    http.close();
  }
}
