package dev.pactwatch.kafka;

import dev.pactwatch.config.ConfigException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * What could not be read or processed: looks through it, and sends it back to where it came from.
 *
 * <p>A letter is sent back once. That it was is written down beside it, in the same transaction, as
 * a record without a value that has the header {@value #DONE}; the record that is sent back has the
 * header {@value #REDRIVEN}, and should it fail again it is a letter of its own that has it, too.
 */
public final class DeadLetters {

  /** On a record that was sent back: the place of the letter. */
  public static final String REDRIVEN = "pactwatch-redriven";

  /** On a letter that holds the place alone of a record that is as large as a record can be. */
  static final String OMITTED = "pactwatch-omitted";

  /** On what is written down beside a letter that was sent back: its place. */
  static final String DONE = "pactwatch-redriven-letter";

  /** Before the names that the topology gives, and those that the notifier gives. */
  private static final List<String> PREFIXES = List.of("__streams.errors.", "dead-letter-");

  /** Bytes of a record that fits with what is said of it into a record, which holds a million. */
  private static final int MOST_BYTES = 900_000;

  private static final Pattern PLACE = Pattern.compile("(.+)/(\\d{1,9})/(\\d{1,18})");

  private final KafkaClients clients;
  private final Topics topics;

  public DeadLetters(Cluster cluster) {
    this.clients = cluster.clients();
    this.topics = cluster.topics();
  }

  /** A record's place. */
  public record Place(String topic, int partition, long offset) {

    /**
     * @throws ConfigException when the text is none such as {@code articles.v1.dlq/0/17}
     */
    public static Place parse(String text) {
      Matcher matcher = PLACE.matcher(text);
      if (!matcher.matches()) {
        throw new ConfigException(
            "'" + text + "' is no place of a letter such as pactwatch.articles.v1.dlq/0/17");
      }
      return new Place(
          matcher.group(1), Integer.parseInt(matcher.group(2)), Long.parseLong(matcher.group(3)));
    }

    @Override
    public String toString() {
      return topic + "/" + partition + "/" + offset;
    }
  }

  /**
   * One letter.
   *
   * @param place in the topic of dead letters
   * @param time event time of the record
   * @param source where it was read; null where nothing says so
   * @param exception class of what went wrong; null where there was none
   * @param reason one line, hostile
   * @param sentBack whether it was sent back
   * @param before place of the letter that this record was sent back from, which did not help; null
   *     for the first time
   * @param key as received; may be null
   * @param value as received; may be null
   */
  public record Letter(
      Place place,
      Instant time,
      Place source,
      String exception,
      String reason,
      boolean sentBack,
      String before,
      byte[] key,
      byte[] value,
      Headers headers) {}

  /**
   * Whether a letter can hold a record as it was received.
   *
   * @param key may be null
   * @param value may be null
   */
  public static boolean holds(byte[] key, byte[] value, Headers headers) {
    long bytes = (key == null ? 0L : key.length) + (value == null ? 0L : value.length);
    for (Header header : headers) {
      bytes +=
          header.key().length() * 3L + 10 + (header.value() == null ? 0 : header.value().length);
    }
    return bytes <= MOST_BYTES;
  }

  /**
   * The headers of a letter that holds neither key nor value nor headers of the record.
   *
   * @param bytes of the value
   */
  public static Headers without(int bytes) {
    return new RecordHeaders()
        .add(
            OMITTED, bytes("a record with a value of " + bytes + " bytes, too large for a letter"));
  }

  /** The topics of dead letters. */
  public List<String> topics() {
    return topics.all().stream().map(TopicSpec::name).filter(Topics::holdsDeadLetters).toList();
  }

  /** The letters that are there, topic by topic in order of partition and offset. */
  public List<Letter> read(Predicate<Letter> wanted) {
    List<Letter> found = new ArrayList<>();
    for (String topic : topics()) {
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      Set<String> done = new HashSet<>();
      TopicReader.readAllBytes(
          clients,
          topic,
          record -> {
            String letter = text(record.headers(), DONE);
            if (letter == null) {
              records.add(record);
            } else {
              done.add(letter);
            }
          });
      records.stream()
          .map(record -> letter(record, done))
          .filter(wanted)
          .sorted(
              (a, b) ->
                  a.place().partition() != b.place().partition()
                      ? Integer.compare(a.place().partition(), b.place().partition())
                      : Long.compare(a.place().offset(), b.place().offset()))
          .forEach(found::add);
    }
    return found;
  }

  /**
   * Why a letter cannot be sent back; null when it can. What the topology passes to itself is made
   * again from what it was made from; and alerts are nobody's to write but the topology's.
   */
  public String refusal(Letter letter) {
    if (letter.sentBack()) {
      return "was sent back already";
    }
    if (letter.source() == null) {
      return "nothing says where it came from";
    }
    if (text(letter.headers(), OMITTED) != null) {
      return "was too large for its letter, and is where it came from alone";
    }
    return Set.of(topics.articles(), topics.agreements()).contains(letter.source().topic())
        ? null
        : "came from a topic that only pactwatch itself writes";
  }

  /**
   * Sends letters back, all or none, each once: whoever else does so at the same time is shut out.
   * What was received stays as it was, also the record's time; the key decides the partition.
   *
   * @param wanted is asked again, of letters as they stand when nobody else can send any back
   * @return the letters that were sent back
   */
  public List<Letter> redrive(Predicate<Letter> wanted) {
    try (KafkaProducer<byte[], byte[]> producer =
        clients.rawTransactionalProducer(topics.prefix() + "dead-letters")) {
      producer.initTransactions();
      List<Letter> letters = read(letter -> wanted.test(letter) && refusal(letter) == null);
      if (letters.isEmpty()) {
        return letters;
      }
      producer.beginTransaction();
      for (Letter letter : letters) {
        // The commit below fails when any of the sends did.
        var unused = producer.send(back(letter));
        unused = producer.send(note(letter));
      }
      producer.commitTransaction();
      return letters;
    }
  }

  private static ProducerRecord<byte[], byte[]> back(Letter letter) {
    Headers headers = new RecordHeaders();
    for (Header header : letter.headers()) {
      if (PREFIXES.stream().noneMatch(header.key()::startsWith) && !header.key().equals(REDRIVEN)) {
        headers.add(header);
      }
    }
    headers.add(REDRIVEN, bytes(letter.place().toString()));
    return new ProducerRecord<>(
        letter.source().topic(),
        null,
        Math.max(0, letter.time().toEpochMilli()),
        letter.key(),
        letter.value(),
        headers);
  }

  private static ProducerRecord<byte[], byte[]> note(Letter letter) {
    Headers headers = new RecordHeaders();
    headers.add(DONE, bytes(letter.place().toString()));
    return new ProducerRecord<>(
        letter.place().topic(),
        letter.place().partition(),
        Math.max(0, letter.time().toEpochMilli()),
        letter.key(),
        null,
        headers);
  }

  private static Letter letter(ConsumerRecord<byte[], byte[]> record, Set<String> done) {
    Place place = new Place(record.topic(), record.partition(), record.offset());
    String reason = error(record.headers(), "message");
    return new Letter(
        place,
        Instant.ofEpochMilli(record.timestamp()),
        source(record.headers()),
        error(record.headers(), "exception"),
        reason == null ? error(record.headers(), "reason") : reason,
        done.contains(place.toString()),
        text(record.headers(), REDRIVEN),
        record.key(),
        record.value(),
        record.headers());
  }

  private static Place source(Headers headers) {
    String topic = error(headers, "topic");
    String partition = error(headers, "partition");
    String offset = error(headers, "offset");
    // Anybody may have written there.
    String place = topic + "/" + partition + "/" + offset;
    return topic == null || !PLACE.matcher(place).matches() ? null : Place.parse(place);
  }

  private static String error(Headers headers, String name) {
    for (String prefix : PREFIXES) {
      String value = text(headers, prefix + name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** Names and values of a letter's headers, as text. */
  public static List<String> lines(Headers headers) {
    Set<String> lines = new TreeSet<>();
    for (Header header : headers) {
      lines.add(header.key() + ": " + text(headers, header.key()));
    }
    return List.copyOf(lines);
  }

  private static String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
