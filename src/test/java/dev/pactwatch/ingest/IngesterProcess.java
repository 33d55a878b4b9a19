package dev.pactwatch.ingest;

import dev.pactwatch.QuietLogs;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.feed.ArticleMaker;
import dev.pactwatch.http.LoopbackClients;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.kafka.KafkaClients;
import dev.pactwatch.kafka.Topics;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An ingester as a process of its own, which a test can kill or put to sleep. Ends with its input.
 */
public final class IngesterProcess {

  static final Duration SPACING = Duration.ofSeconds(2);
  static final Duration FLOOR = Duration.ofSeconds(5);

  private IngesterProcess() {}

  static List<String> domains(int number) {
    List<String> domains = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      domains.add("site" + i + ".example");
    }
    return domains;
  }

  /** Two feeds per domain, on different hosts of it. */
  static List<FeedEntry> feeds(List<String> domains, int port) {
    List<FeedEntry> feeds = new ArrayList<>();
    for (String domain : domains) {
      for (String host : List.of("www." + domain, "news." + domain)) {
        String url = "http://" + host + ":" + port + "/feed";
        feeds.add(new FeedEntry(url, host, null, null, null));
      }
    }
    return feeds;
  }

  /**
   * @param args name, bootstrap servers, topic prefix, partitions, port of the site, number of
   *     domains
   */
  public static void main(String[] args) throws IOException {
    QuietLogs.on();
    List<String> domains = domains(Integer.parseInt(args[5]));
    List<String> hosts = new ArrayList<>();
    domains.forEach(domain -> hosts.addAll(List.of("www." + domain, "news." + domain)));
    List<FeedEntry> feeds = feeds(domains, Integer.parseInt(args[4]));
    Topics topics = new Topics(args[2], Integer.parseInt(args[3]), (short) 1);
    try (OutboundClient http = LoopbackClients.of(args[0], "", hosts);
        Poller poller =
            Poller.create(
                () -> feeds,
                http,
                new ParsedFeedReader(
                    new ArticleMaker(PublisherFamilies.none()), Duration.ofDays(30)),
                new KafkaFeedLog(new KafkaClients(Map.of("bootstrap.servers", args[1])), topics),
                IngestSettings.defaults().withPauses(FLOOR, FLOOR, SPACING),
                Clock.systemUTC())) {
      poller.start();
      while (System.in.read() >= 0) {
        // Waits for the end of its input, which is the order to stop.
      }
    }
  }
}
