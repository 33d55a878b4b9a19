package dev.pactwatch.ingest;

import dev.pactwatch.json.Kebab;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What a hub said about a feed, on its way from whoever was called to whoever polls the feed.
 *
 * @param feed address as listed
 * @param topic address by which the feed names itself
 * @param leaseSeconds how long a confirmed subscription lasts; 0 for the other kinds
 * @param contentType of what was pushed; may be null
 * @param body what was pushed; empty where the feed is better asked
 */
public record PushMessage(
    String feed, String topic, Kind kind, long leaseSeconds, String contentType, byte[] body) {

  /** What it is about. */
  public enum Kind {
    /** The hub confirms the subscription. */
    CONFIRMED,
    /** The hub refuses it. */
    DENIED,
    /** New items, signed by the hub. */
    CONTENT
  }

  private static final String KIND = "kind";
  private static final String TOPIC = "topic";
  private static final String LEASE = "lease-seconds";
  private static final String TYPE = "content-type";

  void write(Headers headers) {
    put(headers, KIND, Kebab.of(kind));
    put(headers, TOPIC, topic);
    put(headers, LEASE, String.valueOf(leaseSeconds));
    if (contentType != null) {
      put(headers, TYPE, contentType);
    }
  }

  /** Empty for a record that is none. */
  static Optional<PushMessage> read(String feed, Headers headers, byte[] body) {
    String kind = get(headers, KIND);
    String topic = get(headers, TOPIC);
    String lease = get(headers, LEASE);
    for (Kind known : Kind.values()) {
      if (Kebab.of(known).equals(kind)
          && feed != null
          && topic != null
          && lease != null
          && lease.matches("\\d{1,9}")) {
        return Optional.of(
            new PushMessage(
                feed,
                topic,
                known,
                Long.parseLong(lease),
                get(headers, TYPE),
                body == null ? new byte[0] : body));
      }
    }
    return Optional.empty();
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static String get(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
