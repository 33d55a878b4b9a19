package dev.pactwatch.proof;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pactwatch.proof.Ledger.Item;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Publishers that write news of a seed, and now and then edit it. An item stays in its feed until
 * it was seen in the topic of articles, and an edit waits for the version before: so whatever a
 * feed had can be demanded at the other end.
 */
final class Press implements AutoCloseable {

  /** Items of a feed that nobody has published yet: more than that and its publisher waits. */
  private static final int MOST_PENDING = 60;

  /** Items of a document besides those that nobody has published yet. */
  private static final int SHOWN = 60;

  private static final DateTimeFormatter RFC_822 =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private static final Pattern AGENT = Pattern.compile("\\(\\+([^)]*)\\)");

  private static final String[] WORDS =
      ("harbour ledger quarter winter market office bridge orchard signal notice window garden"
              + " paper river lantern meadow copper timber velvet anchor marble ribbon pocket"
              + " saddle kettle button carpet pepper barley walnut thunder puzzle basket hammer"
              + " mirror feather candle blanket cotton ladder")
          .split(" ");

  /** An item as it stands. */
  private static final class Story {
    final String guid;
    final Instant date;
    final boolean deal;
    int version = 1;
    String title;
    String text;
    boolean pending = true;

    Story(String guid, Instant date, boolean deal) {
      this.guid = guid;
      this.date = date;
      this.deal = deal;
    }
  }

  private static final class Feed {
    final String address;
    final Random random;
    final List<Story> stories = new ArrayList<>();
    final Map<String, Story> byGuid = new HashMap<>();
    int pending;

    Feed(String address, long seed) {
      this.address = address;
      this.random = new Random(seed);
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final long seed;
  private final Map<String, Feed> feeds = new ConcurrentHashMap<>();
  private final List<Item> served = new ArrayList<>();
  private final Map<String, Instant> lastAsked = new ConcurrentHashMap<>();

  Press(long seed) throws IOException {
    this.seed = seed;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.createContext("/feed.xml", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** The publishers by the names of their hosts. */
  void open(List<String> sites) {
    for (int i = 0; i < sites.size(); i++) {
      feeds.put(sites.get(i), new Feed(World.feed(sites.get(i), port()), seed + i));
    }
  }

  /** Every publisher writes an item, or edits one; those that wait for readers do not. */
  void write() {
    for (Feed feed : feeds.values()) {
      synchronized (feed) {
        if (feed.pending >= MOST_PENDING) {
          continue;
        }
        if (feed.random.nextInt(20) == 0) {
          edit(feed);
        } else {
          add(feed);
        }
      }
    }
  }

  private void add(Feed feed) {
    Random random = feed.random;
    boolean deal = random.nextInt(4) == 0;
    Story story =
        new Story(
            "item-" + feed.stories.size(), Instant.now().truncatedTo(ChronoUnit.SECONDS), deal);
    story.title = deal ? deal(random) : "A " + word(random) + " and a " + word(random) + " day";
    story.text = text(random);
    feed.stories.add(story);
    feed.byGuid.put(story.guid, story);
    feed.pending++;
    note(feed, story);
  }

  private void edit(Feed feed) {
    int last = feed.stories.size();
    Story story = last == 0 ? null : feed.stories.get(last - 1 - feed.random.nextInt(last));
    // What is no longer in the document can be edited, and nobody would see it.
    if (story == null
        || story.pending
        || story.version > 1
        || feed.stories.indexOf(story) < last - SHOWN) {
      return;
    }
    story.version++;
    if (story.deal) {
      story.title = deal(feed.random);
    }
    story.text = text(feed.random);
    story.pending = true;
    feed.pending++;
    note(feed, story);
  }

  private void note(Feed feed, Story story) {
    synchronized (served) {
      served.add(new Item(feed.address, story.guid, story.version, story.title, story.text));
    }
  }

  private static String deal(Random random) {
    String lab = World.LABS.get(random.nextInt(World.LABS.size()));
    String cloud = World.CLOUDS.get(random.nextInt(World.CLOUDS.size()));
    int billions = 1 + 3 * random.nextInt(3);
    return switch (random.nextInt(4)) {
      case 0 -> lab + " in talks with " + cloud + " over $" + billions + " billion cloud deal";
      case 1 -> cloud + " sues " + lab + " over cloud contract";
      default -> lab + " signs $" + billions + " billion cloud computing deal with " + cloud;
    };
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder("The");
    for (int i = 0; i < 40; i++) {
      text.append(' ').append(word(random));
    }
    return text.append(" and no more.").toString();
  }

  private static String word(Random random) {
    return WORDS[random.nextInt(WORDS.length)];
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String agent = String.valueOf(exchange.getRequestHeaders().getFirst("User-Agent"));
      Matcher name = AGENT.matcher(agent);
      if (name.find()) {
        lastAsked.put(name.group(1), Instant.now());
      }
      String host =
          String.valueOf(exchange.getRequestHeaders().getFirst("Host")).replaceFirst(":\\d+$", "");
      Feed feed = feeds.get(host);
      byte[] body = feed == null ? new byte[0] : document(feed).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/rss+xml");
      exchange.sendResponseHeaders(feed == null ? 404 : 200, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String document(Feed feed) {
    StringBuilder items = new StringBuilder();
    synchronized (feed) {
      int last = feed.stories.size();
      int shown = 0;
      int pending = feed.pending;
      for (int i = last - 1; i >= 0 && (shown < SHOWN || pending > 0); i--) {
        Story story = feed.stories.get(i);
        shown++;
        pending -= story.pending ? 1 : 0;
        items
            .append("<item><guid isPermaLink=\"false\">")
            .append(story.guid)
            .append("</guid><title>")
            .append(story.title)
            .append("</title><description>")
            .append(story.text)
            .append("</description><pubDate>")
            .append(RFC_822.format(story.date))
            .append("</pubDate></item>");
      }
    }
    return "<rss version=\"2.0\"><channel><title>Outlet</title><link>"
        + feed.address.replaceFirst("feed.xml$", "")
        + "</link><description>Invented news</description>"
        + items
        + "</channel></rss>";
  }

  /** Somebody has seen this version in the topic of articles. */
  void published(String address, String guid, int version) {
    for (Feed feed : feeds.values()) {
      if (feed.address.equals(address)) {
        synchronized (feed) {
          Story story = feed.byGuid.get(guid);
          if (story != null && story.pending && story.version == version) {
            story.pending = false;
            feed.pending--;
          }
        }
      }
    }
  }

  /** Items that nobody has published yet. */
  int pending() {
    int pending = 0;
    for (Feed feed : feeds.values()) {
      synchronized (feed) {
        pending += feed.pending;
      }
    }
    return pending;
  }

  List<Item> served() {
    synchronized (served) {
      return List.copyOf(served);
    }
  }

  /** When a process last asked for a feed, by the contact that it gives. */
  Instant lastAsked(String contact) {
    return lastAsked.getOrDefault(contact, Instant.MIN);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
