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
import dev.pactwatch.tagging.TagJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Old news, read: every article once, in the order of event time; edits of an article as its next
 * versions.
 *
 * @param articles by publication, all historical
 * @param files documents that were read
 * @param refused documents that were not, and the one reason for each, in the order of reading
 * @param rejectedItems items within readable documents that are no article, counted by reason
 */
public record ReplayInput(
    List<Article> articles,
    int files,
    Map<String, String> refused,
    Map<String, Integer> rejectedItems) {

  /** A file name that can be nothing else. */
  private static final Pattern SIMPLE_NAME = Pattern.compile("[\\w-][\\w.-]{0,120}");

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** Where no item of a document has a date. */
  private static final Instant UNDATED = Instant.EPOCH;

  /**
   * @param from first day, null for all
   * @param to last day, null for all
   * @param clock tells which claimed dates lie in the future
   */
  public static ReplayInput read(
      List<Path> paths,
      PublisherFamilies families,
      LocalDate from,
      LocalDate to,
      InstantSource clock) {
    return read(paths, List.of(), Web.NONE, families, from, to, clock);
  }

  /**
   * The network, for feeds that are given by their address.
   *
   * @param http makes a request
   * @param pause called between two requests
   */
  public record Web(Function<OutboundRequest, OutboundResult> http, Runnable pause) {

    static final Web NONE =
        new Web(
            request -> {
              throw new IllegalStateException("no network");
            },
            () -> {});
  }

  /**
   * @param addresses of feeds, each read with the archives of older items that it names
   * @param from first day, null for all
   * @param to last day, null for all
   * @param clock tells which claimed dates lie in the future
   */
  public static ReplayInput read(
      List<Path> paths,
      List<String> addresses,
      Web web,
      PublisherFamilies families,
      LocalDate from,
      LocalDate to,
      InstantSource clock) {
    Reader reader = new Reader(new ArticleMaker(families), clock.instant());
    ReplaySource.visit(paths, reader);
    addresses.forEach(address -> FeedHistory.read(address, web.http, web.pause, reader));
    List<Article> articles = new ArrayList<>();
    for (Article article : reader.articles) {
      LocalDate day = LocalDate.ofInstant(article.published(), ZoneOffset.UTC);
      if ((from == null || !day.isBefore(from)) && (to == null || !day.isAfter(to))) {
        articles.add(article);
      }
    }
    return new ReplayInput(
        versions(articles),
        reader.files,
        Collections.unmodifiableMap(reader.refused),
        Collections.unmodifiableMap(reader.rejected));
  }

  /** The same item seen twice is one article; with other words it is the next version. */
  private static List<Article> versions(List<Article> articles) {
    articles.sort(
        Comparator.comparing(Article::published)
            .thenComparing(Article::uri)
            .thenComparing(Article::contentHash));
    Map<String, List<String>> seen = new LinkedHashMap<>();
    List<Article> once = new ArrayList<>();
    for (Article article : articles) {
      List<String> hashes = seen.computeIfAbsent(article.uri(), uri -> new ArrayList<>());
      if (!hashes.contains(article.contentHash())) {
        hashes.add(article.contentHash());
        once.add(article.withVersion(hashes.size()));
      }
    }
    return List.copyOf(once);
  }

  private static final class Reader implements ReplaySource.Visitor {

    private final FeedParser parser = new FeedParser();
    private final ArticleMaker maker;
    private final List<Article> articles = new ArrayList<>();
    private final Map<String, String> refused = new LinkedHashMap<>();
    private final Instant now;
    private int files;

    /** Names of the documents taken up, since archives name each other and lie in one folder. */
    private final Set<String> read = new HashSet<>();

    private final Map<String, Integer> rejected = new TreeMap<>();

    Reader(ArticleMaker maker, Instant now) {
      this.maker = maker;
      this.now = now;
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
        refused.put(name, unreadable.reason());
        return;
      }
      FeedResult.Parsed parsed = (FeedResult.Parsed) result;
      files++;
      String address = parsed.feed().self() == null ? source : parsed.feed().self();
      ArticleMaker.Made made = maker.make(parsed.feed(), address, now, true);
      articles.addAll(dated(made.articles()));
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
          articles.add(article(name, TagJson.read(line)));
        } catch (IllegalArgumentException e) {
          rejected.merge(e.getMessage(), 1, Integer::sum);
          refused.put(name + ":" + number, e.getMessage());
        }
      }
    }

    private void count(RejectedItem item) {
      // One reason, whichever item it names.
      rejected.merge(NUMBER.matcher(item.reason()).replaceAll("N"), item.count(), Integer::sum);
    }

    @Override
    public void refused(String name, String reason) {
      refused.put(name, reason);
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
