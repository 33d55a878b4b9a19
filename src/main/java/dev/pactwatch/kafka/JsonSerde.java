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
  private final Contract contract;

  public JsonSerde(Class<T> type) {
    this(type, null);
  }

  /**
   * @param contract that every record has to keep, for a topic that others may write to; null for
   *     one of our own
   */
  public JsonSerde(Class<T> type, Contract contract) {
    this.type = type;
    this.contract = contract;
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
        value =
            contract == null ? Json.read(bytes, type) : ContractJson.read(contract, type, bytes);
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
