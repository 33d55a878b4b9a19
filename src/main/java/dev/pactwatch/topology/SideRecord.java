package dev.pactwatch.topology;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.tagging.TaggedArticle;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * One side of the join, on its way to one organisation. It goes to every organisation that is
 * named, and most of them are bound by nothing: so its own fields are written apart from the JSON
 * of the article or agreement, which only who needs it reads.
 *
 * @param article uri of the article, null on the agreements' side
 * @param version of the article; 0 on the agreements' side
 * @param published of the version that is stored or removed, null on the agreements' side
 * @param tagged null to remove what is stored for the article
 * @param agreement id of the agreement, null on the articles' side
 * @param terms null to remove what is stored for the agreement
 */
record SideRecord(
    String article,
    int version,
    Instant published,
    Encoded<TaggedArticle> tagged,
    String agreement,
    Encoded<Agreement> terms) {

  private static final byte ARTICLE = 1;
  private static final byte AGREEMENT = 2;

  /** Kind, version, seconds and nanoseconds, and the lengths of two texts. */
  private static final int FIXED =
      Byte.BYTES + Integer.BYTES + Long.BYTES + Integer.BYTES + 2 * Integer.BYTES;

  private static final int NONE = -1;

  static SideRecord of(TaggedArticle article, Encoded<TaggedArticle> tagged) {
    return new SideRecord(
        article.uri(), article.version(), article.published(), tagged, null, null);
  }

  static SideRecord removedArticle(String uri, Instant published) {
    return new SideRecord(uri, 0, published, null, null, null);
  }

  static SideRecord of(Agreement agreement) {
    return new SideRecord(
        null, 0, null, null, agreement.id(), Encoded.of(Agreement.class, agreement));
  }

  static SideRecord removedAgreement(String id) {
    return new SideRecord(null, 0, null, null, id, null);
  }

  static Serde<SideRecord> serde() {
    return new Serde<>() {
      @Override
      public Serializer<SideRecord> serializer() {
        return (topic, side) -> side == null ? null : side.write();
      }

      @Override
      public Deserializer<SideRecord> deserializer() {
        return (topic, bytes) -> bytes == null ? null : read(topic, ByteBuffer.wrap(bytes));
      }
    };
  }

  private byte[] write() {
    boolean ofArticle = article != null;
    byte[] name = (ofArticle ? article : agreement).getBytes(StandardCharsets.UTF_8);
    Encoded<?> content = ofArticle ? tagged : terms;
    byte[] json = content == null ? null : content.bytes();
    ByteBuffer buffer = ByteBuffer.allocate(FIXED + name.length + (json == null ? 0 : json.length));
    Instant time = published == null ? Instant.EPOCH : published;
    buffer.put(ofArticle ? ARTICLE : AGREEMENT).putInt(version);
    buffer.putLong(time.getEpochSecond()).putInt(time.getNano());
    buffer.putInt(name.length).put(name);
    buffer.putInt(json == null ? NONE : json.length);
    if (json != null) {
      buffer.put(json);
    }
    return buffer.array();
  }

  private static SideRecord read(String topic, ByteBuffer buffer) {
    try {
      byte kind = buffer.get();
      int version = buffer.getInt();
      Instant time = Instant.ofEpochSecond(buffer.getLong(), buffer.getInt());
      String name = new String(bytes(buffer, buffer.getInt()), StandardCharsets.UTF_8);
      int length = buffer.getInt();
      byte[] json = length == NONE ? null : bytes(buffer, length);
      return switch (kind) {
        case ARTICLE ->
            new SideRecord(
                name,
                version,
                time,
                json == null ? null : Encoded.ofBytes(TaggedArticle.class, json),
                null,
                null);
        case AGREEMENT ->
            new SideRecord(
                null,
                0,
                null,
                null,
                name,
                json == null ? null : Encoded.ofBytes(Agreement.class, json));
        default -> throw new SerializationException(topic + ": is no side of a join");
      };
    } catch (BufferUnderflowException | DateTimeException e) {
      throw new SerializationException(topic + ": is no side of a join", e);
    }
  }

  private static byte[] bytes(ByteBuffer buffer, int length) {
    if (length < 0 || length > buffer.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    buffer.get(bytes);
    return bytes;
  }
}
