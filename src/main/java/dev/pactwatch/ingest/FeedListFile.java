package dev.pactwatch.ingest;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.ingest.OpmlText.Outline;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The file of the feeds to watch, which people edit by hand as well: a change by the program
 * touches the lines of its feed alone. Changes by the program are on record in {@code
 * feeds-audit.jsonl} beside the file. Safe for use by many threads and processes.
 */
public final class FeedListFile {

  /** Beside the list. */
  public static final String AUDIT = "feeds-audit.jsonl";

  private static final String EMPTY =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <opml version="2.0" xmlns:pactwatch="%s">
        <head>
          <title>Pactwatch feeds</title>
        </head>
        <body>
        </body>
      </opml>
      """
          .formatted(OpmlText.NAMESPACE);

  /**
   * The list with the version of its file.
   *
   * @param version 16 hexadecimal digits that change with every byte of the file
   */
  public record Current(FeedList list, String version) {}

  /**
   * Who changes the list.
   *
   * @param via {@code command-line} or {@code api}
   * @param why in words, may be null
   */
  public record Author(String name, String via, String why) {}

  /**
   * A change on record.
   *
   * @param action {@code added} or {@code removed}
   */
  public record Change(
      Instant at,
      String action,
      String feed,
      String title,
      String by,
      String via,
      String why,
      String versionBefore,
      String versionAfter) {}

  /** What an import came to. */
  public record Imported(List<FeedEntry> added, List<FeedEntry> known, String version) {}

  /** The feed is on the list. */
  public static final class Duplicate extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient FeedEntry listed;

    Duplicate(FeedEntry listed) {
      super("is watched already: " + listed.url() + " (" + listed.title() + ")");
      this.listed = listed;
    }

    public FeedEntry listed() {
      return listed;
    }
  }

  /** No such feed is on the list. */
  public static final class Unknown extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Unknown(String message) {
      super(message);
    }
  }

  /** The file is not the one that was read. */
  public static final class Changed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String version;

    Changed(String version) {
      super("the list of feeds has changed meanwhile and is at version " + version);
      this.version = version;
    }

    public String version() {
      return version;
    }
  }

  private final Path file;
  private final InstantSource clock;

  /**
   * @param file that need not exist: an empty list
   */
  public FeedListFile(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  public Path file() {
    return file;
  }

  /**
   * @throws ConfigException naming file and line when it cannot be used
   */
  public Current read() {
    byte[] bytes = bytes();
    return new Current(FeedList.parse(file.toString(), bytes), version(bytes));
  }

  /** The file as it is. */
  public byte[] export() {
    byte[] bytes = bytes();
    FeedList unused = FeedList.parse(file.toString(), bytes);
    return bytes;
  }

  /**
   * Puts a feed at the end of a folder, or of the list.
   *
   * @param folder made where there is none; null for none
   * @param expected version of the file as it was read; null for any
   * @return version of the file now
   * @throws Duplicate when this address, or the same in another spelling, is there
   * @throws Changed when the file has another version
   */
  public String add(FeedEntry feed, String folder, Author author, String expected) {
    return change(
            expected,
            author,
            before -> {
              twin(before.list(), feed.url())
                  .ifPresent(
                      listed -> {
                        throw new Duplicate(listed);
                      });
              OpmlText text = feed.fullText() ? before.text().withNamespace() : before.text();
              return new Next(
                  text.with(written(feed, text.prefix()), folder), List.of(feed), List.of());
            })
        .version();
  }

  /**
   * Takes a feed out, with the comment before it.
   *
   * @param name its address, or its id or how that begins
   * @return the feed that was taken out
   * @throws Unknown when there is none
   */
  public FeedEntry remove(String name, Author author, String expected) {
    // Where there is nothing to change, nothing is touched.
    FeedEntry unused = find(read().list(), name);
    return change(
            expected,
            author,
            before -> {
              FeedEntry feed = find(before.list(), name);
              return new Next(before.text().without(feed.url()), List.of(), List.of(feed));
            })
        .next()
        .removed()
        .get(0);
  }

  /**
   * Adds the feeds of another list that are not here, as they are written there, each in a folder
   * of the same name.
   *
   * @param name what messages call the other list
   * @param dryRun changes nothing
   * @throws ConfigException naming the line of the other list that cannot be used
   */
  public Imported load(String name, byte[] opml, Author author, String expected, boolean dryRun) {
    FeedList others = FeedList.parse(name, opml);
    OpmlText from = OpmlText.of(opml);
    Map<String, FeedEntry> byUrl = new HashMap<>();
    others.feeds().forEach(feed -> byUrl.put(feed.url(), feed));
    List<FeedEntry> known = new ArrayList<>();
    Edit edit =
        before -> {
          Map<String, FeedEntry> twins = new HashMap<>();
          before.list().feeds().forEach(feed -> twins.put(spelling(feed.url()), feed));
          List<FeedEntry> added = new ArrayList<>();
          Map<String, StringBuilder> byFolder = new LinkedHashMap<>();
          Set<Outline> copied = new HashSet<>();
          for (Outline outline : from.outlines()) {
            FeedEntry feed = outline.url() == null ? null : byUrl.get(outline.url());
            if (feed == null) {
              continue;
            }
            if (twins.putIfAbsent(spelling(feed.url()), feed) != null) {
              known.add(feed);
              continue;
            }
            added.add(feed);
            copied.add(outline);
            if (!copied.contains(outline.parent())) {
              StringBuilder lines =
                  byFolder.computeIfAbsent(
                      outline.parent() == null ? "" : folderName(outline.parent()),
                      folder -> new StringBuilder());
              lines.append(lines.isEmpty() ? "" : "\n").append(from.copy(outline, before.text()));
            }
          }
          OpmlText text = before.text();
          for (Map.Entry<String, StringBuilder> one : byFolder.entrySet()) {
            String folder = one.getKey();
            text = text.with(one.getValue().toString(), folder.isEmpty() ? null : folder);
          }
          return new Next(text, added, List.of());
        };
    if (dryRun) {
      byte[] bytes = bytes();
      Next next = edit.apply(before(bytes));
      return new Imported(next.added(), List.copyOf(known), version(bytes));
    }
    Done done = change(expected, author, edit);
    return new Imported(done.next().added(), List.copyOf(known), done.version());
  }

  private static String folderName(Outline folder) {
    return folder.name() == null || folder.name().isBlank() ? "" : folder.name();
  }

  /** The feed of this address, in whatever spelling. */
  public static Optional<FeedEntry> twin(FeedList list, String url) {
    String spelling = spelling(url);
    return list.feeds().stream().filter(feed -> spelling(feed.url()).equals(spelling)).findFirst();
  }

  /**
   * The feed of this name.
   *
   * @param name an address, or an id or how that begins
   * @throws Unknown when there is none, or more than one
   */
  public static FeedEntry find(FeedList list, String name) {
    Optional<FeedEntry> byAddress = twin(list, name);
    if (byAddress.isPresent()) {
      return byAddress.get();
    }
    List<FeedEntry> byId =
        name.matches("[0-9a-f]{4,12}")
            ? list.feeds().stream().filter(feed -> feed.id().startsWith(name)).toList()
            : List.of();
    if (byId.size() != 1) {
      throw new Unknown(
          byId.isEmpty()
              ? "no feed '" + LogText.escape(name) + "' is watched; see feed list"
              : byId.size()
                  + " feeds have an id that begins with '"
                  + name
                  + "'; write more of it");
    }
    return byId.get(0);
  }

  /** Two addresses that differ in nothing that a site tells apart. */
  private static String spelling(String url) {
    try {
      URI uri = new URI(url.strip());
      if (uri.getHost() == null) {
        return url;
      }
      String host = uri.getHost().toLowerCase(Locale.ROOT);
      host = host.startsWith("www.") ? host.substring(4) : host;
      boolean usual = uri.getPort() < 0 || uri.getPort() == 80 || uri.getPort() == 443;
      String path = uri.getRawPath() == null ? "" : uri.getRawPath();
      path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
      return host
          + (usual ? "" : ":" + uri.getPort())
          + path
          + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    } catch (URISyntaxException e) {
      return url;
    }
  }

  private static String written(FeedEntry feed, String prefix) {
    StringBuilder out = new StringBuilder();
    if (feed.comment() != null && !feed.comment().isBlank()) {
      // Two hyphens would end the comment, and one at its end may not stand there.
      out.append("<!-- ")
          .append(feed.comment().replaceAll("\\s+", " ").replaceAll("-(?=-)", "- ").strip())
          .append(" -->\n");
    }
    out.append("<outline type=\"rss\"");
    attribute(out, "text", feed.title());
    attribute(out, "title", feed.title());
    attribute(out, "xmlUrl", feed.url());
    attribute(out, "htmlUrl", feed.site());
    attribute(out, "category", feed.category());
    if (feed.fullText()) {
      attribute(out, prefix + ":fullText", "true");
    }
    return out.append("/>").toString();
  }

  private static void attribute(StringBuilder out, String name, String value) {
    if (value != null) {
      // XML has no way to write most control characters.
      String clean = value.replaceAll("\\p{Cntrl}", " ");
      out.append(' ').append(name).append("=\"").append(OpmlText.escape(clean)).append('"');
    }
  }

  // ---- the file

  private record Before(OpmlText text, FeedList list, String version) {}

  private record Next(OpmlText text, List<FeedEntry> added, List<FeedEntry> removed) {}

  private record Done(Next next, String version) {}

  @FunctionalInterface
  private interface Edit {
    Next apply(Before before);
  }

  private byte[] bytes() {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return EMPTY.getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read: " + LogText.escape(e.getMessage()), e);
    }
  }

  private Before before(byte[] bytes) {
    return new Before(OpmlText.of(bytes), FeedList.parse(file.toString(), bytes), version(bytes));
  }

  private Done change(String expected, Author author, Edit edit) {
    Path audit = file.resolveSibling(AUDIT);
    // The record of changes is locked for the time of one, and so no other process makes one.
    synchronized (FeedListFile.class) {
      try (FileChannel channel =
              FileChannel.open(
                  audit,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.READ);
          FileLock lock = channel.lock()) {
        Before before = before(bytes());
        if (expected != null && !expected.equals(before.version())) {
          throw new Changed(before.version());
        }
        Next next = edit.apply(before);
        byte[] bytes = next.text().bytes();
        // What is written must be what was meant: the file is worth more than the change.
        FeedList list = FeedList.parse(file.toString(), bytes);
        int expectedSize =
            before.list().feeds().size() + next.added().size() - next.removed().size();
        if (list.feeds().size() != expectedSize) {
          throw new ConfigException(file + ": cannot be changed; edit it by hand");
        }
        String version = version(bytes);
        if (!version.equals(before.version())) {
          write(bytes);
          record(channel, author, before.version(), version, next);
        }
        return new Done(next, version);
      } catch (IOException e) {
        throw new ConfigException(
            file + ": cannot be written: " + LogText.escape(e.getMessage()), e);
      }
    }
  }

  private void write(byte[] bytes) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.write(draft, bytes);
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private void record(FileChannel channel, Author author, String before, String after, Next next)
      throws IOException {
    StringBuilder lines = new StringBuilder();
    Instant now = clock.instant();
    next.added().forEach(feed -> line(lines, now, "added", feed, author, before, after));
    next.removed().forEach(feed -> line(lines, now, "removed", feed, author, before, after));
    ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
    channel.position(channel.size());
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(true);
  }

  private static void line(
      StringBuilder lines,
      Instant now,
      String action,
      FeedEntry feed,
      Author author,
      String before,
      String after) {
    lines
        .append(
            Json.write(
                new Change(
                    now,
                    action,
                    feed.url(),
                    feed.title(),
                    author.name(),
                    author.via(),
                    author.why(),
                    before,
                    after)))
        .append('\n');
  }

  private static String version(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
