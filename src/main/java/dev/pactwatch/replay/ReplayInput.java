package dev.pactwatch.replay;

import dev.pactwatch.article.Article;
import dev.pactwatch.article.ArticleIdentity;
import dev.pactwatch.article.Publisher;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.feed.ArticleMaker;
import dev.pactwatch.feed.FeedParser;
import dev.pactwatch.feed.FeedResult;
import dev.pactwatch.feed.PageReader;
import dev.pactwatch.feed.RejectedItem;
import dev.pactwatch.http.OutboundRequest;
import dev.pactwatch.http.OutboundResult;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Contract;
import dev.pactwatch.kafka.ContractJson;
import dev.pactwatch.tagging.TagJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Old news, read into a file: every article once, in the order of event time; edits of an article
 * as its next versions. Memory does not grow with the number of articles.
 *
 * @param articles how many there are
 * @param oldest event time; null where there is none
 * @param newest event time; null where there is none
 * @param sha256 of the file: the same hash is the same news
 * @param files documents that were read
 * @param refused documents that were not, and the one reason for each, in the order of reading; the
 *     first thousand of them
 * @param refusedCount how many were refused
 * @param rejectedItems items within readable documents that are no article, counted by reason
 */
public record ReplayInput(
    long articles,
    Instant oldest,
    Instant newest,
    String sha256,
    int files,
    Map<String, String> refused,
    int refusedCount,
    Map<String, Integer> rejectedItems) {

  /** A file name that can be nothing else. */
  private static final Pattern SIMPLE_NAME = Pattern.compile("[\\w-][\\w.-]{0,120}");

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private static final int MAX_REFUSED = 1_000;

  /** Where no item of a document has a date. */
  private static final Instant UNDATED = Instant.EPOCH;

  /**
   * The network, for feeds that are given by their address.
   *
   * @param http makes a request
   * @param pause called between two requests
   */
  public record Web(Function<OutboundRequest, OutboundResult> http, Runnable pause) {

    /** For sources without an address. */
    public static final Web NONE =
        new Web(
            request -> {
              throw new IllegalStateException("no network");
            },
            () -> {});
  }

  /** The installation's own log, for ranges of it. */
  public interface Log {

    /** For sources without a topic. */
    Log NONE =
        (range, each) -> {
          throw new IllegalStateException("no Kafka");
        };

    /** Hands out the range's records. */
    void read(ReplaySources.TopicRange range, Consumer<ConsumerRecord<String, byte[]>> each);
  }

  /**
   * What to read, and by what.
   *
   * @param from first day, null for all
   * @param to last day, null for all
   * @param clock tells which claimed dates lie in the future
   * @param progress told the number of articles found so far
   */
  public record Request(
      ReplaySources sources,
      Web web,
      Log log,
      PublisherFamilies families,
      LocalDate from,
      LocalDate to,
      InstantSource clock,
      LongConsumer progress) {}

  /**
   * @param into file of articles, one as JSON in each line; what does not fit into memory lies
   *     beside it meanwhile
   * @throws dev.pactwatch.config.ConfigException when a path or a topic does not exist
   */
  public static ReplayInput read(Request request, Path into) throws IOException {
    Path aside = into.toAbsolutePath().getParent();
    try (ExternalSort byArticle = new ExternalSort(aside);
        ExternalSort byTime = new ExternalSort(aside)) {
      Reader reader = new Reader(request, byArticle);
      ReplaySource.visit(request.sources().paths(), reader);
      request
          .sources()
          .addresses()
          .forEach(
              address -> FeedHistory.read(address, request.web.http, request.web.pause, reader));
      for (ReplaySources.TopicRange range : request.sources().topics()) {
        request.log().read(range, record -> reader.published(range, record));
      }
      Versions versions = new Versions(byTime);
      byArticle.forEach(versions::next);
      Span span = new Span();
      try (LinesWriter out = new LinesWriter(into)) {
        byTime.forEach(
            line -> {
              span.next(line);
              out.line(line);
            });
        return new ReplayInput(
            out.lines(),
            span.oldest,
            span.newest,
            out.finish(),
            reader.files,
            Collections.unmodifiableMap(reader.refused),
            reader.refusedCount,
            Collections.unmodifiableMap(reader.rejected));
      }
    }
  }

  /** The first and the last of lines in the order of event time. */
  private static final class Span {
    private Instant oldest;
    private Instant newest;

    void next(String line) throws IOException {
      Instant published = Json.read(line, Article.class).published();
      oldest = oldest == null ? published : oldest;
      newest = published;
    }
  }

  /**
   * The same item seen twice is one article; with other words it is the next version. What was
   * published already comes first, and keeps its number.
   */
  private static final class Versions {
    private final ExternalSort byTime;
    private final Set<String> hashes = new HashSet<>();
    private String uri = "";
    private int last;

    Versions(ExternalSort byTime) {
      this.byTime = byTime;
    }

    void next(String line) throws IOException {
      boolean published = line.charAt(0) == Reader.PUBLISHED;
      Article article = Json.read(line.substring(1), Article.class);
      if (!article.uri().equals(uri)) {
        uri = article.uri();
        hashes.clear();
        last = 0;
      }
      if (published) {
        hashes.add(article.contentHash());
        if (article.version() == last) {
          return;
        }
        last = article.version();
      } else {
        if (!hashes.add(article.contentHash())) {
          return;
        }
        last++;
      }
      byTime.add(
          SortKeys.of(SortKeys.time(article.published()), uri, SortKeys.number(last)),
          Json.write(article.withVersion(last)));
    }
  }

  private static final class Reader implements ReplaySource.Visitor {

    private final FeedParser parser = new FeedParser();

    /** Before an article that has its version, and sorts so. */
    static final char PUBLISHED = '0';

    private static final char FOUND = '1';

    private final ArticleMaker maker;
    private final Request request;
    private final ExternalSort sort;
    private final Map<String, String> refused = new LinkedHashMap<>();
    private final Instant now;
    private int files;
    private int refusedCount;
    private long found;

    /** Names of the documents taken up, since archives name each other and lie in one folder. */
    private final Set<String> read = new HashSet<>();

    private final Map<String, Integer> rejected = new TreeMap<>();

    Reader(Request request, ExternalSort sort) {
      this.maker = new ArticleMaker(request.families());
      this.request = request;
      this.sort = sort;
      this.now = request.clock().instant();
    }

    private void add(Article article, char kind) {
      LocalDate day = LocalDate.ofInstant(article.published(), ZoneOffset.UTC);
      if ((request.from() != null && day.isBefore(request.from()))
          || (request.to() != null && day.isAfter(request.to()))) {
        return;
      }
      try {
        sort.add(
            SortKeys.of(
                article.uri(),
                kind
                    + (kind == PUBLISHED
                        ? SortKeys.number(article.version())
                        : SortKeys.time(article.published())),
                article.contentHash()),
            kind + Json.write(article));
      } catch (IOException e) {
        throw new UncheckedIOException("the articles cannot be kept", e);
      }
      request.progress().accept(++found);
    }

    void published(ReplaySources.TopicRange range, ConsumerRecord<String, byte[]> record) {
      if (record.value() == null) {
        return;
      }
      Article article = null;
      try {
        article = ContractJson.read(Contract.ARTICLE, Article.class, record.value());
      } catch (IOException e) {
        // Refused below.
      }
      if (article == null) {
        refused(
            range.topic() + " partition " + record.partition() + " offset " + record.offset(),
            "is no article");
      } else {
        add(article, PUBLISHED);
      }
    }

    @Override
    public void feed(String name, byte[] body) {
      if (!read.add(name)) {
        return;
      }
      FeedResult result = parser.parse(body, null, name);
      document(name, name, result);
      if (result instanceof FeedResult.Parsed parsed) {
        older(name, parsed.feed().older());
      }
    }

    @Override
    public void capture(String name, String address, String contentType, byte[] body) {
      document(
          name,
          address,
          PageReader.isPage(body)
              ? PageReader.read(body, contentType, address)
              : parser.parse(body, contentType, address));
    }

    /**
     * An archive that the document names and that lies beside it, by the last part of its address.
     */
    private void older(String name, String address) {
      if (address == null || name.contains("!/") || read.size() > FeedHistory.DOCUMENTS) {
        return;
      }
      String path = address.replaceFirst("[?#].*", "");
      String file = path.substring(path.lastIndexOf('/') + 1);
      if (!SIMPLE_NAME.matcher(file).matches()) {
        return;
      }
      Path beside = Path.of(name).resolveSibling(file);
      if (Files.isRegularFile(beside)) {
        ReplaySource.visit(List.of(beside), this);
      }
    }

    private void document(String name, String source, FeedResult result) {
      if (result instanceof FeedResult.Unreadable unreadable) {
        refused(name, unreadable.reason());
        return;
      }
      FeedResult.Parsed parsed = (FeedResult.Parsed) result;
      files++;
      String address = parsed.feed().self() == null ? source : parsed.feed().self();
      ArticleMaker.Made made = maker.make(parsed.feed(), address, now, true);
      dated(made.articles()).forEach(article -> add(article, FOUND));
      parsed.rejected().forEach(this::count);
      made.rejected().forEach(this::count);
    }

    /**
     * The moment of reading must not show in the result, or two replays would differ: every item is
     * observed when it was published, and one that is undated, or claims the future, with the
     * newest of its feed.
     */
    private List<Article> dated(List<Article> made) {
      Instant newest =
          made.stream()
              .map(Article::published)
              .filter(now::isAfter)
              .max(Comparator.naturalOrder())
              .orElse(UNDATED);
      return made.stream()
          .map(
              article ->
                  article.at(article.published().isBefore(now) ? article.published() : newest))
          .toList();
    }

    @Override
    public void items(String name, InputStream in) throws IOException {
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      files++;
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        try {
          add(article(name, TagJson.read(line)), FOUND);
        } catch (IllegalArgumentException e) {
          rejected.merge(e.getMessage(), 1, Integer::sum);
          refused(name + ":" + number, e.getMessage());
        }
      }
    }

    private void count(RejectedItem item) {
      // One reason, whichever item it names.
      rejected.merge(NUMBER.matcher(item.reason()).replaceAll("N"), item.count(), Integer::sum);
    }

    @Override
    public void refused(String name, String reason) {
      refusedCount++;
      if (refused.size() < MAX_REFUSED) {
        refused.put(name, reason);
      }
    }

    private static Article article(String file, TagJson.Item item) {
      if (item.title() == null || item.title().isBlank()) {
        throw new IllegalArgumentException("title: is missing");
      }
      Instant published =
          item.date() == null ? UNDATED : item.date().atStartOfDay(ZoneOffset.UTC).toInstant();
      String hash = ArticleIdentity.contentHash(item.title(), item.description(), item.body());
      return new Article(
          ArticleIdentity.of(file, item.id(), null, hash).uri(),
          1,
          item.title(),
          item.description(),
          item.body(),
          null,
          null,
          published,
          item.date() == null ? null : item.date().toString(),
          published,
          new Publisher(file, null, file),
          file,
          item.id(),
          hash,
          true,
          null);
    }
  }
}
