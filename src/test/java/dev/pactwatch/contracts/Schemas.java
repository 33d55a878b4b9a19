package dev.pactwatch.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.article.Article;
import dev.pactwatch.ingest.FeedState;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Contract;
import dev.pactwatch.tagging.TaggedArticle;
import dev.pactwatch.topology.LexiconInUse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** The published schemas, read by a validator that is not ours. */
public final class Schemas {

  /** What the code reads and writes under each contract. */
  static final Map<Contract, Class<?>> RECORDS =
      Map.of(
          Contract.ARTICLE, Article.class,
          Contract.EVENT, TaggedArticle.class,
          Contract.AGREEMENT, Agreement.class,
          Contract.ALERT, Alert.class,
          Contract.FEED, FeedState.class,
          Contract.LEXICON, LexiconInUse.class);

  private Schemas() {}

  /** What is wrong with a record; empty when it is as its schema says. */
  public static List<String> problems(Contract contract, JsonNode value) {
    return problems(document(contract.file()), value);
  }

  /**
   * What is wrong with a record that our own code has written: it may have no field that the schema
   * does not name, although whoever reads it takes such.
   */
  public static List<String> problemsOfOurs(Contract contract, JsonNode value) {
    JsonNode closed = document(contract.file()).deepCopy();
    close(closed);
    return problems(closed, value);
  }

  static List<String> problems(JsonNode schema, JsonNode value) {
    return validator(SpecificationVersion.DRAFT_2020_12, schema).validate(value).stream()
        .map(Error::toString)
        .toList();
  }

  static Schema validator(SpecificationVersion dialect, JsonNode schema) {
    return SchemaRegistry.withDefaultDialect(
            dialect,
            builder ->
                builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()))
        .getSchema(schema);
  }

  /** A packaged schema or document. */
  static JsonNode document(String file) {
    return resource(Contract.RESOURCES + file);
  }

  static JsonNode resource(String name) {
    try (InputStream in = Schemas.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the build lacks " + name);
      }
      return Json.mapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object && object.has("properties")) {
      object.put("additionalProperties", false);
    }
    for (JsonNode child : schema) {
      close(child);
    }
  }
}
