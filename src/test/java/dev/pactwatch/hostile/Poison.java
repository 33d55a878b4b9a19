package dev.pactwatch.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pactwatch.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/** Makes records that no reader can use out of good ones, from a seed. */
final class Poison {

  /** What is wrong with a record. */
  enum Kind {
    BROKEN_JSON,
    OTHER_JSON,
    NO_KEY,
    NO_VALUE,
    OTHER_KEY,
    MISSING_FIELD,
    WRONG_FIELD,
    UNKNOWN_SCHEMA,
    LARGE,
    LARGE_WHEN_UNPACKED,
    JUNK_HEADERS,
    NO_TIME,
    FROM_THE_FUTURE
  }

  /**
   * What a record of a topic is like.
   *
   * @param value a good one
   * @param required fields that it cannot be without, and what each of them cannot be
   * @param logged whether every record is kept, so that one without a key can be written and one
   *     without a value says nothing
   */
  record Sample(
      String topic,
      String key,
      JsonNode value,
      Map<String, List<String>> required,
      boolean logged) {

    boolean can(Kind kind) {
      return switch (kind) {
        case NO_KEY, NO_VALUE -> logged;
        default -> true;
      };
    }
  }

  record Made(Kind kind, ProducerRecord<byte[], byte[]> record) {}

  private static final List<String> OTHER =
      List.of("null", "true", "42", "\"text\"", "[]", "{}", "[{}]", "1e999999999", "\"\\u0000\"");

  private final Random random;

  Poison(long seed) {
    random = new Random(seed);
  }

  /**
   * One more, of a kind that the topic can have.
   *
   * @param partition to write it to
   */
  Made make(Sample sample, int partition, long now) {
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    while (!sample.can(kind)) {
      kind = Kind.values()[random.nextInt(Kind.values().length)];
    }
    byte[] key = sample.key().getBytes(UTF_8);
    byte[] value =
        switch (kind) {
          case BROKEN_JSON, NO_TIME, FROM_THE_FUTURE, JUNK_HEADERS -> broken(sample);
          case OTHER_JSON, NO_KEY, OTHER_KEY -> other();
          case NO_VALUE -> null;
          case MISSING_FIELD -> missing(sample);
          case WRONG_FIELD -> wrong(sample);
          case UNKNOWN_SCHEMA ->
              "{\"specversion\":\"9\",\"data\":{\"kind\":\"later\"}}".getBytes(UTF_8);
          case LARGE -> large(sample, 1_000_000 + random.nextInt(40_000));
          case LARGE_WHEN_UNPACKED -> unpacked(sample, 3_000_000);
        };
    if (kind == Kind.NO_KEY) {
      key = null;
    } else if (kind == Kind.OTHER_KEY) {
      key = bytes(random.nextInt(40));
    }
    long time = kind == Kind.FROM_THE_FUTURE ? now + future() : random.nextInt(1_000_000);
    ProducerRecord<byte[], byte[]> record =
        kind == Kind.NO_TIME
            ? new Timeless(sample.topic(), partition, key, value)
            : new ProducerRecord<>(sample.topic(), partition, time, key, value);
    if (kind == Kind.UNKNOWN_SCHEMA) {
      record.headers().add("ce_dataschema", "urn:pactwatch:schema:article.v9".getBytes(UTF_8));
      record.headers().add("ce_type", "dev.pactwatch.article.v9".getBytes(UTF_8));
    } else if (kind == Kind.JUNK_HEADERS) {
      junk(record.headers());
    }
    return new Made(kind, record);
  }

  /** Headers that mean nothing, are not text, have no value, or claim to be those of a letter. */
  void junk(Headers headers) {
    for (int i = random.nextInt(200); i >= 0; i--) {
      headers.add("junk-" + i, i % 7 == 0 ? null : bytes(random.nextInt(60)));
    }
    headers.add("", new byte[0]);
    headers.add("ce_time", "no time".getBytes(UTF_8));
    headers.add("ce_source", null);
    headers.add("__streams.errors.topic", "somewhere/else".getBytes(UTF_8));
    headers.add("__streams.errors.offset", "99999999999999999999".getBytes(UTF_8));
  }

  private byte[] broken(Sample sample) {
    byte[] good = Json.bytes(sample.value());
    return switch (random.nextInt(6)) {
      case 0 -> bytes(1 + random.nextInt(400));
      case 1 -> java.util.Arrays.copyOf(good, 1 + random.nextInt(good.length - 1));
      case 2 -> "[".repeat(50_000).getBytes(UTF_8);
      case 3 -> "{\"a\":".repeat(5_000).getBytes(UTF_8);
      case 4 -> new byte[0];
      default -> {
        byte[] damaged = good.clone();
        damaged[0] = (byte) random.nextInt(32);
        yield damaged;
      }
    };
  }

  private byte[] other() {
    return OTHER.get(random.nextInt(OTHER.size())).getBytes(UTF_8);
  }

  private byte[] missing(Sample sample) {
    ObjectNode value = sample.value().deepCopy();
    String field = field(sample);
    if (random.nextBoolean()) {
      value.remove(field);
    } else {
      value.putNull(field);
    }
    return Json.bytes(value);
  }

  private byte[] wrong(Sample sample) {
    ObjectNode value = sample.value().deepCopy();
    String field = field(sample);
    List<String> wrongs = sample.required().get(field);
    try {
      value.set(field, Json.mapper().readTree(wrongs.get(random.nextInt(wrongs.size()))));
    } catch (java.io.IOException e) {
      throw new AssertionError(field, e);
    }
    return Json.bytes(value);
  }

  private String field(Sample sample) {
    List<String> fields = new ArrayList<>(sample.required().keySet());
    fields.sort(null);
    return fields.get(random.nextInt(fields.size()));
  }

  /** A good record but for one text that does not get smaller. */
  private byte[] large(Sample sample, int bytes) {
    StringBuilder text = new StringBuilder(bytes);
    int room = bytes - Json.bytes(sample.value()).length;
    while (text.length() < room) {
      text.append((char) ('!' + random.nextInt(90))).append((char) ('a' + random.nextInt(26)));
    }
    return with(sample, text.toString().replace('"', 'x').replace('\\', 'y'));
  }

  /** A good record but for one text that is small on its way. */
  private static byte[] unpacked(Sample sample, int chars) {
    return with(sample, "word ".repeat(chars / 5));
  }

  private static byte[] with(Sample sample, String text) {
    ObjectNode value = sample.value().deepCopy();
    // Whichever of them it is, it has such a field.
    value.put(value.has("headline") ? "headline" : "title", text);
    return Json.bytes(value);
  }

  private long future() {
    return switch (random.nextInt(3)) {
      case 0 -> 2 * 3_600_000L;
      case 1 -> 10L * 365 * 86_400_000;
      default -> Long.MAX_VALUE / 4;
    };
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /** As a client writes it that says of no time when it was: the broker takes it. */
  private static final class Timeless extends ProducerRecord<byte[], byte[]> {

    Timeless(String topic, int partition, byte[] key, byte[] value) {
      super(topic, partition, key, value);
    }

    @Override
    public Long timestamp() {
      return -1L;
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
