package dev.pactwatch.replay;

import dev.pactwatch.article.Article;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.feed.ArticleMaker;
import dev.pactwatch.feed.FeedParser;
import dev.pactwatch.feed.FeedResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The bundled history: feeds of invented outlets that retell public facts. They are read by the
 * product's own parser like any other feed.
 */
public final class DemoFeeds {

  private static final String ROOT = "/demo/";

  private DemoFeeds() {}

  /**
   * All items of the bundled feeds, oldest first.
   *
   * @param observed when they are said to have been fetched
   */
  public static List<Article> articles(Instant observed) {
    PublisherFamilies families =
        PublisherFamilies.of(
            Yaml.parse(
                "demo/publishers.yaml",
                new String(resource("publishers.yaml"), StandardCharsets.UTF_8)));
    ArticleMaker maker = new ArticleMaker(families);
    FeedParser parser = new FeedParser();
    List<Article> articles = new ArrayList<>();
    for (String line : new String(resource("index.txt"), StandardCharsets.UTF_8).split("\n")) {
      if (line.startsWith("#")) {
        continue;
      }
      String[] fileAndAddress = line.split(" ");
      FeedResult result =
          parser.parse(resource("feeds/" + fileAndAddress[0]), null, fileAndAddress[1]);
      if (!(result instanceof FeedResult.Parsed parsed)) {
        throw new IllegalStateException(fileAndAddress[0] + ": is no feed");
      }
      articles.addAll(maker.make(parsed.feed(), fileAndAddress[1], observed, false).articles());
    }
    articles.sort(Comparator.comparing(Article::published).thenComparing(Article::uri));
    return articles;
  }

  private static byte[] resource(String name) {
    try (InputStream in = DemoFeeds.class.getResourceAsStream(ROOT + name)) {
      if (in == null) {
        throw new IllegalStateException("the build lacks " + ROOT + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
