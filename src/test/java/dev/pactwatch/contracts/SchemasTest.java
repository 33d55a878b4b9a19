package dev.pactwatch.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.ingest.FeedState;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The schemas against their meta-schema, the code, their own past, and what the code writes. */
class SchemasTest {

  private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");
  private static final String SCHEMA = ".schema.json";

  @ParameterizedTest
  @EnumSource
  void a_schema_is_one_by_the_official_meta_schema(Contract contract) {
    JsonNode schema = Schemas.document(contract.file());

    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()))
                .validate(schema))
        .isEmpty();
    assertThat(schema.path("$schema").asText())
        .isEqualTo(SpecificationVersion.DRAFT_2020_12.getDialectId());
    assertThat(schema.path("$id").asText()).isEqualTo(contract.schema());
    assertThat(schema.path("title").asText()).isNotBlank();
  }

  @ParameterizedTest
  @EnumSource
  void every_field_is_described(Contract contract) {
    for (JsonNode properties : Schemas.document(contract.file()).findValues("properties")) {
      properties
          .fields()
          .forEachRemaining(
              field ->
                  assertThat(field.getValue().has("description") || field.getValue().has("$ref"))
                      .as(field.getKey())
                      .isTrue());
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_schema_has_examples_that_are_good_and_that_the_code_reads_in_full(Contract contract)
      throws IOException {
    JsonNode examples = Schemas.document(contract.file()).path("examples");

    assertThat(examples).hasSizeGreaterThanOrEqualTo(1);
    for (JsonNode example : examples) {
      assertThat(Schemas.problemsOfOurs(contract, example)).as(example.toString()).isEmpty();
      assertThat(lost(contract, example)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void schema_and_code_name_the_same_fields_and_constants(Contract contract) {
    assertThat(
            RecordShape.differences(
                Schemas.RECORDS.get(contract), Schemas.document(contract.file())))
        .isEmpty();
  }

  @Test
  void a_field_or_a_constant_that_only_one_side_has_is_told() {
    ObjectNode schema = Schemas.document(Contract.ALERT.file()).deepCopy();
    ((ObjectNode) schema.path("properties")).remove("reprints");
    ((ObjectNode) schema.at("/$defs/party/properties")).putObject("mood").put("type", "string");
    ((ArrayNode) schema.at("/$defs/status/enum")).remove(0);

    assertThat(RecordShape.differences(Alert.class, schema))
        .hasSize(3)
        .anyMatch(line -> line.startsWith("Alert.reprints: is in the code"))
        .anyMatch(line -> line.endsWith("parties[].mood: is in the schema, not in the code"))
        .anyMatch(line -> line.startsWith("Alert.event.status: the code has [agreed"));
  }

  /** Schemas stand alone, and so some say the same twice. */
  @Test
  void what_two_schemas_call_by_one_name_is_the_same() {
    Map<String, JsonNode> known = new TreeMap<>();
    for (Contract contract : Contract.values()) {
      Schemas.document(contract.file())
          .path("$defs")
          .fields()
          .forEachRemaining(
              definition -> {
                JsonNode first = known.putIfAbsent(definition.getKey(), definition.getValue());
                assertThat(first == null || first.equals(definition.getValue()))
                    .as(definition.getKey())
                    .isTrue();
              });
    }
    assertThat(known).containsKeys("publisher", "term", "party");
  }

  // ---- what the code writes

  @Test
  void the_samples_that_other_tests_use_are_as_the_schema_says() {
    for (Alert alert : List.of(SampleAlerts.dispute(), SampleAlerts.conflict())) {
      assertThat(Schemas.problemsOfOurs(Contract.ALERT, tree(alert))).isEmpty();
    }
    assertThat(Schemas.problemsOfOurs(Contract.FEED, tree(FeedState.fresh("https://x.example"))))
        .isEmpty();
  }

  @Test
  void every_agreement_of_the_registry_is_as_the_schema_says() {
    List<Agreement> agreements =
        List.copyOf(AgreementFiles.load(Path.of("config/agreements")).all());

    assertThat(agreements).hasSizeGreaterThan(20);
    for (Agreement agreement : agreements) {
      assertThat(Schemas.problemsOfOurs(Contract.AGREEMENT, tree(agreement)))
          .as(agreement.id())
          .isEmpty();
    }
  }

  @Test
  void a_record_that_lacks_something_or_has_it_wrong_is_refused() {
    ObjectNode alert = (ObjectNode) tree(SampleAlerts.dispute());
    alert.remove("title");
    alert.put("severity", "purple");
    alert.put("firstSeen", "yesterday");

    assertThat(Schemas.problems(Contract.ALERT, alert)).hasSize(3);
  }

  @Test
  void readers_take_fields_that_they_do_not_know() {
    ObjectNode alert = (ObjectNode) tree(SampleAlerts.dispute());
    alert.put("mood", "grim");

    assertThat(Schemas.problems(Contract.ALERT, alert)).isEmpty();
    assertThat(Schemas.problemsOfOurs(Contract.ALERT, alert)).hasSize(1);
  }

  // ---- what was released

  static List<Path> goldenRecords() throws IOException {
    return golden(file -> file.toString().endsWith(".json") && !file.toString().endsWith(SCHEMA));
  }

  static List<Path> goldenSchemas() throws IOException {
    return golden(file -> file.toString().endsWith(SCHEMA));
  }

  private static List<Path> golden(Predicate<Path> which) throws IOException {
    try (Stream<Path> files = Files.walk(GOLDEN)) {
      return files.filter(Files::isRegularFile).filter(which).sorted().toList();
    }
  }

  @Test
  void every_release_left_records_of_every_kind() throws IOException {
    List<String> names =
        goldenRecords().stream().map(file -> GOLDEN.relativize(file).toString()).toList();
    for (Contract contract : Contract.values()) {
      assertThat(names).anyMatch(name -> name.startsWith("0.1.0/" + contract.label() + "."));
    }
  }

  @ParameterizedTest
  @MethodSource("goldenRecords")
  void a_record_of_a_release_is_good_today_and_read_in_full(Path file) throws IOException {
    Contract contract = contract(file);
    JsonNode record = Json.mapper().readTree(file.toFile());

    assertThat(Schemas.problems(contract, record)).isEmpty();
    assertThat(lost(contract, record)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("goldenSchemas")
  void a_schema_only_gained_optional_fields_since_its_release(Path file) throws IOException {
    assertThat(
            Compatibility.breaches(
                Json.mapper().readTree(file.toFile()), Schemas.document(contract(file).file())))
        .isEmpty();
  }

  @Test
  void an_optional_field_more_is_compatible() {
    JsonNode released = Schemas.document(Contract.ALERT.file());
    ObjectNode newer = released.deepCopy();
    ((ObjectNode) newer.path("properties")).putObject("mood").put("type", "string");
    ((ObjectNode) newer.at("/$defs/party/properties")).putObject("mood").put("type", "string");
    newer.put("description", "said better");

    assertThat(Compatibility.breaches(released, newer)).isEmpty();
  }

  static List<Consumer<ObjectNode>> breaches() {
    return List.of(
        schema -> ((ObjectNode) schema.path("properties")).remove("reprints"),
        schema -> ((ArrayNode) schema.path("required")).add("mood"),
        schema -> ((ArrayNode) schema.path("required")).remove(0),
        schema -> ((ObjectNode) schema.at("/properties/reprints")).put("type", "string"),
        schema -> ((ObjectNode) schema.at("/properties/reprints")).put("maximum", 9),
        schema -> ((ArrayNode) schema.at("/$defs/status/enum")).add("rumoured"),
        schema ->
            ((ObjectNode) schema.at("/$defs/term/properties/until")).put("$ref", "#/$defs/source"),
        schema -> ((ObjectNode) schema.at("/properties/reasons/items")).put("type", "integer"),
        schema -> schema.put("additionalProperties", false));
  }

  @ParameterizedTest
  @MethodSource("breaches")
  void anything_else_is_not(Consumer<ObjectNode> change) {
    JsonNode released = Schemas.document(Contract.ALERT.file());
    ObjectNode newer = released.deepCopy();
    change.accept(newer);

    assertThat(newer).isNotEqualTo(released);
    assertThat(Compatibility.breaches(released, newer)).isNotEmpty();
  }

  private static Contract contract(Path file) {
    return Stream.of(Contract.values())
        .filter(contract -> file.getFileName().toString().startsWith(contract.label() + "."))
        .findFirst()
        .orElseThrow();
  }

  /** What is not there any more once the code has read a record and writes it again. */
  private static List<String> lost(Contract contract, JsonNode record) throws IOException {
    Object read = Json.read(record.toString(), Schemas.RECORDS.get(contract));
    List<String> lost = new ArrayList<>();
    compare(record, tree(read), "", lost);
    return lost;
  }

  private static void compare(JsonNode before, JsonNode after, String at, List<String> lost) {
    if (before.isContainerNode()) {
      if (before.isObject()) {
        before
            .fields()
            .forEachRemaining(
                field ->
                    compare(
                        field.getValue(),
                        after.path(field.getKey()),
                        at + "/" + field.getKey(),
                        lost));
      } else {
        for (int i = 0; i < before.size(); i++) {
          compare(before.path(i), after.path(i), at + "/" + i, lost);
        }
      }
    } else if (before.isNumber() && after.isNumber()
        ? before.decimalValue().compareTo(after.decimalValue()) != 0
        : !before.equals(after)) {
      lost.add(at + " was " + before + ", is " + after);
    }
  }

  /** As it stands in a topic. */
  private static JsonNode tree(Object record) {
    try {
      return Json.mapper().readTree(Json.bytes(record));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
