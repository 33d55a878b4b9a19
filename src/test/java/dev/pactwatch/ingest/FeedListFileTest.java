package dev.pactwatch.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.ingest.FeedListFile.Author;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes by the program of a file that people write. */
class FeedListFileTest {

  private static final Author ME = new Author("me", "command-line", "because");

  private static final String BY_HAND =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!-- Ours. Mind the <outline xmlUrl="https://comment.example/"/> in this comment. -->
      <opml version="2.0" xmlns:other='urn:other'>
        <head><title>Feeds</title><dateModified>Sun</dateModified></head>
        <body>
          <outline text='Courts' other:color="red">
            <!-- first -->
            <outline type="rss"
                text="A &amp; B > C" xmlUrl="https://a.example/feed?x=1&amp;y=2" other:stars="5"/>

            <!-- second -->
            <outline xmlUrl="https://b.example/feed" text="B"></outline>
          </outline>
          <outline text="Empty"/>
          <outline xmlUrl="https://c.example/feed"/><!-- trailing -->
        </body>
      </opml>
      """;

  @TempDir Path folder;

  private FeedListFile file(String text) throws IOException {
    Path file = folder.resolve("feeds.opml");
    if (text != null) {
      Files.writeString(file, text);
    }
    return new FeedListFile(file, new Doubles.Clock());
  }

  private static FeedEntry entry(String url) {
    return new FeedEntry(url, "New <one>", null, "press", "say -- why -", false);
  }

  private String text() throws IOException {
    return Files.readString(folder.resolve("feeds.opml"));
  }

  @Test
  void aFeedIsAddedAtTheEndAndNothingElseChanges() throws IOException {
    FeedListFile file = file(BY_HAND);

    file.add(entry("https://new.example/feed?a=1&b=2"), null, ME, null);

    assertThat(text())
        .isEqualTo(
            BY_HAND.replace(
                "  </body>",
                "    <!-- say - - why - -->\n"
                    + "    <outline type=\"rss\" text=\"New &lt;one&gt;\" title=\"New &lt;one&gt;\""
                    + " xmlUrl=\"https://new.example/feed?a=1&amp;b=2\" category=\"press\"/>\n"
                    + "  </body>"));
    assertThat(file.read().list().feeds()).hasSize(4);
    assertThat(file.read().list().feeds().get(3).comment()).isEqualTo("say - - why -");
  }

  @Test
  void aFeedIsAddedToItsFolder() throws IOException {
    FeedListFile file = file(BY_HAND);

    file.add(entry("https://d.example/"), "Courts", ME, null);
    file.add(entry("https://e.example/"), "Empty", ME, null);
    file.add(entry("https://f.example/"), "Made \"up\"", ME, null);

    assertThat(file.read().list().feeds())
        .extracting(FeedEntry::url)
        .containsExactly(
            "https://a.example/feed?x=1&y=2",
            "https://b.example/feed",
            "https://d.example/",
            "https://e.example/",
            "https://c.example/feed",
            "https://f.example/");
    assertThat(text())
        .contains("other:color=\"red\"", "<!-- trailing -->", "\n    <outline text=\"Empty\">\n")
        .contains("\n      <outline type=\"rss\" text=\"New &lt;one&gt;\"");
  }

  @Test
  void aFeedIsRemovedWithItsCommentAndNothingElseChanges() throws IOException {
    FeedListFile file = file(BY_HAND);

    FeedEntry removed = file.remove("https://A.example/feed?x=1&y=2", ME, null);

    assertThat(removed.title()).isEqualTo("A & B > C");
    assertThat(text())
        .isEqualTo(BY_HAND.replaceFirst("(?s) +<!-- first -->.*?other:stars=\"5\"/>\\n", ""));
    file.remove("https://b.example/feed", ME, null);
    assertThat(text()).contains("<outline text='Courts' other:color=\"red\">\n\n    </outline>");
  }

  @Test
  void whatWasAddedAndRemovedAgainLeavesTheFileAsItWas() throws IOException {
    FeedListFile file = file(BY_HAND);

    String version = file.read().version();
    file.add(entry("https://new.example/"), null, ME, version);
    String back = FeedEntry.id("https://new.example/").substring(0, 6);
    file.remove(back, ME, null);

    assertThat(text()).isEqualTo(BY_HAND);
    assertThat(file.read().version()).isEqualTo(version);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://b.example/feed",
        "http://www.b.example/feed/",
        "https://B.example:443/feed",
      })
  void theSameAddressInAnotherSpellingIsADuplicate(String url) throws IOException {
    FeedListFile file = file(BY_HAND);

    assertThatThrownBy(() -> file.add(entry(url), null, ME, null))
        .isInstanceOf(FeedListFile.Duplicate.class)
        .hasMessage("is watched already: https://b.example/feed (B)");
    assertThat(text()).isEqualTo(BY_HAND);
    assertThat(Files.size(folder.resolve(FeedListFile.AUDIT))).isZero();
  }

  @Test
  void anotherQueryIsAnotherFeed() throws IOException {
    FeedListFile file = file(BY_HAND);

    file.add(entry("https://b.example/feed?section=2"), null, ME, null);

    assertThat(file.read().list().feeds()).hasSize(4);
  }

  @Test
  void whoReadAnOlderVersionChangesNothing() throws IOException {
    FeedListFile file = file(BY_HAND);
    String old = file.read().version();
    file.add(entry("https://new.example/"), null, ME, old);

    assertThatThrownBy(() -> file.remove("https://new.example/", ME, old))
        .isInstanceOf(FeedListFile.Changed.class)
        .hasMessageContaining(file.read().version());
  }

  @Test
  void whatIsNotThereCannotBeRemoved() throws IOException {
    FeedListFile file = file(BY_HAND);

    assertThatThrownBy(() -> file.remove("https://nowhere.example/", ME, null))
        .isInstanceOf(FeedListFile.Unknown.class)
        .hasMessage("no feed 'https://nowhere.example/' is watched; see feed list");
  }

  @Test
  void everyChangeIsOnRecord() throws IOException {
    FeedListFile file = file(null);

    file.add(entry("https://new.example/"), null, ME, null);
    file.remove("https://new.example/", new Author("local", "api", null), null);

    List<FeedListFile.Change> changes = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(FeedListFile.AUDIT))) {
      changes.add(Json.read(line, FeedListFile.Change.class));
    }
    assertThat(changes)
        .extracting(FeedListFile.Change::action, FeedListFile.Change::by, FeedListFile.Change::via)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("added", "me", "command-line"),
            org.assertj.core.groups.Tuple.tuple("removed", "local", "api"));
    assertThat(changes.get(0).why()).isEqualTo("because");
    assertThat(changes.get(1).versionBefore()).isEqualTo(changes.get(0).versionAfter());
  }

  @Test
  void aFileThatCannotBeUsedIsNotChanged() throws IOException {
    FeedListFile file = file("<opml>\n<body><outline");

    assertThatThrownBy(() -> file.add(entry("https://new.example/"), null, ME, null))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("feeds.opml:2: is no well-formed XML");
    assertThat(text()).isEqualTo("<opml>\n<body><outline");
  }

  @Test
  void aFeedWhosePagesAreReadDeclaresTheAttributesName() throws IOException {
    FeedListFile file = file(BY_HAND);

    file.add(new FeedEntry("https://new.example/", "N", null, null, null, true), null, ME, null);

    assertThat(text())
        .contains("<opml xmlns:pactwatch=\"urn:pactwatch:opml\" version=\"2.0\" xmlns:other=")
        .contains("xmlUrl=\"https://new.example/\" pactwatch:fullText=\"true\"/>");
    assertThat(file.read().list().feeds().get(3).fullText()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ISO-8859-1", "UTF-16"})
  void aFileKeepsItsEncoding(String encoding) throws IOException {
    FeedListFile file = file(null);
    Charset charset = Charset.forName(encoding);
    String text =
        "<?xml version=\"1.0\" encoding=\""
            + encoding
            + "\"?>\n<opml><body>\n"
            + "<outline text=\"Caf\u00e9\" xmlUrl=\"https://a.example/\"/>\n</body></opml>\n";
    Files.write(folder.resolve("feeds.opml"), text.getBytes(charset));

    file.add(new FeedEntry("https://b.example/", "Th\u00e9", null, null, null), null, ME, null);

    assertThat(new String(file.export(), charset)).contains("Caf\u00e9", "Th\u00e9");
    assertThat(file.read().list().feeds())
        .extracting(FeedEntry::title)
        .containsExactly("Caf\u00e9", "Th\u00e9");
  }

  @Test
  void fiveHundredFeedsAreImportedWithEverythingThatWasWrittenAboutThem() throws IOException {
    StringBuilder opml = new StringBuilder("<opml version='2.0' xmlns:x='urn:x'>\n<body>\n");
    for (int part = 0; part < 10; part++) {
      opml.append("<outline text='Part ").append(part).append(" &amp; more'>\n");
      for (int i = 0; i < 50; i++) {
        int n = part * 50 + i;
        opml.append("<!-- for &lt; ")
            .append(n)
            .append(" -->\n<outline xmlUrl='https://f")
            .append(n)
            .append(".example/?a=1&amp;b=\u00fc' text='F ")
            .append(n)
            .append("' x:note='n")
            .append(n)
            .append("' _custom=\"1\"/>\n");
      }
      opml.append("</outline>\n");
    }
    byte[] bytes = opml.append("</body></opml>").toString().getBytes(StandardCharsets.UTF_8);
    FeedListFile file = file(BY_HAND);

    FeedListFile.Imported dry = file.load("500.opml", bytes, ME, null, true);
    assertThat(text()).isEqualTo(BY_HAND);
    FeedListFile.Imported real = file.load("500.opml", bytes, ME, null, false);
    FeedListFile.Imported again = file.load("500.opml", bytes, ME, null, false);
    byte[] exported = file.export();

    List<FeedEntry> there = FeedList.parse("500.opml", bytes).feeds();
    assertThat(dry.added()).isEqualTo(there);
    assertThat(real.added()).isEqualTo(there);
    assertThat(again.added()).isEmpty();
    assertThat(again.known()).hasSize(500);
    List<FeedEntry> here = FeedList.parse("x", exported).feeds();
    assertThat(here.subList(3, 503)).isEqualTo(there);
    assertThat(new String(exported, StandardCharsets.UTF_8))
        .contains("x:note='n499' _custom=\"1\"")
        .contains("<outline xmlns:x=\"urn:x\" xmlUrl='https://f0.example/?a=1&amp;b=\u00fc'")
        .startsWith(BY_HAND.substring(0, BY_HAND.indexOf("  </body>")));
    // An empty installation that imports what another exported has the same list.
    Path other = Files.createDirectories(folder.resolve("other")).resolve("feeds.opml");
    FeedListFile second = new FeedListFile(other, new Doubles.Clock());
    second.load("exported", exported, ME, null, false);
    assertThat(second.read().list().feeds()).containsExactlyInAnyOrderElementsOf(here);
  }

  @Test
  void anEditOfTheFileIsTakenOverOnceItRests() throws IOException {
    FeedListFile file = file(BY_HAND);
    FeedListWatch watch = new FeedListWatch(file.file());
    assertThat(watch.get()).hasSize(3);

    file.add(entry("https://new.example/"), null, ME, null);

    assertThat(watch.get()).hasSize(3);
    assertThat(watch.get()).hasSize(4);
  }

  @Test
  void anUnusableEditIsRefusedWithItsLineUntilItIsMended() throws IOException {
    FeedListFile file = file(BY_HAND);
    FeedListWatch watch = new FeedListWatch(file.file());
    Files.writeString(file.file(), BY_HAND.replace("https://b.", "ftp://b."));
    assertThat(watch.get()).hasSize(3);

    assertThatThrownBy(watch::get)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("feeds.opml:12: xmlUrl: must start with http");
    assertThatThrownBy(watch::get).isInstanceOf(ConfigException.class);

    Files.writeString(
        file.file(), BY_HAND.replace("https://b.example/feed", "https://b.example/x"));
    assertThatThrownBy(watch::get).isInstanceOf(ConfigException.class);
    assertThat(watch.get()).extracting(FeedEntry::url).contains("https://b.example/x");
  }
}
