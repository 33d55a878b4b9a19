package dev.pactwatch.hostile.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.article.Article;
import dev.pactwatch.article.CanonicalLink;
import dev.pactwatch.article.Publisher;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.feed.ArticleMaker;
import dev.pactwatch.feed.DateFuzz;
import dev.pactwatch.feed.FeedParser;
import dev.pactwatch.feed.FeedResult;
import dev.pactwatch.http.AddressGuard;
import dev.pactwatch.http.UrlGuard;
import dev.pactwatch.ingest.FeedState;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Contract;
import dev.pactwatch.kafka.ContractJson;
import dev.pactwatch.notify.AlertText;
import dev.pactwatch.notify.channel.EscapingFuzz;
import dev.pactwatch.notify.subscription.KnownIds;
import dev.pactwatch.notify.subscription.SecretSource;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.SubscriptionIndex;
import dev.pactwatch.notify.subscription.SubscriptionReader;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.Evidence;
import dev.pactwatch.tagging.TaggedArticle;
import dev.pactwatch.tagging.Tagger;
import dev.pactwatch.topology.LexiconInUse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The ways in for what strangers write. Each takes any bytes, throws only where the product is
 * wrong, and says whether the bytes got to what lies behind the first check: where hardly any do,
 * nothing is tried.
 */
public enum FuzzTarget {

  /** Bytes of a feed to articles. */
  FEED(30) {
    private final FeedParser parser = new FeedParser();
    private final ArticleMaker maker = new ArticleMaker(PublisherFamilies.none());

    @Override
    boolean use(byte[] bytes) {
      Choices choices = new Choices(bytes);
      byte[] body = choices.yes(20) ? choices.restBytes() : FeedText.of(choices).getBytes(UTF_8);
      FeedResult result = parser.parse(body, null, "https://news.example/feed");
      if (!(result instanceof FeedResult.Parsed parsed)) {
        return false;
      }
      ArticleMaker.Made made = maker.make(parsed.feed(), "https://news.example/feed", NOW, false);
      for (Article article : made.articles()) {
        require(!article.headline().isBlank(), "an article without a headline");
        require(!article.published().isAfter(NOW), "an article from the future");
        require(
            article.link() == null || article.link().equals(CanonicalLink.of(article.link())),
            "a link that is not canonical: " + article.link());
        roundTrip(Contract.ARTICLE, Article.class, article);
        if (PLANTED && article.headline().contains("zq9")) {
          throw new IllegalStateException("the planted fault");
        }
      }
      return true;
    }
  },

  /** An article to events. */
  ARTICLE(30) {
    private Tagger tagger;

    @Override
    boolean use(byte[] bytes) {
      if (tagger == null) {
        tagger = Tagger.load(Path.of("config", "lexicon"));
      }
      Choices choices = new Choices(bytes);
      String headline = ArticleText.line(choices, 14);
      String summary = choices.yes(50) ? ArticleText.line(choices, 30) : null;
      String body = choices.yes(40) ? ArticleText.line(choices, 120) : null;
      Article article =
          new Article(
              "urn:x",
              1,
              headline.isBlank() ? "x" : headline,
              summary,
              body,
              "en",
              null,
              NOW,
              null,
              NOW,
              new Publisher("P", "p.example", "p.example"),
              "https://p.example/feed",
              "g",
              "0".repeat(64),
              false,
              null);
      TaggedArticle tagged = tagger.tag(article);
      for (Event event : tagged.events()) {
        for (Evidence evidence : event.evidence()) {
          String field =
              switch (evidence.field()) {
                case "headline" -> article.headline();
                case "summary" -> article.summary();
                default -> article.body();
              };
          require(
              field != null
                  && evidence.start() >= 0
                  && evidence.end() <= field.length()
                  && field.substring(evidence.start(), evidence.end()).equals(evidence.text()),
              "words that do not stand there: " + evidence);
        }
      }
      roundTrip(Contract.EVENT, TaggedArticle.class, tagged);
      require(tagger.tag(article).equals(tagged), "other events the second time");
      return !tagged.events().isEmpty();
    }
  },

  /** An address to whether it may be dialled. */
  ADDRESS(10) {
    private final UrlGuard urls = new UrlGuard(AddressGuard.strict(), Set.of(80, 443));
    private final AddressGuard addresses = AddressGuard.strict();

    @Override
    boolean use(byte[] bytes) {
      String url = UrlText.of(new Choices(bytes));
      if (!(urls.check(url) instanceof UrlGuard.Good good)) {
        return false;
      }
      URI uri = good.uri();
      require(Set.of("http", "https").contains(uri.getScheme()), "another scheme: " + uri);
      require(uri.getRawUserInfo() == null, "a user: " + uri);
      require(urls.check(uri.toString()).equals(good), "read otherwise the second time: " + uri);
      // Java knows no host with an underscore.
      String host = uri.getRawAuthority().replaceFirst(":\\d+$", "");
      require(!host.isEmpty(), "no host: " + uri);
      String literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      if (host.startsWith("[") || literal.matches("[0-9.]+")) {
        try {
          InetAddress address = InetAddress.getByName(literal);
          if (addresses.refusal(literal, address).isEmpty()) {
            require(PublicAddress.is(address), "no public address: " + uri);
          }
        } catch (UnknownHostException e) {
          throw new AssertionError("no address: " + uri, e);
        }
      }
      return true;
    }
  },

  /** A date as feeds write it. */
  DATE(15) {
    @Override
    boolean use(byte[] bytes) {
      return DateFuzz.check(DateText.of(new Choices(bytes)));
    }
  },

