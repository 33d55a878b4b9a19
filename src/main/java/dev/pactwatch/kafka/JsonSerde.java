package dev.pactwatch.kafka;

import dev.pactwatch.json.Json;
import java.io.IOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Records as JSON. Bytes that are no JSON of the type end in a {@link SerializationException},
 * which the topology turns into a dead letter.
 */
public final class JsonSerde<T> implements Serde<T> {

  private final Class<T> type;

  public JsonSerde(Class<T> type) {
    this.type = type;
  }

  @Override
  public Serializer<T> serializer() {
    return (topic, value) -> value == null ? null : Json.bytes(value);
  }

  @Override
  public Deserializer<T> deserializer() {
    return (topic, bytes) -> {
      if (bytes == null) {
        return null;
      }
      T value;
      try {
        value = Json.read(bytes, type);
      } catch (IOException | RuntimeException e) {
        throw new SerializationException(
            topic + ": is no " + type.getSimpleName() + ": " + firstLine(e.getMessage()), e);
      }
      if (value == null) {
        throw new SerializationException(topic + ": is no " + type.getSimpleName() + ": null");
      }
      return value;
    };
  }

  private static String firstLine(String message) {
    return message == null ? "" : message.lines().findFirst().orElse("");
  }
}
