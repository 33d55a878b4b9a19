package dev.pactwatch.notify.channel;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Settings;
import dev.pactwatch.notify.subscription.Secret;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * The mail server of this installation, {@code pactwatch.mail.*}.
 *
 * @param host name or address
 * @param from address of the sender, with a name if one likes: {@code Pactwatch
 *     <alerts@example.org>}
 * @param user null where the server wants no login
 * @param password null with {@code user}
 * @param timeout to connect, and for each answer of the server; the whole exchange has four times
 *     as long
 */
public record MailSettings(
    String host,
    int port,
    String from,
    String user,
    Secret password,
    Security security,
    Duration timeout) {

  /** How the connection is protected. */
  public enum Security {
    /** Not at all: for a server on this machine or one without login. */
    NONE,
    /** Begins in the clear and must turn to TLS before anything is said. */
    STARTTLS,
    /** TLS from the first byte. */
    TLS;

    /**
     * @throws ConfigException when the text is none of {@code none}, {@code starttls}, {@code tls}
     */
    public static Security parse(String text) {
      try {
        return valueOf(text.strip().toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new ConfigException(
            "setting pactwatch.mail.security must be none, starttls or tls, not '" + text + "'", e);
      }
    }
  }

  /**
   * @throws ConfigException naming the setting that cannot be used
   */
  public MailSettings {
    address(from);
    if ((user == null) != (password == null)) {
      throw new ConfigException(
          "settings pactwatch.mail.user and pactwatch.mail.password go together");
    }
    if (port < 1 || port > 65_535) {
      throw new ConfigException("setting pactwatch.mail.port must be 1 to 65535, not " + port);
    }
    if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofHours(1)) > 0) {
      throw new ConfigException("setting pactwatch.mail.timeout must be at most an hour");
    }
    if (user != null && security == Security.NONE && !isLoopback(host)) {
      throw new ConfigException(
          "setting pactwatch.mail.security must be starttls or tls: a password does not leave this"
              + " machine unprotected");
    }
  }

  /**
   * What the settings say.
   *
   * @return empty where no server is named
   * @throws ConfigException naming the setting that cannot be used
   */
  public static Optional<MailSettings> of(Settings.Mail mail) {
    return mail.host()
        .filter(host -> !host.isBlank())
        .map(
            host ->
                new MailSettings(
                    host.strip(),
                    mail.port(),
                    mail.from()
                        .orElseThrow(
                            () ->
                                new ConfigException(
                                    "setting pactwatch.mail.from is needed with"
                                        + " pactwatch.mail.host")),
                    mail.user().orElse(null),
                    mail.password().map(Secret::new).orElse(null),
                    Security.parse(mail.security()),
                    mail.timeout()));
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || HttpPost.isLoopback(host);
  }

  InternetAddress sender() {
    return address(from);
  }

  private static InternetAddress address(String text) {
    try {
      InternetAddress[] found = InternetAddress.parse(Clean.line(text), true);
      if (found.length == 1 && found[0].getAddress().indexOf('@') > 0) {
        return found[0];
      }
    } catch (AddressException e) {
      throw new ConfigException("setting pactwatch.mail.from is no mail address: " + text, e);
    }
    throw new ConfigException("setting pactwatch.mail.from is no mail address: " + text);
  }
}
