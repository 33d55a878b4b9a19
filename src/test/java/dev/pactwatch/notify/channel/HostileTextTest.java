package dev.pactwatch.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.rometools.rome.io.SyndFeedInput;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.feed.FeedParser;
import dev.pactwatch.feed.FeedResult;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.AlertText;
import dev.pactwatch.notify.subscription.Target;
import jakarta.mail.Header;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

/** Nothing that a headline says does anything anywhere. */
class HostileTextTest {

  /** Control, format and surrogate characters, and what XML 1.0 does not hold. */
  private static final Pattern HIDDEN =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}&&[^\\n]]");

  /** More than 998 characters, or other ones than visible ASCII and line ends in pairs. */
  private static final Pattern LONG_OR_ODD_LINE =
      Pattern.compile("[^\\r\\n]{999}|[^\\x20-\\x7e\\r\\n\\t]|\\r(?!\\n)|(?<!\\r)\\n");

  private static final Pattern SLACK_LINK =
      Pattern.compile("<https?://[^|<>*_~`@]*\\|[^|<>*_~`@]*>");
  private static final Pattern MARKDOWN_LINK =
      Pattern.compile(
          "(?<!\\\\)\\[((?:\\\\.|[^\\[\\]\\\\])*)]\\(https?://[^()\\[\\]*~`|<>\\\\ ]*\\)");

  private static final List<String> ATTRIBUTES =
      List.of("style", "href", "rel", "lang", "charset", "name", "content");

  private static final List<String> TEXTS = HostileTexts.all();
  private static final Templates TEMPLATES = Templates.shipped();

  @Test
  void thereAreMoreThanTwoHundredTexts() {
    assertThat(TEXTS).hasSizeGreaterThan(200).doesNotHaveDuplicates();
  }

  @Test
  void jsonForMachinesHoldsTheRecordUnchanged() throws Exception {
    for (Notification notification : notifications()) {
      JsonNode body = Json.mapper().readTree(Envelope.of(notification));
      assertThat(body.path("data"))
          .isEqualTo(Json.mapper().readTree(notification.items().get(0).json()));
      assertThat(body.path("type").asText()).isEqualTo("dev.pactwatch.alert.escalated.v1");

      byte[] group = Envelope.of(group(notification));
      assertThat(group.length).isLessThanOrEqualTo(Envelope.ADVISED);
      assertThat(Json.mapper().readTree(group).path("data").path("count").asInt()).isEqualTo(2);
    }
  }

  @Test
  void slackSeesItsTemplateAndNothingElse() throws Exception {
    ChatMessages messages = new ChatMessages(TEMPLATES);
    for (Notification notification : notifications()) {
      checkSlack(messages, notification);
    }
  }

  static void checkSlack(ChatMessages messages, Notification notification) throws Exception {
    JsonNode message = Json.mapper().readTree(messages.slack(notification));
    assertThat(notHidden(message.path("text").asText())).doesNotContain("<", "@");
    for (JsonNode block : message.path("blocks")) {
      String text = notHidden(block.path("text").path("text").asText());
      String rest = SLACK_LINK.matcher(text).replaceAll("");
      assertThat(rest).doesNotContain("<", "_", "~", "`", "@");
      // The title's two stars, and the sign before the quote.
      assertThat(rest.chars().filter(c -> c == '*').count()).isEqualTo(2);
      assertThat(rest.replace("\n>", "\n")).doesNotContain(">");
      assertThat(rest.replaceAll("&(amp|lt|gt);", "")).doesNotContain("&");
    }
  }

  @Test
  void teamsSeesItsTemplateAndNothingElse() throws Exception {
    ChatMessages messages = new ChatMessages(TEMPLATES);
    for (Notification notification : notifications()) {
      checkTeams(messages, notification);
    }
  }

  static void checkTeams(ChatMessages messages, Notification notification) throws Exception {
    byte[] bytes = messages.teams(notification);
    assertThat(bytes.length).isLessThanOrEqualTo(20 * 1024);
    JsonNode card = Json.mapper().readTree(bytes).path("attachments").get(0).path("content");
    JsonNode items = card.path("body").get(0).path("items");
    assertThat(items).hasSize(1);
    String rest = withoutTemplate(items.get(0).path("text").asText());
    // The title's stars and the quote's underscores.
    assertThat(rest.replaceFirst("\\*\\*(.*)\\*\\*", "$1").replaceAll("(?m)^_(.*)_$", "$1"))
        .doesNotContain("*", "_", "~", "`", "|", "<", ">", "#", "[", "]", "(", "{", "}", "@");
    assertThat(card.path("actions").get(0).path("url").asText())
        .startsWith("https://pactwatch.example.org/alerts/");
  }

  @Test
  void discordSeesItsTemplateAndNothingElse() throws Exception {
    ChatMessages messages = new ChatMessages(TEMPLATES);
    for (Notification notification : notifications()) {
      checkDiscord(messages, notification);
    }
  }

  static void checkDiscord(ChatMessages messages, Notification notification) throws Exception {
    JsonNode message = Json.mapper().readTree(messages.discord(notification));
    assertThat(message.path("allowed_mentions").toString()).isEqualTo("{\"parse\":[]}");
    JsonNode embed = message.path("embeds").get(0);
    for (String text : List.of(embed.path("title").asText(), embed.path("description").asText())) {
      assertThat(withoutTemplate(text).replaceAll("(?m)^> ", ""))
          .doesNotContain("*", "_", "~", "`", "|", "<", ">", "#", "[", "]", "(", "{", "}", "@");
    }
  }

  /**
   * What is left of Markdown that would have an effect, once links and brackets of ours are gone.
   */
  private static String withoutTemplate(String text) {
    notHidden(text);
    Matcher links = MARKDOWN_LINK.matcher(text);
    // Something stands there still: what follows it is not at the begin of a line.
    String rest = links.replaceAll("").replaceAll("\\\\[^A-Za-z0-9\\s]", "\u00b6");
    // "dispute (opened)" stands in the template.
    rest = rest.replaceFirst("\\((escalated)\\)", "$1");
    assertThat(rest).doesNotContain("://", "www.", "mailto:").doesNotContainPattern("(?m)^\\d+\\.");
    return rest;
  }

  private static final List<String> MAIL_TAGS =
      List.of(
          "html",
          "head",
          "meta",
          "title",
          "body",
          "div",
          "p",
          "h2",
          "ul",
          "li",
          "a",
          "br",
          "blockquote");

  @Test
  void aMailHasItsOwnHeadersAndItsOwnMarkup() throws Exception {
    List<String> usual = usualHeaders();
    for (Notification notification : notifications()) {
      checkMail(notification, usual);
    }
  }

  static void checkMail(Notification notification, List<String> usual) throws Exception {
    MimeMessage mail = mail(notification);
    assertThat(headers(mail)).isEqualTo(usual);
    assertThat(notHidden(mail.getSubject())).doesNotContain("\n").hasSizeLessThanOrEqualTo(210);
    assertThat(mail.getAllRecipients()).hasSize(1);
    MimeMultipart parts = (MimeMultipart) mail.getContent();
    assertThat(parts.getCount()).isEqualTo(2);
    notHidden(((String) parts.getBodyPart(0).getContent()).replace("\r\n", "\n"));
    Element html = Jsoup.parse((String) parts.getBodyPart(1).getContent());
    checkMarkup(html, MAIL_TAGS);
  }

  /** The names of the headers of a mail about ordinary news. */
  static List<String> usualHeaders() throws Exception {
    return headers(mail(Samples.alert(SampleAlerts.dispute())));
  }

  private static void checkMarkup(Element html, List<String> tags) {
    List<String> foreign = new ArrayList<>();
    for (Element element : html.getAllElements()) {
      if (!tags.contains(element.tagName()) && !element.tagName().equals("#root")) {
        foreign.add(element.tagName());
      }
      for (Attribute attribute : element.attributes()) {
        if (!ATTRIBUTES.contains(attribute.getKey())) {
          foreign.add(attribute.getKey());
        }
      }
      if (element.hasAttr("href") && !element.attr("href").matches("https?://[^\"'<>\\s]*")) {
        foreign.add(element.attr("href"));
      }
    }
    assertThat(foreign).isEmpty();
  }

  @Test
  void pushMessagesAndTheConsoleHoldPlainText() throws Exception {
    OutboundClient http = new OutboundClient(OutboundSettings.defaults("test", "", List.of()));
    NtfyChannel ntfy =
        new NtfyChannel(
            new Target.Ntfy(URI.create("https://ntfy.example.org"), "pacts", null),
            http,
            TEMPLATES,
            InstantSource.system());
    ConsoleChannel console = new ConsoleChannel(System.out, new AlertText(100, false));
    for (Notification notification : notifications()) {
      JsonNode message = Json.mapper().readTree(ntfy.render(notification).body());
      assertThat(notHidden(message.path("title").asText())).doesNotContain("\n");
      assertThat(
              notHidden(message.path("message").asText()).getBytes(StandardCharsets.UTF_8).length)
          .isLessThanOrEqualTo(4096);
      assertThat(message.path("topic").asText()).isEqualTo("pacts");
      assertThat(message.path("click").asText()).startsWith("https://pactwatch.example.org/");
      notHidden(new String(console.render(notification).body(), StandardCharsets.UTF_8));
    }
    http.close();
  }

  @Test
  void feedsAreWellFormedAndTheirMarkupIsTheirOwn() throws Exception {
    List<AlertFeeds.Entry> entries = new ArrayList<>();
    for (Notification notification : notifications()) {
      entries.add(new AlertFeeds.Entry(notification.items().get(0).alert(), Samples.MADE));
    }
    for (String text : TEXTS) {
      checkFeed(text);
    }
    AlertFeeds.Page page =
        new AlertFeeds.Page("all", "All", "https://x.example/f", Samples.LINKS, null, null);
    byte[] atom = AlertFeeds.atom(page, entries);
    parsed(atom);
    var rome =
        new SyndFeedInput().build(new StringReader(new String(atom, StandardCharsets.UTF_8)));
    assertThat(rome.getEntries()).hasSize(entries.size());
    for (var entry : rome.getEntries()) {
      notHidden(entry.getTitle());
      Element html = Jsoup.parse(entry.getContents().get(0).getValue());
      checkMarkup(html, List.of("html", "head", "body", "p", "ul", "li", "a", "blockquote"));
    }
    FeedResult own = new FeedParser().parse(atom, "application/atom+xml", "https://x.example/f");
    assertThat(((FeedResult.Parsed) own).feed().format()).isEqualTo("Atom 1.0");
  }

  static void checkFeed(String text) throws Exception {
    AlertFeeds.Page page =
        new AlertFeeds.Page(text, text, text, Samples.LINKS, "https://x.example/" + text, null);
    List<AlertFeeds.Entry> one =
        List.of(new AlertFeeds.Entry(SampleAlerts.hostile(text, text), Samples.MADE));
    parsed(AlertFeeds.atom(page, one));
    assertThat(Json.mapper().readTree(AlertFeeds.json(page, one)).path("items")).hasSize(1);
  }

  private static void parsed(byte[] xml) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    assertThat(
            factory
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml))
                .getDocumentElement()
                .getLocalName())
        .isEqualTo("feed");
  }

  @Test
  void whatLooksLikeATemplateIsText() throws Exception {
    Notification notification = Samples.alert(SampleAlerts.hostile("x", "{alert.id} {#if x}"));

    for (Part part : Part.values()) {
      String text =
          part.single()
              ? TEMPLATES.one(part, notification, notification.items().get(0))
              : TEMPLATES.message(part, notification, 1);
      if (part != Part.NTFY_TITLE) {
        assertThat(text.replace("\\", "")).contains("{alert.id} {#if x}");
      }
    }
  }

  private static String notHidden(String text) {
    assertThat(HIDDEN.matcher(text).find()).as("hidden characters in %s", text).isFalse();
    return text;
  }

  private static MimeMessage mail(Notification notification) throws Exception {
    byte[] bytes =
        MailMessage.of(
            notification,
            new InternetAddress("alerts@example.com"),
            List.of("reader@example.org"),
            TEMPLATES.message(Part.EMAIL_SUBJECT, notification, 9),
            TEMPLATES.message(Part.EMAIL_TEXT, notification, 9),
            TEMPLATES.message(Part.EMAIL_HTML, notification, 9));
    assertThat(LONG_OR_ODD_LINE.matcher(new String(bytes, StandardCharsets.ISO_8859_1)).find())
        .isFalse();
    return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(bytes));
  }

  private static List<String> headers(MimeMessage mail) throws Exception {
    List<String> names = new ArrayList<>();
    var headers = mail.getAllHeaders();
    while (headers.hasMoreElements()) {
      names.add(((Header) headers.nextElement()).getName());
    }
    return names;
  }

  private static List<Notification> notifications() {
    List<Notification> all = new ArrayList<>();
    for (String text : TEXTS) {
      Alert alert = SampleAlerts.hostile("a1", text);
      all.add(Samples.alert(alert));
    }
    return all;
  }

  private static Notification group(Notification one) {
    Notification.Item item = one.items().get(0);
    return new Notification(
        one.id(),
        one.subscription(),
        Notification.Kind.GROUP,
        List.of(item, item),
        item.alert().title(),
        one.made(),
        one.links());
  }
}
