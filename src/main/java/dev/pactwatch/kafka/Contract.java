package dev.pactwatch.kafka;

import dev.pactwatch.json.Kebab;
import java.util.Arrays;
import java.util.Optional;

/**
 * A kind of record that others may build on, with its major version. The schemas are packaged, and
 * served by the role web under {@code /contracts/}; within a major version they only gain optional
 * fields.
 */
public enum Contract {
  ARTICLE,
  /** A tagged article. */
  EVENT,
  AGREEMENT,
  ALERT,
  /** What is known of a feed between two polls. */
  FEED,
  /** Which lexicon tags from here on. */
  LEXICON;

  /** Where schemas and documents are packaged, with a slash at the end. */
  public static final String RESOURCES = "/META-INF/contracts/";

  private static final String MAJOR = ".v1";

  /** Such as {@code alert.v1}. */
  public String label() {
    return Kebab.of(this) + MAJOR;
  }

  /** What CloudEvents headers name as the type, such as {@code dev.pactwatch.alert.v1}. */
  public String type() {
    return "dev.pactwatch." + label();
  }

  /**
   * The schema's identity, {@code $id}, which every record names as {@code ce_dataschema}: the same
   * in every installation, so that the same input gives the same records.
   */
  public String schema() {
    return "urn:pactwatch:schema:" + label();
  }

  /** The schema's file, below {@link #RESOURCES} and {@code /contracts/}. */
  public String file() {
    return label() + ".schema.json";
  }

  /** The contract of this CloudEvents type; empty for a type that has none. */
  public static Optional<Contract> ofType(String type) {
    return Arrays.stream(values()).filter(contract -> contract.type().equals(type)).findFirst();
  }
}
