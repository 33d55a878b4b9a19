package dev.pactwatch.feed;

import com.rometools.rome.io.FeedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads feeds of every common format: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, CDF, JSON Feed 1.x,
 * news sitemaps.
 *
 * <p>The input is hostile until proven otherwise. It is decoded, scanned and cut down to what news
 * needs behind {@link Limits}, and only the remainder is given to Rome. Nothing is fetched, no
 * entity is expanded, no exception leaves {@link #parse}.
 *
 * <p>Stateless: one instance serves any number of threads.
 */
public final class FeedParser {

  /**
   * @param body the bytes as received, decompressed
   * @param contentType the HTTP header, may be null
   * @param source address or file name, to resolve relative links; may be null
   */
  public FeedResult parse(byte[] body, String contentType, String source) {
    if (body.length > Limits.BODY_BYTES) {
      return new FeedResult.Unreadable("larger than 10 MiB");
    }
    Warnings warnings = new Warnings();
    try {
      return read(body, contentType, source, warnings);
    } catch (UnreadableException e) {
      return new FeedResult.Unreadable(e.getMessage());
    } catch (FeedException | RuntimeException e) {
      return new FeedResult.Unreadable("cannot be read as a feed: " + oneLine(e));
    } catch (StackOverflowError e) {
      return new FeedResult.Unreadable("nested too deeply to be read");
    }
  }

  private static FeedResult read(byte[] body, String contentType, String source, Warnings warnings)
      throws FeedException {
    if (body.length == 0) {
      throw new UnreadableException("empty");
    }
    String binary = binary(body);
    if (binary != null) {
      throw new UnreadableException(binary);
    }
    String text = new TextDecoder(body, warnings).decode(contentType);
    Addresses addresses = new Addresses(source);
    int first = firstOf(text);
    if (first < 0) {
      throw new UnreadableException("empty");
    }
    if (text.charAt(first) == '{' || text.charAt(first) == '[') {
      return new JsonFeedReader(addresses).read(text.substring(first), warnings.lines());
    }
    XmlScanner scanner = new XmlScanner(text, warnings);
    XmlScanner.Scanned scanned = scanner.scan();
    if (scanned.root() == null) {
      throw new UnreadableException(
          text.indexOf('<') < 0 ? "plain text, not a feed" : "XML without an element, not a feed");
    }
    List<RejectedItem> rejected = new ArrayList<>();
    XmlScanner.Cut cut = scanned.cut();
    if (cut != null) {
      recover(cut, scanner.itemsClosed(), rejected, warnings);
    }
    ParsedFeed feed = RomeReader.read(new Shaper(scanned.root(), addresses).shape());
    if (scanned.itemsOverLimit() > 0) {
      rejected.add(overLimit(scanned.itemsOverLimit()));
    }
    return new FeedResult.Parsed(feed, rejected, warnings.lines());
  }

  /** Items that were closed before the end are whole; without one there is nothing to keep. */
  private static void recover(
      XmlScanner.Cut cut, int closed, List<RejectedItem> rejected, Consumer<String> warnings) {
    String where =
        "ends in the middle of <"
            + PlainText.cut(cut.element(), 40)
            + ">"
            + (cut.number() > 0 ? " " + cut.number() : "")
            + " (line "
            + cut.line()
            + ")";
    if (closed == 0) {
      throw new UnreadableException(where);
    }
    warnings.accept(where);
    if (cut.number() > 0) {
      rejected.add(
          new RejectedItem(cut.number(), 1, null, "the document ends in the middle of it"));
    }
  }

  static RejectedItem overLimit(int count) {
    return new RejectedItem(
        Limits.ITEMS + 1, count, null, "the feed has more than " + Limits.ITEMS + " items");
  }

  private static int firstOf(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > ' ' && c != '\ufeff') {
        return i;
      }
    }
    return -1;
  }

  /** What a file that is no text at all is, by its first bytes. */
  private static String binary(byte[] body) {
    if (starts(body, 0x1f, 0x8b)) {
      return "gzip data, not a feed";
    }
    if (starts(body, 'P', 'K', 3, 4)) {
      return "a ZIP archive, not a feed";
    }
    if (starts(body, '%', 'P', 'D', 'F')) {
      return "a PDF document, not a feed";
    }
    if (starts(body, 0x89, 'P', 'N', 'G')
        || starts(body, 'G', 'I', 'F', '8')
        || starts(body, 0xff, 0xd8, 0xff)) {
      return "an image, not a feed";
    }
    return null;
  }

  private static boolean starts(byte[] body, int... with) {
    if (body.length < with.length) {
      return false;
    }
    for (int i = 0; i < with.length; i++) {
      if ((body[i] & 0xff) != with[i]) {
        return false;
      }
    }
    return true;
  }

  private static String oneLine(Exception e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return PlainText.cut(message.replaceAll("[\\p{Cntrl}\\s]+", " ").strip(), 200);
  }

  /** The first few, and how many more there were: a broken feed can give one for every tag. */
  private static final class Warnings implements Consumer<String> {

    private final List<String> first = new ArrayList<>();
    private int more;

    @Override
    public void accept(String warning) {
      if (first.size() < Limits.WARNINGS) {
        if (!first.contains(warning)) {
          first.add(warning);
        }
      } else {
        more++;
      }
    }

    List<String> lines() {
      List<String> lines = new ArrayList<>(first);
      if (more > 0) {
        lines.add("and " + more + " more of the kind");
      }
      return lines;
    }
  }
}
