package dev.pactwatch.feed;

import com.ibm.icu.text.CharsetDetector;
import com.ibm.icu.text.CharsetMatch;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides how bytes are text, by the first of these that fits them: byte order mark, the shape of
 * UTF-16 and UTF-32, charset of the HTTP header, XML declaration, validity as UTF-8, statistics.
 *
 * <p>A declaration that the bytes contradict is passed over with a warning. A declaration of one of
 * the western single-byte charsets contradicts nothing, so there valid UTF-8 of more than one byte
 * per character is taken for what it is: such sequences do not arise by chance.
 */
final class TextDecoder {

  private static final Pattern HTTP_CHARSET =
      Pattern.compile("(?i)\\bcharset\\s{0,4}=\\s{0,4}[\"']?([A-Za-z0-9_.:+-]{1,40})");

  private static final Pattern XML_ENCODING =
      Pattern.compile(
          "^\\s*<\\?xml[^>]{0,200}?encoding\\s{0,8}=\\s{0,8}[\"']([A-Za-z0-9_.:+-]{1,40})");

  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

  /** Charsets that are written but whose superset is meant, as browsers read them. */
  private static final Map<String, String> MEANT =
      Map.ofEntries(
          Map.entry("iso-8859-1", "windows-1252"),
          Map.entry("us-ascii", "windows-1252"),
          Map.entry("iso-8859-9", "windows-1254"),
          Map.entry("iso-8859-11", "x-windows-874"),
          Map.entry("macintosh", "x-macroman"),
          Map.entry("mac-roman", "x-macroman"),
          Map.entry("tis-620", "x-windows-874"),
          Map.entry("gb2312", "gb18030"),
          Map.entry("gbk", "gb18030"),
          Map.entry("big5", "big5-hkscs"),
          Map.entry("euc-kr", "x-windows-949"),
          Map.entry("ks_c_5601-1987", "x-windows-949"),
          Map.entry("shift_jis", "windows-31j"));

  private static final int STATISTICS_BYTES = 128 * 1024;

  private final byte[] body;
  private final Consumer<String> warnings;

  TextDecoder(byte[] body, Consumer<String> warnings) {
    this.body = body;
    this.warnings = warnings;
  }

  String decode(String contentType) {
    String byMark = byMarkOrShape();
    if (byMark != null) {
      return byMark;
    }
    boolean utf8 = decodesAs(StandardCharsets.UTF_8);
    String declared = charsetOf(HTTP_CHARSET, contentType);
    String text = declared(declared, "the HTTP header", utf8);
    if (text == null) {
      String prolog =
          new String(body, 0, Math.min(body.length, 1_024), StandardCharsets.ISO_8859_1);
      declared = charsetOf(XML_ENCODING, prolog);
      text = declared(declared, "the XML declaration", utf8);
    }
    if (text != null) {
      return text;
    }
    if (utf8) {
      return new String(body, StandardCharsets.UTF_8);
    }
    return mostlyUtf8() ? repairedUtf8() : byStatistics();
  }

  private String byMarkOrShape() {
    int b0 = at(0);
    int b1 = at(1);
    int b2 = at(2);
    int b3 = at(3);
    if (b0 == 0xef && b1 == 0xbb && b2 == 0xbf) {
      byte[] rest = Arrays.copyOfRange(body, 3, body.length);
      return new TextDecoder(rest, warnings).decode("charset=utf-8");
    }
    if (b0 == 0xff && b1 == 0xfe && b2 == 0 && b3 == 0) {
      return from(4, "UTF-32LE");
    }
    if (b0 == 0 && b1 == 0 && b2 == 0xfe && b3 == 0xff) {
      return from(4, "UTF-32BE");
    }
    if (b0 == 0xff && b1 == 0xfe) {
      return from(2, "UTF-16LE");
    }
    if (b0 == 0xfe && b1 == 0xff) {
      return from(2, "UTF-16BE");
    }
    if (b0 == '<' && b1 == 0 && b2 == 0 && b3 == 0) {
      return from(0, "UTF-32LE");
    }
    if (b0 == 0 && b1 == 0 && b2 == 0 && b3 == '<') {
      return from(0, "UTF-32BE");
    }
    if (b0 == '<' && b1 == 0 && b3 == 0) {
      return from(0, "UTF-16LE");
    }
    if (b0 == 0 && b1 == '<' && b2 == 0) {
      return from(0, "UTF-16BE");
    }
    if (b0 == 0x4c && b1 == 0x6f && b2 == 0xa7 && b3 == 0x94) {
      return from(0, "IBM037");
    }
    return null;
  }

  private int at(int index) {
    return index < body.length ? body[index] & 0xff : -1;
  }

  private String from(int offset, String charset) {
    return new String(body, offset, body.length - offset, Charset.forName(charset));
  }

