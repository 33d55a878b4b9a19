package dev.pactwatch.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.notify.channel.MailSettings.Security;
import dev.pactwatch.notify.channel.Notification.Kind;
import dev.pactwatch.notify.channel.Notification.Links;
import dev.pactwatch.notify.channel.Outcome.Reason;
import dev.pactwatch.notify.subscription.Secret;
import dev.pactwatch.notify.subscription.Target;
import jakarta.mail.BodyPart;
import jakarta.mail.Header;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLContext;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailChannelTest {

  private static final Attempt FIRST = new Attempt(1, false);
  private static final String READER = "reader@example.org";

  private static ScheduledExecutorService deadlines;
  private static Certificates certificates;

  @BeforeAll
  static void prepare(@TempDir Path folder) throws Exception {
    deadlines = Executors.newSingleThreadScheduledExecutor();
    certificates = Certificates.make(folder);
    System.setProperty("greenmail.tls.keystore.file", folder.resolve("keys.p12").toString());
    System.setProperty("greenmail.tls.keystore.password", Certificates.PASSWORD);
  }

  @AfterAll
  static void end() {
    System.clearProperty("greenmail.tls.keystore.file");
    System.clearProperty("greenmail.tls.keystore.password");
    deadlines.shutdownNow();
  }

  @Test
  void whatArrivesHasBothPartsAndEveryHeader() throws Exception {
    MimeMessage mail = arrived(Samples.alert(SampleAlerts.dispute()), READER);

    assertThat(mail.getSubject())
        .isEqualTo(
            "[critical] dispute: Borealis Cloud threatens to sue Lumen Labs over its deal with"
                + " Tidewater");
    assertThat(((InternetAddress) mail.getFrom()[0]).getPersonal()).isEqualTo("Pactwatch");
    assertThat(mail.getAllRecipients()).extracting(Object::toString).containsExactly(READER);
    assertThat(mail.getSentDate()).isEqualTo(Samples.MADE);
    assertThat(mail.getMessageID()).isEqualTo("<msg_0123456789abcdef@example.com>");
    assertThat(header(mail, "In-Reply-To")).isEqualTo("<alert-a1b2c3@example.com>");
    assertThat(header(mail, "References")).isEqualTo("<alert-a1b2c3@example.com>");
    assertThat(header(mail, "Auto-Submitted")).isEqualTo("auto-generated");
    assertThat(header(mail, "List-Id")).isEqualTo("<newsdesk.pactwatch.example.com>");
    assertThat(header(mail, "List-Unsubscribe"))
        .isEqualTo("<https://pactwatch.example.org/unsubscribe/k3y>");
    assertThat(header(mail, "List-Unsubscribe-Post")).isEqualTo("List-Unsubscribe=One-Click");
    assertThat(mail.isMimeType("multipart/alternative")).isTrue();
    assertThat(part(mail, "text/plain"))
        .contains("Borealis Cloud is weighing legal action")
        .contains("https://pactwatch.example.org/alerts/a1b2c3");
    Document html = Jsoup.parse(part(mail, "text/html"));
    assertThat(html.select("h2").text())
        .isEqualTo("Borealis Cloud threatens to sue Lumen Labs over its deal with Tidewater");
    assertThat(html.select("a").eachAttr("href")).contains("https://news.example/1");
  }

  @Test
  void revisionsOfAnAlertShareAThreadAndNotAnId() throws Exception {
    Alert alert = SampleAlerts.dispute();
    MimeMessage first = parsed(channel(settings(25), READER).render(Samples.alert(alert)));
    Notification next =
        new Notification(
            "msg_second",
            "newsdesk",
            Kind.ALERT,
            List.of(Samples.item(Samples.withdrawn(alert))),
            null,
            Samples.MADE.plusSeconds(60),
            new Links(null, null));
    MimeMessage second = parsed(channel(settings(25), READER).render(next));

    assertThat(second.getMessageID()).isNotEqualTo(first.getMessageID());
    assertThat(header(second, "References")).isEqualTo(header(first, "References"));
    assertThat(second.getSubject()).startsWith("[withdrawn] dispute: ");
    assertThat(second.getHeader("List-Unsubscribe")).isNull();
    assertThat(second.getHeader("List-Unsubscribe-Post")).isNull();
  }

  @Test
  void aGroupStandsInTheThreadsOfItsAlertsAndADigestInNone() throws Exception {
    Alert[] alerts = {SampleAlerts.dispute(), SampleAlerts.conflict()};

    MimeMessage group =
        parsed(channel(settings(25), READER).render(Samples.of(Kind.GROUP, "Two.", alerts)));
    MimeMessage digest =
        parsed(channel(settings(25), READER).render(Samples.of(Kind.DIGEST, "Two.", alerts)));

    assertThat(group.getHeader("References", null).split("\\s+"))
        .containsExactly("<alert-a1b2c3@example.com>", "<alert-d4e5f6@example.com>");
    assertThat(digest.getHeader("References")).isNull();
    assertThat(digest.getSubject()).startsWith("Digest: 2 alerts, the gravest critical: ");
    assertThat(part(digest, "text/plain")).startsWith("Two.").contains("Lumen Labs makes");
  }

  @Test
  void theSameNotificationGivesTheSameBytesAndTheyArriveAsTheyAre() throws Exception {
    Message one = channel(settings(25), READER).render(Samples.alert(SampleAlerts.conflict()));
    Message two = channel(settings(25), READER).render(Samples.alert(SampleAlerts.conflict()));
    assertThat(one.body()).isEqualTo(two.body());

    GreenMail server = greenMail("smtp");
    try {
      EmailChannel channel = channel(settings(server.getSmtp().getPort()), READER);
      channel.send(one, FIRST);
      channel.send(one, new Attempt(2, true));
      for (MimeMessage mail : server.getReceivedMessages()) {
        String raw = GreenMailUtil.getWholeMessage(mail);
        assertThat(raw).endsWith(new String(one.body(), StandardCharsets.UTF_8).stripTrailing());
      }
      assertThat(server.getReceivedMessages()).hasSize(2);
    } finally {
      server.stop();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Title\r\nBcc: victim@example.net\r\n\r\n<script>alert(1)</script>",
        "Title\nX-Injected: 1",
        "\u202eevil\u202c \u0000\u001b[31m \u2028Bcc: victim@example.net",
        "=?UTF-8?Q?Bcc:_victim@example.net=0D=0A?= title",
        "\ud800 lone \udc00 surrogates and \ud83d\ude80",
        "<img src=x onerror=alert(1)> & \"quotes\" 'single' {alert.id}",
        "--=_boundary\r\nContent-Type: text/html\r\n\r\n<b>"
      })
  void aHostileTitleAddsNoHeaderAndNoMarkup(String title) throws Exception {
    Alert hostile = SampleAlerts.hostile("a1", title);
    MimeMessage plain = arrived(Samples.alert(SampleAlerts.dispute()), READER);
    MimeMessage mail = arrived(Samples.alert(hostile), READER);

    assertThat(names(mail)).isEqualTo(names(plain));
    assertThat(mail.getSubject())
        .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Cs}\u2028\u2029]")
        .contains(Clean.line(title).replace("=?", "= ?"));
    assertThat(mail.getHeader("Subject", null)).doesNotContain("\r\n\r\n").isASCII();
    assertThat(((MimeMultipart) mail.getContent()).getCount()).isEqualTo(2);
    Document html = Jsoup.parse(part(mail, "text/html"));
    assertThat(html.select("script, img, b")).isEmpty();
    assertThat(html.select("h2").text()).isEqualTo(Clean.line(title).replaceAll("\\s+", " "));
  }

  @Test
  void severalReadersGetOneMailAndDoNotReadOfEachOther() throws Exception {
    try (ScriptedSmtp server = new ScriptedSmtp(null)) {
      EmailChannel channel = channel(settings(server.port()), "a@example.org", "b@example.net");
      Message message = channel.render(Samples.alert(SampleAlerts.dispute()));
      assertThat(channel.send(message, FIRST)).isInstanceOf(Outcome.Delivered.class);

      assertThat(server.commands())
          .startsWith(
              "EHLO example.com",
              "MAIL FROM:<alerts@example.com>",
              "RCPT TO:<a@example.org>",
              "RCPT TO:<b@example.net>",
              "DATA",
              ".");
      assertThat(new String(message.body(), StandardCharsets.UTF_8))
          .contains("To: undisclosed-recipients:;")
          .doesNotContain("a@example.org", "b@example.net");
    }
  }

  @Test
  void logsInOverTlsToAServerItTrusts() throws Exception {
    GreenMail server = greenMail("smtps");
    try {
      server.setUser("alerts@example.com", "robot", "s3cret");
      int port = server.getSmtps().getPort();

      assertThat(send(secured(port, Security.TLS, "s3cret"), certificates.client()))
          .isInstanceOf(Outcome.Delivered.class);
      Outcome.Failed wrong =
          (Outcome.Failed) send(secured(port, Security.TLS, "wrong"), certificates.client());
      assertThat(wrong.reason()).isEqualTo(Reason.AUTHENTICATION);
      assertThat(wrong.toString()).doesNotContain("wrong");
      Outcome.Failed untrusted = (Outcome.Failed) send(secured(port, Security.TLS, "s3cret"), null);
      assertThat(untrusted.reason()).isEqualTo(Reason.TLS);
      assertThat(server.getReceivedMessages()).hasSize(1);
    } finally {
      server.stop();
    }
  }

  @Test
  void saysNothingOfImportanceBeforeTheConnectionIsProtected() throws Exception {
    try (ScriptedSmtp server = new ScriptedSmtp(certificates.server())) {
      assertThat(send(secured(server.port(), Security.STARTTLS, "s3cret"), certificates.client()))
          .isInstanceOf(Outcome.Delivered.class);

      int turned = server.commands().indexOf("(TLS)");
      assertThat(server.commands().subList(0, turned))
          .containsExactly("EHLO example.com", "STARTTLS");
      assertThat(server.commands().subList(turned, server.commands().size()))
          .anyMatch(command -> command.startsWith("AUTH PLAIN"))
          .anyMatch(command -> command.startsWith("MAIL FROM:<alerts@example.com>"));
    }
  }

  @Test
  void doesNotGoOnInTheClear() throws Exception {
    try (ScriptedSmtp without = new ScriptedSmtp(null)) {
      Outcome.Failed failed =
          (Outcome.Failed)
              send(secured(without.port(), Security.STARTTLS, "s3cret"), certificates.client());
      assertThat(failed.reason()).isEqualTo(Reason.TLS);
      assertThat(without.commands()).noneMatch(c -> c.startsWith("AUTH") || c.startsWith("MAIL"));
    }
    try (ScriptedSmtp foreign = new ScriptedSmtp(certificates.server())) {
      Outcome.Failed failed =
          (Outcome.Failed) send(secured(foreign.port(), Security.STARTTLS, "s3cret"), null);
      assertThat(failed.reason()).isEqualTo(Reason.TLS);
      assertThat(foreign.commands()).noneMatch(c -> c.startsWith("AUTH") || c.startsWith("MAIL"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RCPT,550 nobody,refused,CLIENT_ERROR",
    "RCPT,450 later,failed,SERVER_ERROR",
    "DATA,554 spam,refused,CLIENT_ERROR",
    ".,554 spam,refused,CLIENT_ERROR",
    ".,552 large,refused,TOO_LARGE",
    ".,451 later,failed,SERVER_ERROR",
    "MAIL,550 sender unknown,failed,CLIENT_ERROR",
    "MAIL,530 log in,failed,AUTHENTICATION",
    "CONNECT,554 no service,failed,SERVER_ERROR"
  })
  void tellsRefusalsFromFailures(String command, String answer, String kind, Reason reason)
      throws Exception {
    try (ScriptedSmtp server = new ScriptedSmtp(null).on(command, answer)) {
      Outcome outcome = send(settings(server.port()), null);

      if (kind.equals("refused")) {
        assertThat(((Outcome.Refused) outcome).reason()).isEqualTo(reason);
      } else {
        assertThat(((Outcome.Failed) outcome).reason()).isEqualTo(reason);
      }
      assertThat(outcome.toString()).doesNotContain(answer.substring(4));
      assertThat(outcome.trace().address()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void sendsAgainOnlyToThoseWhoHaveNotTakenIt() throws Exception {
    try (ScriptedSmtp server =
        new ScriptedSmtp(null)
            .on("RCPT TO:<gone@example.org>", "550 nobody")
            .on("RCPT TO:<full@example.org>", "452 full")) {
      EmailChannel channel =
          channel(settings(server.port()), READER, "gone@example.org", "full@example.org");
      Message message = channel.render(Samples.alert(SampleAlerts.dispute()));

      Outcome.Failed partly = (Outcome.Failed) channel.send(message, FIRST);
      assertThat(partly.detail()).startsWith("1 of 3 addresses took it");
      assertThat(partly.trace().answer())
          .contains("550 for gone@example.org", "452 for full@example.org");

      server.commands().clear();
      server.on("RCPT TO:<full@example.org>", "250 fine");
      assertThat(channel.send(message, new Attempt(2, false)))
          .isInstanceOf(Outcome.Delivered.class);
      assertThat(server.commands().stream().filter(c -> c.startsWith("RCPT")))
          .containsExactly("RCPT TO:<full@example.org>");
    }
  }

  @Test
  void aServerThatIsSilentOrDripsIsGivenUpInTime() throws Exception {
    MailSettings impatient;
    try (ScriptedSmtp silent = new ScriptedSmtp(null).on("MAIL", "silence")) {
      impatient = settings(silent.port(), Duration.ofMillis(300));
      assertThat(((Outcome.Failed) send(impatient, null)).reason()).isEqualTo(Reason.TIMEOUT);
    }
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        Closeable drip = dripping(socket)) {
      impatient = settings(socket.getLocalPort(), Duration.ofMillis(200));
      long start = System.nanoTime();
      Outcome.Failed failed = (Outcome.Failed) send(impatient, null);
      assertThat(failed.reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(failed.notBefore()).contains(Duration.ofSeconds(60));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      assertThat(drip).isNotNull();
    }
  }

  /** One byte of a greeting that never ends every tenth of a second. */
  private static Closeable dripping(ServerSocket socket) {
    Thread thread =
        new Thread(
            () -> {
              try (Socket client = socket.accept()) {
                while (true) {
                  client.getOutputStream().write('2');
                  Thread.sleep(100);
                }
              } catch (IOException | InterruptedException e) {
                return;
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread::interrupt;
  }

  @Test
  void aServerThatIsNotThereIsTriedAgain() throws Exception {
    int port;
    try (ScriptedSmtp server = new ScriptedSmtp(null)) {
      port = server.port();
    }
    assertThat(((Outcome.Failed) send(settings(port), null)).reason()).isEqualTo(Reason.CONNECTION);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mail.example.com|25|a@example.com|u|p|NONE|a password does not leave",
        "mail.example.com|25|a@example.com|u||TLS|go together",
        "mail.example.com|25|nobody|||NONE|pactwatch.mail.from",
        "mail.example.com|25|a@example.com, b@example.com|||NONE|pactwatch.mail.from",
        "mail.example.com|0|a@example.com|||NONE|pactwatch.mail.port"
      })
  void settingsThatCannotBeUsedAreNamed(
      String host,
      int port,
      String from,
      String user,
      String password,
      Security security,
      String complaint) {
    assertThatThrownBy(
            () ->
                new MailSettings(
                    host,
                    port,
                    from,
                    user,
                    password == null ? null : new Secret(password),
                    security,
                    Duration.ofSeconds(1)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(complaint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "a@b\r\nBcc: c@d", "a@example.org, b@example.org", "", "@x"})
  void anAddressThatIsNoneIsRefused(String address) {
    assertThatThrownBy(() -> channel(settings(25), address))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static MimeMessage arrived(Notification notification, String to) throws Exception {
    GreenMail server = greenMail("smtp");
    try {
      EmailChannel channel = channel(settings(server.getSmtp().getPort()), to);
      assertThat(channel.send(channel.render(notification), FIRST))
          .isInstanceOf(Outcome.Delivered.class);
      assertThat(server.getReceivedMessages()).hasSize(1);
      return server.getReceivedMessages()[0];
    } finally {
      server.stop();
    }
  }

  private static GreenMail greenMail(String protocol) {
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", protocol));
    server.start();
    return server;
  }

  private static Outcome send(MailSettings settings, SSLContext trust) throws Exception {
    EmailChannel channel =
        new EmailChannel(
            new Target.Email(List.of(READER)), settings, Templates.shipped(), trust, deadlines);
    return channel.send(channel.render(Samples.alert(SampleAlerts.dispute())), FIRST);
  }

  private static EmailChannel channel(MailSettings settings, String... to) {
    return new EmailChannel(
        new Target.Email(List.of(to)), settings, Templates.shipped(), null, deadlines);
  }

  private static MailSettings settings(int port) {
    return settings(port, Duration.ofSeconds(5));
  }

  private static MailSettings settings(int port, Duration timeout) {
    return new MailSettings(
        "127.0.0.1", port, "Pactwatch <alerts@example.com>", null, null, Security.NONE, timeout);
  }

  private static MailSettings secured(int port, Security security, String password) {
    return new MailSettings(
        "localhost",
        port,
        "alerts@example.com",
        "robot",
        new Secret(password),
        security,
        Duration.ofSeconds(5));
  }

  private static MimeMessage parsed(Message message) throws Exception {
    return new MimeMessage(
        Session.getInstance(new Properties()), new ByteArrayInputStream(message.body()));
  }

  private static String header(MimeMessage mail, String name) throws Exception {
    String[] values = mail.getHeader(name);
    assertThat(values).as(name).hasSize(1);
    return values[0];
  }

  /** Without those that the server adds. */
  private static List<String> names(MimeMessage mail) throws Exception {
    return Collections.list(mail.getAllHeaders()).stream()
        .map(Header::getName)
        .filter(name -> !List.of("Return-Path", "Received").contains(name))
        .toList();
  }

  private static String part(MimeMessage mail, String type) throws Exception {
    MimeMultipart parts = (MimeMultipart) mail.getContent();
    for (int i = 0; i < parts.getCount(); i++) {
      BodyPart part = parts.getBodyPart(i);
      if (part.isMimeType(type)) {
        return (String) part.getContent();
      }
    }
    throw new AssertionError(
        "no " + type + " in " + Arrays.toString(mail.getHeader("Content-Type")));
  }
}
