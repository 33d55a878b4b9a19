package dev.pactwatch.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.brotli.dec.BrotliInputStream;

/** Reads a body within limits that hold before and after unpacking. */
final class BodyReader {

  /**
   * Below this many unpacked bytes a ratio says nothing: a short feed of equal items packs well and
   * can do no harm.
   */
  private static final int RATIO_COUNTS_FROM = 256 * 1024;

  private final int maxBytes;
  private final int maxRatio;

  BodyReader(int maxBytes, int maxRatio) {
    this.maxBytes = maxBytes;
    this.maxRatio = maxRatio;
  }

  /** A body that is not accepted. */
  static final class RefusedBody extends IOException {
    private static final long serialVersionUID = 1L;
    private final Refusal refusal;

    RefusedBody(Refusal refusal, String message) {
      super(message);
      this.refusal = refusal;
    }

    Refusal refusal() {
      return refusal;
    }
  }

  /** A packed body whose packing is damaged. */
  static final class BrokenEncoding extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenEncoding(IOException cause) {
      super("the packed body is damaged", cause);
    }
  }

  record Body(byte[] bytes, long received) {}

  /**
   * @param encoding value of {@code Content-Encoding}, may be null
   * @throws RefusedBody when a limit is passed; the stream is then left where it is
   */
  Body read(InputStream in, String encoding) throws IOException {
    Counted counted = new Counted(in);
    InputStream unpacked = unpack(counted, encoding);
    ByteArrayOutputStream out = new ByteArrayOutputStream(32 * 1024);
    byte[] buffer = new byte[16 * 1024];
    while (true) {
      int n = readPacked(unpacked, counted, buffer);
      if (n < 0) {
        return new Body(out.toByteArray(), counted.count);
      }
      out.write(buffer, 0, n);
      if (out.size() > maxBytes) {
        throw new RefusedBody(Refusal.TOO_LARGE, "unpacks to more than " + maxBytes + " bytes");
      }
      if (out.size() > RATIO_COUNTS_FROM && out.size() > maxRatio * Math.max(1, counted.count)) {
        throw new RefusedBody(
            Refusal.BOMB, "unpacks to more than " + maxRatio + " times what was sent");
      }
    }
  }

  /** As much of a body as arrives, up to the limit; it is not unpacked. */
  static byte[] beginning(InputStream in, int limit) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[Math.min(limit, 16 * 1024)];
    try {
      int n = 0;
      while (n >= 0 && out.size() < limit) {
        n = in.read(buffer, 0, Math.min(buffer.length, limit - out.size()));
        out.write(buffer, 0, Math.max(0, n));
      }
    } catch (IOException e) {
      // The status came whole, and that is the answer.
      return out.toByteArray();
    }
    return out.toByteArray();
  }

  private InputStream unpack(Counted counted, String encoding) throws IOException {
    String name = encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
    if (name.isEmpty() || name.equals("identity")) {
      return counted;
    }
    // One byte ahead: an empty body is no damaged archive, whatever its header says.
    PushbackInputStream ahead = new PushbackInputStream(counted, 1);
    int first = ahead.read();
    if (first < 0) {
      return ahead;
    }
    ahead.unread(first);
    try {
      return switch (name) {
        case "gzip", "x-gzip" -> new GZIPInputStream(ahead, 8192);
        // The standard means zlib, some servers send the raw form; zlib's first byte tells.
        case "deflate" -> new InflaterInputStream(ahead, new Inflater((first & 0x0f) != 8), 8192);
        case "br" -> new BrotliInputStream(ahead, 8192);
        default ->
            throw new RefusedBody(Refusal.ENCODING, "is packed in a way that was not asked for");
      };
    } catch (RefusedBody e) {
      throw e;
    } catch (IOException e) {
      throw counted.failed ? e : new BrokenEncoding(e);
    }
  }

  private static int readPacked(InputStream unpacked, Counted counted, byte[] buffer)
      throws IOException {
    try {
      return unpacked.read(buffer);
    } catch (RefusedBody e) {
      throw e;
    } catch (IOException e) {
      // Damage inside the archive is the server's doing, a broken connection is not.
      throw counted.failed || unpacked == counted ? e : new BrokenEncoding(e);
    }
  }

  /** Counts what comes over the wire, and remembers whether the wire failed. */
  private final class Counted extends InputStream {

    private final InputStream in;
    private long count;
    private boolean failed;

    Counted(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n;
      try {
        n = in.read(buffer, offset, length);
      } catch (IOException e) {
        failed = true;
        throw e;
      }
      if (n > 0) {
        count += n;
        if (count > maxBytes) {
          throw new RefusedBody(Refusal.TOO_LARGE, "is longer than " + maxBytes + " bytes");
        }
      }
      return n;
    }
  }
}