  /** What a subscriber wants, as it is written in the file and over REST. */
  FILTER(10) {
    private final SubscriptionReader reader =
        new SubscriptionReader(SecretSource.values(), KnownIds.UNCHECKED);
    private final List<Alert> alerts = List.of(SampleAlerts.dispute(), SampleAlerts.conflict());

    @Override
    boolean use(byte[] bytes) {
      Choices choices = new Choices(bytes);
      String text = choices.yes(15) ? choices.rest() : SubscriptionText.of(choices);
      Subscription subscription;
      try {
        subscription = reader.read(Yaml.parse("fuzz.yaml", text));
      } catch (ConfigException e) {
        require(e.getMessage() != null && !e.getMessage().isBlank(), "a refusal without a reason");
        return false;
      }
      SubscriptionIndex index = SubscriptionIndex.of(List.of(subscription));
      alerts.forEach(alert -> require(index.matches(alert).size() <= 1, "told twice"));
      return true;
    }
  },

  /** Records and documents of the API. */
  JSON(20) {
    private final Map<Contract, JsonNode> good = new EnumMap<>(Contract.class);

    @Override
    boolean use(byte[] bytes) {
      Choices choices = new Choices(bytes);
      Contract contract = choices.of(List.of(Contract.values()));
      byte[] json =
          choices.yes(10)
              ? choices.restBytes()
              : Json.bytes(
                  damaged(good.computeIfAbsent(contract, FuzzTarget::golden).deepCopy(), choices));
      try {
        switch (contract) {
          case ARTICLE -> roundTrip(contract, Article.class, json);
          case EVENT -> roundTrip(contract, TaggedArticle.class, json);
          case AGREEMENT -> {
            try {
              AgreementFiles.read("fuzz.json", new String(json, UTF_8));
            } catch (ConfigException e) {
              require(!e.getMessage().isBlank(), "a refusal without a reason");
            }
            roundTrip(contract, Agreement.class, json);
          }
          case ALERT -> {
            Alert alert = roundTrip(contract, Alert.class, json);
            require(!AlertText.line(alert).contains("\n"), "two lines of an alert");
            new AlertText(100, false).block(alert);
          }
          case FEED -> roundTrip(contract, FeedState.class, json);
          case LEXICON -> roundTrip(contract, LexiconInUse.class, json);
        }
        return true;
      } catch (IOException e) {
        return false;
      }
    }
  },

  /** A headline to everything that shows it. */
  ESCAPING(90) {
    @Override
    boolean use(byte[] bytes) {
      Choices choices = new Choices(bytes);
      String text = MarkupText.of(choices);
      if (text.isBlank()) {
        return false;
      }
      EscapingFuzz.check(text);
      return true;
    }
  };

  private static final Instant NOW = Instant.parse("2026-05-01T00:00:00Z");

  /** A fault that is there to be found: {@code -Dfuzz.planted=true}. */
  private static final boolean PLANTED = Boolean.getBoolean("fuzz.planted");

  private final int share;

  FuzzTarget(int share) {
    this.share = share;
  }

  /** Of a hundred inputs, how many at least have to get through. */
  int share() {
    return share;
  }

  /** Such as {@code feed}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Uses the bytes.
   *
   * @return whether they got through
   */
  abstract boolean use(byte[] bytes);

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  private static <T> void roundTrip(Contract contract, Class<T> type, T record) {
    try {
      require(
          ContractJson.read(contract, type, Json.bytes(record)).equals(record),
          "not the same after it was written and read");
    } catch (IOException e) {
      throw new AssertionError("cannot be read again", e);
    }
  }

  private static <T> T roundTrip(Contract contract, Class<T> type, byte[] json) throws IOException {
    T record = ContractJson.read(contract, type, json);
    roundTrip(contract, type, record);
    return record;
  }

  /** A record as it was released. */
  private static JsonNode golden(Contract contract) {
    String name =
        switch (contract) {
          case ARTICLE -> "article.v1.edited";
          case EVENT -> "event.v1.cloud-partnership";
          case AGREEMENT -> "agreement.v1.full";
          case ALERT -> "alert.v1.corroborated-conflict";
          case FEED -> "feed.v1.failing";
          case LEXICON -> "lexicon.v1.activated";
        };
    try (InputStream in = FuzzTarget.class.getResourceAsStream("/golden/0.1.0/" + name + ".json")) {
      return Json.mapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "0",
          "-1",
          "1e400",
          "99999999999999999999",
          "\"\"",
          "\"x\"",
          "[]",
          "{}",
          "[null]",
          "[{}]",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"2026-13-45\"",
          "\"+999999999-12-31T23:59:59Z\"",
          "\"2026-01-01T00:00:00Z\"",
          "\"1999\"",
          "2147483648",
          "\"<b>\"");

  /** Changes some values of a document, at any depth. */
  private static JsonNode damaged(JsonNode root, Choices choices) {
    for (int i = choices.below(4); i > 0; i--) {
      JsonNode at = root;
      while (at.size() > 0) {
        List<JsonNode> inner = new ArrayList<>();
        at.forEach(inner::add);
        int chosen = choices.below(inner.size());
        JsonNode next = inner.get(chosen);
        if (next.isValueNode() || next.isEmpty() || choices.yes(25)) {
          replace(at, chosen, choices);
          break;
        }
        at = next;
      }
    }
    return root;
  }

  private static void replace(JsonNode parent, int chosen, Choices choices) {
    JsonNode value;
    try {
      value =
          choices.yes(30)
              ? Json.mapper().getNodeFactory().textNode(choices.text(40))
              : Json.mapper().readTree(choices.of(VALUES));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    if (parent instanceof ArrayNode array) {
      array.set(chosen, value);
    } else if (parent instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      if (choices.yes(20)) {
        object.remove(names.get(chosen));
      } else {
        object.set(names.get(chosen), value);
      }
    }
  }
}
