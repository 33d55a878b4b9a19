package dev.pactwatch.notify.subscription;

import dev.pactwatch.config.Yaml;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the fields that say where messages go. */
final class TargetReader {

  /** Standard Webhooks rotation, and a bound on the size of the signature header. */
  private static final int MAX_SECRETS = 10;

  private static final int MAX_ADDRESSES = 50;

  /** Full literals only: a name could come to mean another address later. */
  private static final Pattern LOOPBACK =
      Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]");

  /** Plain addresses; what RFC 5322 allows beyond them invites mistakes and forged headers. */
  private static final Pattern MAIL =
      Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*");

  private static final int MAX_MAIL = 254;

  private static final Pattern NTFY_TOPIC = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,512}");

  /** What Kafka allows, short enough to stand behind the prefix. */
  private static final Pattern KAFKA_TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  /** At least 128 bits: 32 hexadecimal digits or 22 characters of URL-safe base64. */
  private static final Pattern FEED_KEY =
      Pattern.compile("[0-9a-fA-F]{32,128}|(?![0-9a-fA-F]*$)[A-Za-z0-9_-]{22,128}");

  /** Fewer different characters in a key that long are no accident. */
  private static final int KEY_CHARACTERS = 8;

  private enum Channel {
    CONSOLE,
    WEBHOOK,
    EMAIL,
    SLACK,
    TEAMS,
    DISCORD,
    NTFY,
    KAFKA,
    FEED;

    Set<String> fields() {
      return switch (this) {
        case CONSOLE -> Set.of();
        case WEBHOOK -> Set.of("url", "secrets");
        case EMAIL -> Set.of("to");
        case SLACK, TEAMS, DISCORD -> Set.of("url");
        case NTFY -> Set.of("server", "topic", "token");
        case KAFKA -> Set.of("topic");
        case FEED -> Set.of("key");
      };
    }
  }

  private final SecretSource source;

  TargetReader(SecretSource source) {
    this.source = source;
  }

  /**
   * @param common fields that every subscription may have
   * @param stored what a hidden secret stands for; null where nothing is stored
   */
  Target read(Yaml item, Set<String> common, Target stored) {
    Channel channel = item.need("channel").oneOf(Channel.class);
    Set<String> allowed = new HashSet<>(common);
    allowed.addAll(channel.fields());
    item.map(allowed);
    return switch (channel) {
      case CONSOLE -> new Target.Console();
      case WEBHOOK -> webhook(item, stored);
      case EMAIL -> new Target.Email(addresses(item.need("to")));
      case SLACK, TEAMS, DISCORD -> chat(item, Target.ChatService.valueOf(channel.name()), stored);
      case NTFY -> ntfy(item, stored);
      case KAFKA -> new Target.KafkaTopic(topic(item));
      case FEED -> feed(item, stored);
    };
  }

  private Target webhook(Yaml item, Target stored) {
    Yaml places = item.need("secrets");
    List<Secret> kept =
        stored instanceof Target.Webhook webhook ? webhook.secrets() : List.<Secret>of();
    List<Secret> secrets = new ArrayList<>();
    for (Yaml place : places.list()) {
      Secret secret = secret(place, kept);
      signingFault(secret.reveal()).ifPresent(fault -> refuse(place, fault));
      secrets.add(secret);
    }
    if (secrets.isEmpty() || secrets.size() > MAX_SECRETS) {
      throw places.problem("must hold 1 to " + MAX_SECRETS + " secrets, not " + secrets.size());
    }
    if (new HashSet<>(secrets).size() < secrets.size()) {
      throw places.problem("holds the same secret twice");
    }
    Yaml url = item.need("url");
    return new Target.Webhook(url(url, url.text()), secrets);
  }

  /** What is wrong with a key of Standard Webhooks. */
  private static Optional<String> signingFault(String text) {
    boolean symmetric = text.startsWith("whsec_");
    if (!symmetric && !text.startsWith("whsk_")) {
      return Optional.of("must start with whsec_ or whsk_");
    }
    String prefix = symmetric ? "whsec_" : "whsk_";
    int bytes;
    try {
      bytes = Base64.getDecoder().decode(text.substring(prefix.length())).length;
    } catch (IllegalArgumentException e) {
      return Optional.of("must be base64 after " + prefix);
    }
    if (symmetric && (bytes < 24 || bytes > 64)) {
      return Optional.of("must hold 24 to 64 bytes, not " + bytes);
    }
    if (!symmetric && bytes != 32 && bytes != 64) {
      return Optional.of("must hold an Ed25519 key of 32 or 64 bytes, not " + bytes);
    }
    return Optional.empty();
  }

  private Target chat(Yaml item, Target.ChatService service, Target stored) {
    Yaml place = item.need("url");
    List<Secret> kept =
        stored instanceof Target.Chat chat && chat.service() == service
            ? List.of(chat.url())
            : List.<Secret>of();
    Secret url = hidden(place) ? kept(place, kept) : new Secret(source.address(place));
    url(place, url.reveal());
    return new Target.Chat(service, url);
  }

  private Target ntfy(Yaml item, Target stored) {
    Yaml topic = item.need("topic");
    if (!NTFY_TOPIC.matcher(topic.text()).matches()) {
      throw topic.problem("must be up to 64 of A-Z, a-z, 0-9, - and _, not '" + topic.text() + "'");
    }
    Yaml server = item.need("server");
    URI address = url(server, server.text());
    // A token that is kept must not be carried to another server by whoever changes the address.
    List<Secret> kept =
        stored instanceof Target.Ntfy ntfy && ntfy.token() != null && ntfy.server().equals(address)
            ? List.of(ntfy.token())
            : List.<Secret>of();
    Secret token = null;
    if (item.get("token").isPresent()) {
      Yaml place = item.need("token");
      token = secret(place, kept);
      if (!TOKEN.matcher(token.reveal()).matches()) {
        refuse(place, "must be up to 512 printable ASCII characters without blanks");
      }
    }
    return new Target.Ntfy(address, topic.text(), token);
  }

  private Target feed(Yaml item, Target stored) {
    Yaml place = item.need("key");
    Secret key =
        secret(place, stored instanceof Target.Feed feed ? List.of(feed.key()) : List.<Secret>of());
    if (!FEED_KEY.matcher(key.reveal()).matches()
        || key.reveal().chars().distinct().count() < KEY_CHARACTERS) {
      refuse(
          place,
          "must be random and of 128 bits or more: 32 to 128 hexadecimal digits, or 22 to 128 of"
              + " A-Z, a-z, 0-9, - and _");
    }
    return new Target.Feed(key);
  }

  private static String topic(Yaml item) {
    Yaml topic = item.get("topic").orElseGet(() -> item.need("id"));
    if (!KAFKA_TOPIC.matcher(topic.text()).matches()) {
      throw topic.problem(
          "must be up to 100 of A-Z, a-z, 0-9, '.', - and _, not '" + topic.text() + "'");
    }
    return topic.text();
  }

  private static List<String> addresses(Yaml field) {
    List<String> read = new ArrayList<>();
    for (Yaml one : field.isText() ? List.of(field) : field.list()) {
      if (one.text().length() > MAX_MAIL || !MAIL.matcher(one.text()).matches()) {
        throw one.problem("must be a plain address such as desk@example.org");
      }
      if (read.stream().anyMatch(one.text()::equalsIgnoreCase)) {
        throw one.problem("'" + one.text() + "' stands twice");
      }
      read.add(one.text());
    }
    if (read.isEmpty() || read.size() > MAX_ADDRESSES) {
      throw field.problem("must hold 1 to " + MAX_ADDRESSES + " addresses, not " + read.size());
    }
    return read;
  }

  /** Does not repeat the text: the address of a chat is a secret. */
  private static URI url(Yaml field, String text) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw field.problem("is no URL: " + e.getReason());
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw field.problem("must start with https://, or http:// for this machine");
    }
    if (url.getHost() == null) {
      throw field.problem("names no host");
    }
    if (url.getPort() > 65_535 || url.getPort() == 0) {
      throw field.problem("names a port that does not exist");
    }
    if (url.getRawUserInfo() != null) {
      throw field.problem("must not hold a user or password");
    }
    if (scheme.equals("http") && !LOOPBACK.matcher(url.getHost()).matches()) {
      throw field.problem("must be https, except for 127.0.0.1 and [::1]");
    }
    return url;
  }

  /**
   * @param kept stored secrets for which a hidden one may stand
   */
  private Secret secret(Yaml place, List<Secret> kept) {
    return hidden(place) ? kept(place, kept) : new Secret(source.text(place));
  }

  private boolean hidden(Yaml place) {
    return source instanceof SecretSource.Values
        && place.isMap()
        && place
            .get("value")
            .filter(value -> value.isText() && value.text().equals(Secret.HIDDEN))
            .isPresent();
  }

  private static Secret kept(Yaml place, List<Secret> kept) {
    place.map(Set.of("value", "fingerprint"));
    String fingerprint = place.get("fingerprint").map(Yaml::text).orElse(null);
    if (fingerprint == null && kept.size() > 1) {
      throw place.problem("lacks 'fingerprint', which tells which of the stored secrets is meant");
    }
    return kept.stream()
        .filter(one -> fingerprint == null || Objects.equals(one.fingerprint(), fingerprint))
        .findFirst()
        .orElseThrow(() -> place.problem("is hidden, and no stored secret stands behind it"));
  }

  /** Points at the one entry that names the secret, where there is just one. */
  private static void refuse(Yaml place, String fault) {
    Yaml field =
        place.isMap() && place.map().size() == 1 ? place.map().values().iterator().next() : place;
    throw field.problem("the secret there " + fault);
  }
}
