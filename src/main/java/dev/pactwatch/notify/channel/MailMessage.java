package dev.pactwatch.notify.channel;

import dev.pactwatch.notify.channel.Notification.Item;
import dev.pactwatch.notify.channel.Notification.Kind;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A mail as it goes over the wire: text and HTML, both quoted-printable, so that it is plain ASCII
 * with short lines. Written here rather than by the mail library, whose boundaries and ids are new
 * each time: the same notification has to give the same bytes.
 */
final class MailMessage {

  /** As long as a subject shows anywhere. */
  private static final int SUBJECT = 200;

  /** Threads of so many alerts are named at most. */
  private static final int THREADS = 10;

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final StringBuilder head = new StringBuilder(1024);

  private MailMessage() {}

  /**
   * @param to addresses of one subscriber; where there is more than one, none learns of the others
   */
  static byte[] of(
      Notification notification,
      InternetAddress from,
      List<String> to,
      String subject,
      String text,
      String html) {
    MailMessage mail = new MailMessage();
    String domain = domain(from);
    mail.header("Date", DATE.format(notification.made()));
    mail.header("From", from.toString());
    mail.header("To", to.size() == 1 ? to.get(0) : "undisclosed-recipients:;");
    mail.header("Message-ID", "<" + token(notification.id()) + "@" + domain + ">");
    mail.thread(notification, domain);
    // ASCII goes as it is, and must not be taken for an encoded word.
    // Readers take a line end after a backslash for a part of the text, and not for a fold.
    String kept = Clean.cut(Clean.line(subject), SUBJECT).replace("\\ ", "\\\u00a0");
    mail.words("Subject", kept.replace("=?", "= ?"));
    mail.header("Auto-Submitted", "auto-generated");
    mail.header("List-Id", "<" + token(notification.subscription()) + ".pactwatch." + domain + ">");
    if (notification.links() != null && notification.links().unsubscribe() != null) {
      Link.of(notification.links().unsubscribe()).ifPresent(mail::unsubscribe);
    }
    // "=_" cannot stand in quoted-printable text, so no text can end a part.
    String boundary = "=_" + digest(notification.id()).substring(0, 24);
    mail.header("MIME-Version", "1.0");
    mail.header("Content-Type", "multipart/alternative;\r\n boundary=\"" + boundary + "\"");
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
    write(out, mail.head + "\r\n");
    part(out, boundary, "plain", text);
    part(out, boundary, "html", html);
    write(out, "--" + boundary + "--\r\n");
    return out.toByteArray();
  }

  /** Mails about one alert stand below one root that is never sent itself. */
  private void thread(Notification notification, String domain) {
    if (notification.kind() == Kind.DIGEST || notification.items().isEmpty()) {
      return;
    }
    List<String> roots =
        notification.items().stream()
            .limit(THREADS)
            .map(Item::alert)
            .map(alert -> "<alert-" + token(alert.id()) + "@" + domain + ">")
            .distinct()
            .toList();
    header("In-Reply-To", roots.get(0));
    header("References", String.join("\r\n ", roots));
  }

  private void unsubscribe(Link link) {
    // RFC 8058 allows the button for https alone.
    header("List-Unsubscribe", "<" + link.url() + ">");
    if (link.url().startsWith("https:")) {
      header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }
  }

  private void words(String name, String text) {
    try {
      header(name, MimeUtility.fold(name.length() + 2, MimeUtility.encodeText(text, "UTF-8", "Q")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The value is one of ours or was cleaned; a line end in it is a fold. */
  private void header(String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  private static void part(ByteArrayOutputStream out, String boundary, String type, String text) {
    write(
        out,
        "--"
            + boundary
            + "\r\nContent-Type: text/"
            + type
            + "; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
    String lines = text.replace("\r\n", "\n").replace("\n", "\r\n") + "\r\n";
    try (OutputStream encoder = MimeUtility.encode(out, "quoted-printable")) {
      encoder.write(lines.getBytes(StandardCharsets.UTF_8));
    } catch (MessagingException | IOException e) {
      throw new IllegalStateException("quoted-printable takes any bytes", e);
    }
    write(out, "\r\n");
  }

  /** Letters, digits, {@code -} and {@code _}; what holds others is told apart by its hash. */
  private static String token(String id) {
    String kept = id.replaceAll("[^A-Za-z0-9_-]", "-");
    String cut = kept.length() > 60 ? kept.substring(0, 60) : kept;
    return cut.equals(id) && !id.isEmpty() ? id : cut + "-" + digest(id).substring(0, 12);
  }

  private static String domain(InternetAddress from) {
    String address = from.getAddress();
    return address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static void write(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
