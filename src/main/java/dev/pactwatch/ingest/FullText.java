package dev.pactwatch.ingest;

import dev.pactwatch.article.Article;
import dev.pactwatch.article.ArticleIdentity;
import dev.pactwatch.http.Failure;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundRequest;
import dev.pactwatch.http.OutboundResult;
import dev.pactwatch.http.OutboundResult.Failed;
import dev.pactwatch.http.OutboundResult.Refused;
import dev.pactwatch.http.OutboundResult.Response;
import dev.pactwatch.http.Robots;
import dev.pactwatch.json.Kebab;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.dankito.readability4j.Readability4J;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * The text of articles of which their feed gives only a line, from their pages: for feeds whose
 * users ask for it, where the site's robots.txt allows it, at the pace of polls. Whatever goes
 * wrong is counted, and the article is published with what the feed gave.
 */
public final class FullText {

  /** Asks for permission of time to make a request. */
  @FunctionalInterface
  public interface Pace {

    /**
     * Makes the request once the site of the address may be asked again, and returns what it gives;
     * null when it may not within the given time, or the program stops.
     */
    OutboundResult at(String address, Duration within, Request request) throws InterruptedException;

    /** The request itself. */
    @FunctionalInterface
    interface Request {
      OutboundResult send();
    }
  }

  /** What a feed gives below this is a line of an article, not an article. */
  private static final int LINE_CHARS = 500;

  /** Less than this is a notice, a wall or a caption. */
  private static final int TEXT_CHARS = 200;

  private static final int MOST_TEXT_CHARS = 131_072;
  private static final int PAGE_BYTES = 1024 * 1024;
  private static final int MOST_ELEMENTS = 20_000;

  /** Per poll: others wait for nothing longer than this. */
  private static final int MOST_PAGES = 12;

  private static final Duration BUDGET = Duration.ofSeconds(75);
  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*[\"']?([A-Za-z0-9._-]+)", Pattern.CASE_INSENSITIVE);

  private static final Map<String, String> ACCEPT =
      Map.of("Accept", "text/html, application/xhtml+xml;q=0.9");

  private final OutboundClient http;
  private final Robots robots;
  private final Predicate<String> wanted;

  /**
   * @param wanted says of a feed's address whether its user asks for full texts
   */
  public FullText(OutboundClient http, Robots robots, Predicate<String> wanted) {
    this.http = http;
    this.robots = robots;
    this.wanted = wanted;
  }

  /**
   * The same outcome with full texts where they could be had. Blocks for up to {@value #MOST_PAGES}
   * requests, or a little over a minute. What the feed gave stays what its next document is
   * compared with.
   */
  FeedPoll.Result enrich(FeedPoll.Result result, Pace pace) {
    if (!wanted.test(result.state().feed()) || result.articles().isEmpty()) {
      return result;
    }
    long end = System.nanoTime() + BUDGET.toNanos();
    Map<String, Long> counts = new TreeMap<>(result.state().health().fullText());
    List<Article> articles = new ArrayList<>();
    int pages = 0;
    for (Article article : result.articles()) {
      if (article.historical() || article.link() == null || !isLine(article)) {
        articles.add(article);
        continue;
      }
      Duration left = Duration.ofNanos(end - System.nanoTime());
      Page page =
          pages++ >= MOST_PAGES || left.isNegative()
              ? new Page(null, "left-out")
              : read(article, pace, left);
      counts.merge(page.outcome(), 1L, Long::sum);
      articles.add(page.text() == null ? article : with(article, page.text()));
    }
    return new FeedPoll.Result(
        result.state().with(result.state().health().withFullText(counts)),
        articles,
        result.report());
  }

  /**
   * @param text null for none
   * @param outcome {@code ok}, or why there is no text: one of a few words
   */
  private record Page(String text, String outcome) {}

  private static boolean isLine(Article article) {
    return length(article.body()) < LINE_CHARS && length(article.summary()) < LINE_CHARS;
  }

  private static int length(String text) {
    return text == null ? 0 : text.length();
  }

