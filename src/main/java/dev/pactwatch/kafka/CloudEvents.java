package dev.pactwatch.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;

/** CloudEvents 1.0 headers in binary mode. */
public final class CloudEvents {

  private static final String SCHEMA = "ce_dataschema";

  private CloudEvents() {}

  /**
   * Replaces the attributes on a record. What has a {@link Contract} names its schema.
   *
   * @param headers of the record
   * @param type kind and major version, such as {@code dev.pactwatch.alert.v1}
   * @param id unique within {@code source}; the same for the same record on every run
   * @param source which part of the product wrote it, such as {@code /pactwatch/detect}
   * @param subject what it is about: the record's key
   * @param time event time
   */
  public static void set(
      Headers headers, String type, String id, String source, String subject, Instant time) {
    setWithoutData(headers, type, id, source, subject, time);
    put(headers, "content-type", "application/json");
    Contract.ofType(type).ifPresent(contract -> setSchema(headers, contract));
  }

  /** Names the schema of a record whose type does not tell it. */
  public static void setSchema(Headers headers, Contract contract) {
    put(headers, SCHEMA, contract.schema());
  }

  /** The same for a record without a value, which has neither content type nor schema. */
  public static void setWithoutData(
      Headers headers, String type, String id, String source, String subject, Instant time) {
    headers.remove("content-type");
    // Of the record that this one was made from.
    headers.remove(SCHEMA);
    put(headers, "ce_specversion", "1.0");
    put(headers, "ce_type", type);
    put(headers, "ce_id", id);
    put(headers, "ce_source", source);
    put(headers, "ce_subject", subject);
    put(headers, "ce_time", time.toString());
  }

  private static void put(Headers headers, String name, String value) {
    headers.remove(name);
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
