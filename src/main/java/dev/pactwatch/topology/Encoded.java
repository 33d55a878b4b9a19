package dev.pactwatch.topology;

import dev.pactwatch.json.Json;
import java.io.IOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * A value and its JSON, each made from the other when it is first asked for: what is sent to many
 * places is written once, and what is only passed on is never read. For one thread at a time.
 */
final class Encoded<T> {

  private final Class<T> type;
  private T value;
  private byte[] bytes;

  private Encoded(Class<T> type, T value, byte[] bytes) {
    this.type = type;
    this.value = value;
    this.bytes = bytes;
  }

  static <T> Encoded<T> of(Class<T> type, T value) {
    return new Encoded<>(type, value, null);
  }

  static <T> Encoded<T> ofBytes(Class<T> type, byte[] bytes) {
    return new Encoded<>(type, null, bytes);
  }

  /**
   * @throws SerializationException when the bytes are no JSON of the type
   */
  T value() {
    if (value == null) {
      try {
        value = Json.read(bytes, type);
      } catch (IOException e) {
        throw new SerializationException("is no " + type.getSimpleName(), e);
      }
    }
    return value;
  }

  /** Must not be changed. */
  byte[] bytes() {
    if (bytes == null) {
      bytes = Json.bytes(value);
    }
    return bytes;
  }

  /** The JSON alone. */
  static <T> Serde<Encoded<T>> serde(Class<T> type) {
    return new Serde<>() {
      @Override
      public Serializer<Encoded<T>> serializer() {
        return (topic, encoded) -> encoded == null ? null : encoded.bytes();
      }

      @Override
      public Deserializer<Encoded<T>> deserializer() {
        return (topic, bytes) -> bytes == null ? null : ofBytes(type, bytes);
      }
    };
  }
}
