package dev.pactwatch.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;

/** CloudEvents 1.0 headers in binary mode. */
public final class CloudEvents {

  private CloudEvents() {}

  /**
   * Replaces the attributes on a record.
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
    put(headers, "ce_specversion", "1.0");
    put(headers, "ce_type", type);
    put(headers, "ce_id", id);
    put(headers, "ce_source", source);
    put(headers, "ce_subject", subject);
    put(headers, "ce_time", time.toString());
    put(headers, "content-type", "application/json");
  }

  private static void put(Headers headers, String name, String value) {
    headers.remove(name);
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
