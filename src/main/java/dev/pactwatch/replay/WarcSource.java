package dev.pactwatch.replay;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import org.netpreserve.jwarc.HttpResponse;
import org.netpreserve.jwarc.ParsingException;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcResponse;

/**
 * Hands out the answers that a web archive (WARC 1.0 and 1.1, plain or gzip by record) holds: feeds
 * and pages, of status 200. Requests, metadata and repeats of an earlier answer hold none.
 */
final class WarcSource {

  private WarcSource() {}

  /**
   * @param name of the archive
   * @param in not closed
   */
  @SuppressWarnings("resource") // The stream belongs to the caller.
  static void read(String name, InputStream in, ReplaySource.Visitor visitor) throws IOException {
    WarcReader reader = new WarcReader(in);
    try {
      for (Optional<WarcRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
        if (next.get() instanceof WarcResponse response) {
          answer(name, response, visitor);
        }
      }
    } catch (ParsingException e) {
      // Where one record ends and the next begins is lost; what was read before is whole.
      visitor.refused(name, "no WARC record at byte " + reader.position());
    }
  }

  private static void answer(String name, WarcResponse response, ReplaySource.Visitor visitor)
      throws IOException {
    String address = response.target();
    String inside = name + "!/" + address;
    HttpResponse http;
    byte[] body;
    try {
      if (!response.contentType().base().toString().equals("application/http")) {
        return;
      }
      http = response.http();
      if (http.status() != 200 || !wanted(http)) {
        return;
      }
      body = http.bodyDecoded().stream().readNBytes(ReplaySource.MAX_BYTES + 1);
    } catch (IOException | IllegalArgumentException e) {
      visitor.refused(inside, "an answer that cannot be read");
      return;
    }
    if (body.length > ReplaySource.MAX_BYTES) {
      visitor.refused(inside, "larger than 10 MiB");
    } else {
      visitor.capture(inside, address, http.headers().first("Content-Type").orElse(null), body);
    }
  }

  /** Images, styles and scripts are most of an archive; nothing is lost with them. */
  private static boolean wanted(HttpResponse http) {
    String type = http.headers().first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    return type.isBlank()
        || type.contains("xml")
        || type.contains("html")
        || type.contains("json")
        || type.startsWith("text/plain");
  }
}
