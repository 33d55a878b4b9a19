package dev.pactwatch.kafka;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads records as their published schema has them. JSON of another kind can be read as a record
 * with nothing in it; here whatever the schema requires has to be there, at every depth, so that
 * nobody who works with a record has to ask.
 */
public final class ContractJson {

  /**
   * What has to be there.
   *
   * @param required by name
   * @param items null where it is no list
   */
  private record Shape(Map<String, Required> required, Map<String, Shape> fields, Shape items) {}

  /**
   * @param number from 0, in the order of the schema
   * @param mayBeEmpty whether it may be an empty text; such a text is read as nothing where it
   *     stands for a time, a number or one of some words
   */
  private record Required(int number, boolean mayBeEmpty) {}

  private static final Map<Contract, Shape> SHAPES = new EnumMap<>(Contract.class);

  static {
    for (Contract contract : Contract.values()) {
      JsonNode schema = schema(contract);
      SHAPES.put(contract, shape(schema, schema));
    }
  }

  private ContractJson() {}

  /**
   * @throws IOException when the bytes are no JSON of this type, or lack what the contract requires
   */
  public static <T> T read(Contract contract, Class<T> type, byte[] json) throws IOException {
    try (JsonParser parser = Json.mapper().createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new Incomplete("is no object");
      }
      String missing = missing(SHAPES.get(contract), parser, "");
      if (missing != null) {
        throw new Incomplete("lacks " + missing);
      }
    }
    return Json.read(json, type);
  }

  private static final class Incomplete extends JsonProcessingException {
    private static final long serialVersionUID = 1L;

    Incomplete(String message) {
      super(message);
    }
  }

  /**
   * Reads an object to its end.
   *
   * @return path of the first thing that is not there; null when all of it is
   */
  private static String missing(Shape shape, JsonParser parser, String at) throws IOException {
    long there = 0;
    String within = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      Required required = shape.required().get(name);
      if (required != null) {
        long bit = 1L << required.number();
        boolean nothing =
            token == JsonToken.VALUE_NULL
                || !required.mayBeEmpty()
                    && token == JsonToken.VALUE_STRING
                    && parser.getText().trim().isEmpty();
        // of a name that comes twice, the last one is read
        there = nothing ? there & ~bit : there | bit;
      }
      Shape inner = shape.fields().get(name);
      String missing = null;
      if (inner != null && token == JsonToken.START_OBJECT) {
        missing = missing(inner, parser, at + name + ".");
      } else if (inner != null && token == JsonToken.START_ARRAY && inner.items() != null) {
        missing = missingInList(inner.items(), parser, at + name);
      } else {
        parser.skipChildren();
      }
      within = within == null ? missing : within;
    }
    for (Map.Entry<String, Required> required : shape.required().entrySet()) {
      if ((there >>> required.getValue().number() & 1) == 0) {
        return at + required.getKey();
      }
    }
    return within;
  }

  private static String missingInList(Shape shape, JsonParser parser, String at)
      throws IOException {
    String within = null;
    int number = 0;
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      String place = at + "[" + number++ + "]";
      String missing = token == JsonToken.VALUE_NULL ? place : null;
      if (token == JsonToken.START_OBJECT) {
        missing = missing(shape, parser, place + ".");
      } else {
        parser.skipChildren();
      }
      within = within == null ? missing : within;
    }
    return within;
  }

  private static Shape shape(JsonNode schema, JsonNode root) {
    JsonNode at = resolved(schema, root);
    Map<String, Required> required = new LinkedHashMap<>();
    for (JsonNode name : at.path("required")) {
      boolean mayBeEmpty = mayBeEmpty(resolved(at.at("/properties/" + name.asText()), root));
      required.put(name.asText(), new Required(required.size(), mayBeEmpty));
    }
    Map<String, Shape> fields = new HashMap<>();
    at.path("properties")
        .fields()
        .forEachRemaining(field -> fields.put(field.getKey(), shape(field.getValue(), root)));
    fields.values().removeIf(field -> field.fields().isEmpty() && field.items() == null);
    return new Shape(
        required, Map.copyOf(fields), at.has("items") ? shape(at.get("items"), root) : null);
  }

  private static JsonNode resolved(JsonNode schema, JsonNode root) {
    JsonNode at = schema;
    while (at.has("$ref")) {
      at = root.at(at.get("$ref").asText().substring(1));
    }
    return at;
  }

  private static boolean mayBeEmpty(JsonNode schema) {
    return schema.path("type").asText().equals("string")
        && !schema.has("format")
        && !schema.has("enum")
        && !schema.has("pattern")
        && !schema.has("minLength");
  }

  private static JsonNode schema(Contract contract) {
    try (InputStream in =
        ContractJson.class.getResourceAsStream(Contract.RESOURCES + contract.file())) {
      if (in == null) {
        throw new IllegalStateException("the build lacks " + contract.file());
      }
      return Json.mapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
