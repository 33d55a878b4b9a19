package dev.pactwatch.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.article.Article;
import dev.pactwatch.article.PublisherFamilies;
import dev.pactwatch.http.OutboundRequest;
import dev.pactwatch.http.OutboundResult;
import dev.pactwatch.http.OutboundResult.Response;
import dev.pactwatch.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayHistoryTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-05-01T00:00:00Z"));

  private static final String PAGE =
      """
      <!DOCTYPE html><html lang="en"><head><title>Site - Two firms agree</title>
      <meta property="og:title" content="Two firms agree on a cloud contract">
      <meta property="og:site_name" content="Paper">
      <meta property="article:published_time" content="2026-02-03T10:00:00Z">
      <link rel="canonical" href="https://paper.example/agree"></head>
      <body><nav><p>Menu</p></nav><article><p>The contract runs for five years.</p></article></body></html>
      """;

  @TempDir Path folder;

  private static String atom(String title, String older) {
    return """
    <feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>%s
    <entry><id>urn:%s</id><title>%s</title><updated>2026-01-02T03:04:05Z</updated></entry></feed>
    """
        .formatted(
            older == null ? "" : "<link rel=\"prev-archive\" href=\"" + older + "\"/>",
            title,
            title);
  }

  /** What was read, and the articles in their order. */
  private record Read(ReplayInput input, List<Article> articles) {

    Map<String, String> refused() {
      return input.refused();
    }

    int files() {
      return input.files();
    }
  }

  private Read read(Path... paths) throws IOException {
    return read(
        new ReplaySources(List.of(paths), List.of(), List.of()),
        ReplayInput.Web.NONE,
        ReplayInput.Log.NONE);
  }

  private Read read(ReplaySources sources, ReplayInput.Web web, ReplayInput.Log log)
      throws IOException {
    Path into = folder.resolve(".read").resolve("articles.jsonl");
    ReplayInput input =
        ReplayInput.read(
            new ReplayInput.Request(
                sources, web, log, PublisherFamilies.none(), null, null, CLOCK, found -> {}),
            into);
    List<Article> articles = new ArrayList<>();
    for (String line : Files.readAllLines(into)) {
      articles.add(Json.read(line, Article.class));
    }
    // A folder that is read next must not find it.
    Files.delete(into);
    return new Read(input, articles);
  }

  private static byte[] record(String type, String address, String http) {
    byte[] block = http.getBytes(UTF_8);
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    record.writeBytes(
        ("WARC/1.0\r\nWARC-Type: "
                + type
                + "\r\nWARC-Target-URI: "
                + address
                + "\r\nWARC-Date: 2026-02-04T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:"
                + new UUID(1, address.hashCode())
                + ">\r\nContent-Type: application/http; msgtype="
                + type
                + "\r\nContent-Length: "
                + block.length
                + "\r\n\r\n")
            .getBytes(UTF_8));
    record.writeBytes(block);
    record.writeBytes("\r\n\r\n".getBytes(UTF_8));
    return record.toByteArray();
  }

  private static String ok(String type, String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: "
        + type
        + "\r\nContent-Length: "
        + body.getBytes(UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  private static List<byte[]> records() {
    return List.of(
        record("request", "https://paper.example/agree", "GET /agree HTTP/1.1\r\n\r\n"),
        record("response", "https://paper.example/agree?x=1", ok("text/html", PAGE)),
        record("response", "https://paper.example/", ok("text/html", "<html><p>Front page</p>")),
        record("response", "https://paper.example/a.png", ok("image/png", "x")),
        record("response", "https://paper.example/gone", "HTTP/1.1 404 Not Found\r\n\r\n"),
        record(
            "response",
            "https://paper.example/feed",
            ok("application/atom+xml", atom("Suit filed", null))));
  }

  private static void checkArchive(Read input, String name) {
    assertThat(input.articles())
        .extracting(Article::headline)
        .containsExactly("Suit filed", "Two firms agree on a cloud contract");
    Article page = input.articles().get(1);
    assertThat(page.body()).isEqualTo("The contract runs for five years.");
    assertThat(page.link()).isEqualTo("https://paper.example/agree");
    assertThat(page.published()).isEqualTo("2026-02-03T10:00:00Z");
    assertThat(page.publisher().name()).isEqualTo("Paper");
    assertThat(input.articles()).allMatch(Article::historical);
    assertThat(input.refused())
        .containsExactly(
            Map.entry(
                name + "!/https://paper.example/",
                "a page that names no day of publication, not an article"));
  }

  @Test
  void aWebArchiveGivesItsFeedsAndItsArticlesAndNothingElse() throws IOException {
    Path file = folder.resolve("news.warc");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    records().forEach(all::writeBytes);
    Files.write(file, all.toByteArray());

    checkArchive(read(file), file.toString());
  }

  @Test
  void aWebArchiveMayBeCompressedRecordByRecord() throws IOException {
    Path file = folder.resolve("news.warc.gz");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] one : records()) {
      try (GZIPOutputStream gzip = new GZIPOutputStream(all)) {
        gzip.write(one);
      }
    }
    Files.write(file, all.toByteArray());

    checkArchive(read(file), file.toString());
  }

  @Test
  void aWebArchiveThatEndsInTheMiddleKeepsWhatStoodBefore() throws IOException {
    Path file = folder.resolve("cut.warc");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    records().forEach(all::writeBytes);
    all.writeBytes("WARC/1.0\r\nnonsense\r\n\r\n".getBytes(UTF_8));
    Files.write(file, all.toByteArray());

    Read input = read(file);

    assertThat(input.articles()).hasSize(2);
    assertThat(input.refused()).hasSize(2).containsKey(file.toString());
  }

  @Test
  void aFeedFileIsReadWithTheArchivesBesideItThatItNames() throws IOException {
    Path feed = folder.resolve("feed.xml");
    Files.writeString(feed, atom("Newest", "https://paper.example/archive/2025-2.xml"));
    Files.writeString(folder.resolve("2025-2.xml"), atom("Older", "2025-1.xml?x=1"));
    // Archives that name each other end nothing but the reading.
    Files.writeString(folder.resolve("2025-1.xml"), atom("Oldest", "feed.xml"));
    Files.writeString(folder.resolve("other.xml"), atom("Unrelated", null));

    Read input = read(feed);

    assertThat(input.articles())
        .extracting(Article::headline)
        .containsExactlyInAnyOrder("Newest", "Older", "Oldest");
    assertThat(input.files()).isEqualTo(3);
    assertThat(read(folder).articles()).hasSize(4);
  }

  @Test
  void aFeedFileLeadsToNoFileOutsideItsFolder() throws IOException {
    Files.writeString(folder.resolve("secret.xml"), atom("Secret", null));
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path feed = inner.resolve("feed.xml");
    Files.writeString(feed, atom("Newest", "../secret.xml"));

    assertThat(read(feed).articles()).extracting(Article::headline).containsExactly("Newest");
  }

  @Test
  void anAddressIsReadWithTheArchivesThatItNamesOnceEach() throws IOException {
    Map<String, String> web =
        Map.of(
            "https://paper.example/feed", atom("Newest", "/archive/2"),
            "https://paper.example/archive/2", atom("Older", "/archive/1"),
            "https://paper.example/archive/1", atom("Oldest", "/archive/2"));
    List<String> asked = new ArrayList<>();
    List<Integer> pauses = new ArrayList<>();

    Read input = address("https://paper.example/feed", web, asked, () -> pauses.add(asked.size()));

    assertThat(input.articles()).hasSize(3).allMatch(Article::historical);
    assertThat(asked)
        .containsExactly(
            "https://paper.example/feed",
            "https://paper.example/archive/2",
            "https://paper.example/archive/1");
    assertThat(pauses).containsExactly(1, 2);
  }

  @Test
  void anArchiveThatCannotBeFetchedIsNamedAndTheRestIsKept() throws IOException {
    Read input =
        address(
            "https://paper.example/feed",
            Map.of("https://paper.example/feed", atom("Newest", "/archive/2")),
            new ArrayList<>(),
            () -> {});

    assertThat(input.articles()).hasSize(1);
    assertThat(input.refused())
        .containsExactly(Map.entry("https://paper.example/archive/2", "the server answers 404"));
  }

  private Read address(String address, Map<String, String> web, List<String> asked, Runnable pause)
      throws IOException {
    return read(
        new ReplaySources(List.of(), List.of(address), List.of()),
        new ReplayInput.Web(request -> answer(request, web, asked), pause),
        ReplayInput.Log.NONE);
  }

  private static OutboundResult answer(
      OutboundRequest request, Map<String, String> web, List<String> asked) {
    asked.add(request.url());
    String body = web.get(request.url());
    return new Response(
        body == null ? 404 : 200,
        request.url(),
        Map.of(),
        body == null ? new byte[0] : body.getBytes(UTF_8),
        0,
        List.of());
  }
}