  private Page read(Article article, Pace pace, Duration within) {
    try {
      // Asking for the rules is a request to the site as well, and takes its turn.
      if (robots.known(article.link()).isEmpty()
          && pace.at(article.link(), within, () -> asked(article.link())) == null) {
        return new Page(null, "left-out");
      }
      if (!robots.check(article.link()).allowed()) {
        return new Page(null, "robots");
      }
      OutboundResult result =
          pace.at(
              article.link(), within, () -> http.send(OutboundRequest.get(article.link(), ACCEPT)));
      if (result == null) {
        return new Page(null, "left-out");
      }
      return page(article, result);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Page(null, "left-out");
    } catch (RuntimeException | StackOverflowError e) {
      // The page is somebody's, and the extractor was written for friendly ones.
      return new Page(null, "unreadable");
    }
  }

  /** The client's answer is the robots' affair; that it was asked is all that counts here. */
  private OutboundResult asked(String address) {
    Robots.Verdict unused = robots.check(address);
    return new Failed(Failure.CANCELLED, "asked", List.of());
  }

  private Page page(Article article, OutboundResult result) {
    if (result instanceof Refused refused) {
      return new Page(null, "refused-" + Kebab.of(refused.reason()));
    }
    if (result instanceof Failed failed) {
      return new Page(null, Kebab.of(failed.reason()));
    }
    Response response = (Response) result;
    if (response.status() != 200) {
      return new Page(null, "http-" + response.status());
    }
    // Where it led to has rules of its own.
    if (!response.url().equals(article.link()) && !robots.check(response.url()).allowed()) {
      return new Page(null, "robots");
    }
    String type = response.header("content-type").orElse("text/html").toLowerCase(Locale.ROOT);
    if (!type.contains("html")) {
      return new Page(null, "no-html");
    }
    String text = text(response, type);
    return text.length() < TEXT_CHARS
            || text.length() <= Math.max(length(article.body()), length(article.summary()))
        ? new Page(null, "no-text")
        : new Page(text, "ok");
  }

  private static String text(Response response, String type) {
    Document page;
    byte[] body = response.body();
    try {
      page =
          Jsoup.parse(
              new ByteArrayInputStream(body, 0, Math.min(body.length, PAGE_BYTES)),
              charset(type),
              response.url());
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory cannot fail to be read", e);
    }
    if (page.getAllElements().size() > MOST_ELEMENTS) {
      throw new IllegalArgumentException("too many elements");
    }
    Element content = new Readability4J(response.url(), page).parse().getArticleContent();
    if (content == null) {
      return "";
    }
    List<String> paragraphs = new ArrayList<>();
    for (Element block : content.select("p, h2, h3, h4, li, blockquote, pre, td")) {
      // A quotation of several paragraphs is told by them.
      if (block.selectFirst("p, li") == null || block.normalName().equals("p")) {
        String line = block.text().strip();
        if (!line.isEmpty()) {
          paragraphs.add(line);
        }
      }
    }
    String text = String.join("\n\n", paragraphs);
    String all = content.text().strip();
    // Pages that are set with line breaks alone have no blocks.
    text = text.length() * 2 < all.length() ? all : text;
    text = text.replaceAll("[\\p{Cntrl}&&[^\\n]]", " ");
    return text.length() <= MOST_TEXT_CHARS ? text : text.substring(0, MOST_TEXT_CHARS);
  }

  /** As the server says; null leaves it to the page. */
  private static String charset(String type) {
    Matcher named = CHARSET.matcher(type);
    try {
      return named.find() && Charset.isSupported(named.group(1)) ? named.group(1) : null;
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return null;
    }
  }

  private static Article with(Article a, String body) {
    return new Article(
        a.uri(),
        a.version(),
        a.headline(),
        a.summary(),
        body,
        a.language(),
        a.link(),
        a.published(),
        a.publishedClaimed(),
        a.observed(),
        a.publisher(),
        a.feed(),
        a.guid(),
        ArticleIdentity.contentHash(a.headline(), a.summary(), body),
        a.historical(),
        a.changed());
  }
}
