package dev.pactwatch.feed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One test for each rung of the ladder by which bytes become text. */
class FeedEncodingTest {

  private static final String TITLE = "Käse für Łódź – naïve café";
  private static final String WESTERN = "Käse für naïve Gäste – “gut”";

  private static byte[] feed(String declaration, String title, Charset charset) {
    return (declaration
            + "<rss version='2.0'><channel><title>"
            + title
            + "</title></channel></rss>")
        .getBytes(charset);
  }

  private static FeedResult.Parsed read(byte[] body, String contentType) {
    FeedResult result = new FeedParser().parse(body, contentType, null);
    assertThat(result).isInstanceOf(FeedResult.Parsed.class);
    return (FeedResult.Parsed) result;
  }

  private static String title(byte[] body, String contentType) {
    return read(body, contentType).feed().title();
  }

  private static byte[] marked(int[] mark, byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int b : mark) {
      out.write(b);
    }
    out.writeBytes(body);
    return out.toByteArray();
  }

  @Test
  void a_byte_order_mark_outranks_everything() {
    String declared = "<?xml version='1.0' encoding='iso-8859-2'?>";
    String http = "text/xml; charset=windows-1251";
    assertThat(title(marked(new int[] {0xef, 0xbb, 0xbf}, feed(declared, TITLE, UTF_8)), http))
        .isEqualTo(TITLE);
    assertThat(title(marked(new int[] {0xff, 0xfe}, feed(declared, TITLE, UTF_16LE)), http))
        .isEqualTo(TITLE);
    assertThat(title(marked(new int[] {0xfe, 0xff}, feed(declared, TITLE, UTF_16BE)), http))
        .isEqualTo(TITLE);
    assertThat(
            title(
                marked(
                    new int[] {0xff, 0xfe, 0, 0},
                    feed(declared, TITLE, Charset.forName("UTF-32LE"))),
                http))
        .isEqualTo(TITLE);
  }

  @Test
  void utf_16_without_a_mark_is_known_by_its_shape() {
    assertThat(title(feed("<?xml version='1.0'?>", TITLE, UTF_16LE), null)).isEqualTo(TITLE);
    assertThat(title(feed("<?xml version='1.0'?>", TITLE, UTF_16BE), null)).isEqualTo(TITLE);
  }

  @Test
  void the_http_header_outranks_the_declaration() {
    byte[] body =
        feed(
            "<?xml version='1.0' encoding='utf-8'?>",
            "Новости порта",
            Charset.forName("windows-1251"));
    assertThat(title(body, "application/rss+xml; Charset=\"windows-1251\""))
        .isEqualTo("Новости порта");
  }

  @Test
  void the_declaration_counts_where_the_header_says_nothing() {
    byte[] body =
        feed("<?xml version='1.0' encoding='koi8-r'?>", "Новости порта", Charset.forName("koi8-r"));
    assertThat(title(body, "text/xml")).isEqualTo("Новости порта");
    byte[] korean =
        feed("<?xml version='1.0' encoding='euc-kr'?>", "한국 소식", Charset.forName("euc-kr"));
    assertThat(title(korean, null)).isEqualTo("한국 소식");
  }

  @Test
  void latin_1_means_windows_1252() {
    byte[] body =
        feed(
            "<?xml version='1.0' encoding='iso-8859-1'?>",
            WESTERN,
            Charset.forName("windows-1252"));
    assertThat(title(body, null)).isEqualTo(WESTERN);
  }

  @Test
  void utf_8_needs_no_declaration_and_beats_a_wrong_one() {
    assertThat(title(feed("", TITLE, UTF_8), "text/xml")).isEqualTo(TITLE);
    FeedResult.Parsed latin =
        read(feed("<?xml version='1.0' encoding='iso-8859-1'?>", TITLE, UTF_8), null);
    assertThat(latin.feed().title()).isEqualTo(TITLE);
    assertThat(latin.warnings())
        .containsExactly("the XML declaration says windows-1252, but the bytes are UTF-8");
    assertThat(title(feed("<?xml version='1.0' encoding='utf-16'?>", TITLE, UTF_8), null))
        .isEqualTo(TITLE);
    assertThat(title(feed("<?xml version='1.0' encoding='no-such-thing'?>", TITLE, UTF_8), null))
        .isEqualTo(TITLE);
  }

  @Test
  void what_nothing_declares_is_told_by_statistics() {
    String words =
        "Der Hafen hat größere Kräne bestellt, und die Gäste müssen länger warten. ".repeat(20);
    FeedResult.Parsed parsed = read(feed("", words, ISO_8859_1), null);
    assertThat(parsed.feed().title()).startsWith("Der Hafen hat größere Kräne bestellt");
    assertThat(parsed.warnings()).singleElement().asString().contains("guessed");
    String russian =
        "Порт заказал новые краны, и гостям придётся подождать дольше обычного. ".repeat(20);
    assertThat(title(feed("", russian, Charset.forName("windows-1251")), null))
        .startsWith("Порт заказал новые краны");
  }

  @Test
  void a_few_wrong_bytes_do_not_spoil_the_rest() {
    byte[] body = feed("<?xml version='1.0' encoding='utf-8'?>", "Łódź Łódź Łódź it@s", UTF_8);
    for (int i = 0; i < body.length; i++) {
      if (body[i] == '@') {
        body[i] = (byte) 0x92;
      }
    }
    FeedResult.Parsed parsed = read(body, null);
    assertThat(parsed.feed().title()).isEqualTo("Łódź Łódź Łódź it’s");
    assertThat(parsed.warnings())
        .isEqualTo(List.of("some bytes are not UTF-8 and were read as windows-1252"));
  }
}
