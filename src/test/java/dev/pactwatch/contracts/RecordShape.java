package dev.pactwatch.contracts;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pactwatch.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Holds what the code writes of a type, as its JSON mapper sees it, against a schema. */
final class RecordShape {

  private static final Set<Class<?>> WHOLE =
      Set.of(int.class, long.class, Integer.class, Long.class);
  private static final Set<Class<?>> NUMBERS = Set.of(double.class, Double.class, BigDecimal.class);

  private final ObjectMapper mapper = Json.mapper();
  private final JsonNode root;
  private final List<String> differences = new ArrayList<>();
  private final Set<String> compared = new HashSet<>();

  private RecordShape(JsonNode root) {
    this.root = root;
  }

  /** One line for every difference. */
  static List<String> differences(Class<?> type, JsonNode schema) {
    return differences(type, schema, schema);
  }

  /**
   * The same.
   *
   * @param root document within which the schema refers to others
   */
  static List<String> differences(Class<?> type, JsonNode schema, JsonNode root) {
    RecordShape shape = new RecordShape(root);
    shape.compare(shape.mapper.constructType(type), schema, type.getSimpleName());
    return shape.differences;
  }

  private void compare(JavaType type, JsonNode given, String at) {
    JsonNode schema = given;
    while (schema.has("$ref")) {
      if (!schema.path("$ref").asText().startsWith("#")) {
        // A schema of its own, which is compared for itself.
        return;
      }
      schema = root.at(schema.path("$ref").asText().substring(1));
    }
    if (!compared.add(type.toCanonical() + " " + System.identityHashCode(schema))) {
      return;
    }
    Class<?> raw = type.getRawClass();
    if (raw.isEnum()) {
      constants(raw, schema, at);
    } else if (type.isCollectionLikeType()) {
      isType("array", schema, at);
      compare(type.getContentType(), schema.path("items"), at + "[]");
    } else if (type.isMapLikeType()) {
      isType("object", schema, at);
      compare(type.getContentType(), schema.path("additionalProperties"), at + "{}");
    } else if (raw == Instant.class) {
      isType("string", schema, at);
      if (!schema.path("format").asText().equals("date-time")) {
        differences.add(at + ": is a time, and has no format date-time");
      }
    } else if (WHOLE.contains(raw)) {
      isType("integer", schema, at);
    } else if (NUMBERS.contains(raw)) {
      isType("number", schema, at);
    } else if (raw == boolean.class || raw == Boolean.class) {
      isType("boolean", schema, at);
    } else if (raw == String.class || raw == LocalDate.class || writtenAsText(type)) {
      isType("string", schema, at);
    } else if (JsonNode.class.isAssignableFrom(raw)) {
      isType("object", schema, at);
    } else {
      fields(type, schema, at);
    }
  }

  private boolean writtenAsText(JavaType type) {
    BeanDescription bean = mapper.getSerializationConfig().introspect(type);
    return bean.findJsonValueAccessor() != null
        && bean.findJsonValueAccessor().getRawType() == String.class;
  }

  private void fields(JavaType type, JsonNode schema, String at) {
    isType("object", schema, at);
    List<BeanPropertyDefinition> properties =
        mapper.getSerializationConfig().introspect(type).findProperties();
    Set<String> inCode = new TreeSet<>();
    for (BeanPropertyDefinition property : properties) {
      inCode.add(property.getName());
      JsonNode of = schema.path("properties").path(property.getName());
      if (of.isMissingNode()) {
        differences.add(at + "." + property.getName() + ": is in the code, not in the schema");
        continue;
      }
      JavaType written = property.getAccessor().getType();
      compare(written, of, at + "." + property.getName());
      if (written.isPrimitive() && !requires(schema, property.getName())) {
        differences.add(at + "." + property.getName() + ": is always written, and not required");
      }
    }
    schema
        .path("properties")
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!inCode.contains(name)) {
                differences.add(at + "." + name + ": is in the schema, not in the code");
              }
            });
    for (JsonNode required : schema.path("required")) {
      if (!inCode.contains(required.asText())) {
        differences.add(at + "." + required.asText() + ": is required, and not in the code");
      }
    }
  }

  private static boolean requires(JsonNode schema, String name) {
    for (JsonNode required : schema.path("required")) {
      if (required.asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private void constants(Class<?> type, JsonNode schema, String at) {
    isType("string", schema, at);
    Set<String> inCode = new TreeSet<>();
    for (Object constant : type.getEnumConstants()) {
      inCode.add(mapper.<TextNode>valueToTree(constant).asText());
    }
    Set<String> inSchema = new TreeSet<>();
    schema.path("enum").forEach(value -> inSchema.add(value.asText()));
    if (!inCode.equals(inSchema)) {
      differences.add(at + ": the code has " + inCode + ", the schema " + inSchema);
    }
  }

  private void isType(String type, JsonNode schema, String at) {
    if (!schema.path("type").asText().equals(type)) {
      differences.add(at + ": must be of type " + type + ", is " + schema.path("type"));
    }
  }
}