  private static String charsetOf(Pattern pattern, String text) {
    if (text == null) {
      return null;
    }
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : null;
  }

  /** The text in the declared charset, or null where the declaration does not hold. */
  private String declared(String name, String where, boolean utf8) {
    if (name == null) {
      return null;
    }
    Charset charset = charset(name);
    if (charset == null) {
      warnings.accept(where + " names an unknown encoding");
      return null;
    }
    if (charset.equals(StandardCharsets.UTF_8)) {
      if (utf8) {
        return new String(body, StandardCharsets.UTF_8);
      }
      if (mostlyUtf8()) {
        return repairedUtf8();
      }
      warnings.accept(where + " says UTF-8, which the bytes are not");
      return null;
    }
    if (charset.name().startsWith("UTF-16") || charset.name().startsWith("UTF-32")) {
      // The bytes were readable enough to find the declaration in them, so they are neither.
      warnings.accept(where + " says " + charset.name() + ", which the bytes are not");
      return null;
    }
    if (utf8 && charset.equals(WINDOWS_1252)) {
      if (hasHighBytes()) {
        warnings.accept(where + " says " + charset.name() + ", but the bytes are UTF-8");
      }
      return new String(body, StandardCharsets.UTF_8);
    }
    if (decodesAs(charset) || !utf8) {
      return new String(body, charset);
    }
    warnings.accept(where + " says " + charset.name() + ", which the bytes are not");
    return null;
  }

  private static Charset charset(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    try {
      Charset named = Charset.forName(MEANT.getOrDefault(lower, name));
      String meant = MEANT.get(named.name().toLowerCase(Locale.ROOT));
      return meant == null ? named : Charset.forName(meant);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return null;
    }
  }

  private boolean hasHighBytes() {
    for (byte b : body) {
      if (b < 0) {
        return true;
      }
    }
    return false;
  }

  /** Decodes in small steps, so that the check costs no second copy of the body. */
  private boolean decodesAs(Charset charset) {
    var decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(body);
    CharBuffer out = CharBuffer.allocate(8_192);
    while (true) {
      var result = decoder.decode(in, out, true);
      if (result.isError()) {
        return false;
      }
      if (result.isUnderflow()) {
        return true;
      }
      out.clear();
    }
  }

  /** Whether most bytes over 0x7f belong to valid UTF-8 sequences. */
  private boolean mostlyUtf8() {
    int good = 0;
    int bad = 0;
    for (int i = 0; i < body.length; ) {
      int length = sequence(i);
      if (length == 0) {
        bad++;
        i++;
      } else {
        if (length > 1) {
          good++;
        }
        i += length;
      }
    }
    return good > 3 * bad;
  }

  /** UTF-8 with single bytes of windows-1252 among it, as templates of two origins give. */
  private String repairedUtf8() {
    warnings.accept("some bytes are not UTF-8 and were read as windows-1252");
    StringBuilder text = new StringBuilder(body.length);
    int from = 0;
    int i = 0;
    while (i < body.length) {
      int length = sequence(i);
      if (length > 0) {
        i += length;
        continue;
      }
      text.append(new String(body, from, i - from, StandardCharsets.UTF_8));
      text.append(new String(body, i, 1, WINDOWS_1252));
      i++;
      from = i;
    }
    return text.append(new String(body, from, i - from, StandardCharsets.UTF_8)).toString();
  }

  /** Length of the valid UTF-8 sequence at {@code i}, 0 where there is none. */
  private int sequence(int i) {
    int b = body[i] & 0xff;
    if (b < 0x80) {
      return 1;
    }
    int length =
        b >= 0xc2 && b <= 0xdf ? 2 : b >= 0xe0 && b <= 0xef ? 3 : b >= 0xf0 && b <= 0xf4 ? 4 : 0;
    if (length == 0 || i + length > body.length) {
      return 0;
    }
    int second = body[i + 1] & 0xff;
    int lowest = b == 0xe0 ? 0xa0 : b == 0xf0 ? 0x90 : 0x80;
    int highest = b == 0xed ? 0x9f : b == 0xf4 ? 0x8f : 0xbf;
    if (second < lowest || second > highest) {
      return 0;
    }
    for (int k = 2; k < length; k++) {
      if ((body[i + k] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  private String byStatistics() {
    CharsetDetector detector = new CharsetDetector();
    detector.enableInputFilter(true);
    detector.setText(body.length > STATISTICS_BYTES ? Arrays.copyOf(body, STATISTICS_BYTES) : body);
    CharsetMatch match = detector.detect();
    Charset guessed = match == null || match.getConfidence() < 10 ? null : charset(match.getName());
    Charset charset = guessed == null || guessed.name().startsWith("UTF") ? WINDOWS_1252 : guessed;
    warnings.accept("the encoding is not declared and was guessed to be " + charset.name());
    return new String(body, charset);
  }
}
