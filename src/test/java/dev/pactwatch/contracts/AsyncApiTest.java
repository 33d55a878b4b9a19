package dev.pactwatch.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SpecificationVersion;
import dev.pactwatch.kafka.Contract;
import dev.pactwatch.kafka.TopicSpec;
import dev.pactwatch.kafka.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The description of topics and streams, against the official schema and the code. */
class AsyncApiTest {

  private static final JsonNode DOCUMENT = Schemas.document("asyncapi.json");

  @Test
  void the_document_is_one_by_the_official_schema_of_async_api() {
    JsonNode official = Schemas.resource("/specs/asyncapi-3.0.0.json");

    assertThat(Schemas.validator(SpecificationVersion.DRAFT_7, official).validate(DOCUMENT))
        .isEmpty();
    ObjectNode broken = DOCUMENT.deepCopy();
    ((ObjectNode) broken.at("/operations/publishAlerts")).put("action", "shout");
    assertThat(Schemas.validator(SpecificationVersion.DRAFT_7, official).validate(broken))
        .isNotEmpty();
  }

  @Test
  void every_message_has_examples_that_are_good() {
    DOCUMENT
        .at("/components/messages")
        .fields()
        .forEachRemaining(
            message -> {
              assertThat(message.getValue().path("examples")).as(message.getKey()).isNotEmpty();
              for (JsonNode example : message.getValue().path("examples")) {
                for (String part : List.of("payload", "headers")) {
                  if (message.getValue().has(part)) {
                    assertThat(
                            Schemas.problems(
                                standalone(message.getValue().path(part)), example.path(part)))
                        .as(message.getKey() + " " + part)
                        .isEmpty();
                  }
                }
              }
            });
  }

  @Test
  void an_example_that_is_not_as_its_schema_says_would_be_noticed() {
    JsonNode schema = standalone(DOCUMENT.at("/components/messages/alertFrame/payload"));
    ObjectNode example =
        DOCUMENT.at("/components/messages/alertFrame/examples/0/payload").deepCopy();
    ((ObjectNode) example.path("data")).put("severity", "purple");

    assertThat(Schemas.problems(schema, example)).hasSize(1);
  }

  @Test
  void every_contract_is_a_message_with_its_schema_and_its_type() {
    Map<String, JsonNode> bySchema = new HashMap<>();
    DOCUMENT
        .at("/components/messages")
        .forEach(message -> bySchema.putIfAbsent(message.at("/payload/$ref").asText(), message));
    for (Contract contract : Contract.values()) {
      JsonNode message = bySchema.get("./" + contract.file());
      assertThat(message).as(contract.label()).isNotNull();
      assertThat(message.at("/headers/properties/ce_type/const").asText())
          .isEqualTo(contract.type());
      assertThat(message.at("/headers/properties/ce_dataschema/const").asText())
          .isEqualTo(contract.schema());
    }
  }

  @Test
  void the_channels_are_the_topics_as_they_are_declared() {
    Topics topics = new Topics(Topics.DEFAULT_PREFIX, Topics.DEFAULT_PARTITIONS, (short) 1);
    Map<String, String> declared = new TreeMap<>();
    for (TopicSpec spec : topics.all()) {
      // What hubs push passes between processes of the product, and is nothing to build on.
      if (!spec.name().equals(topics.pushes())) {
        declared.put(
            spec.name(),
            spec.partitions()
                + " "
                + spec.config().get("cleanup.policy")
                + " "
                + spec.config().get("retention.ms"));
      }
    }
    Map<String, String> described = new TreeMap<>();
    for (JsonNode channel : DOCUMENT.path("channels")) {
      JsonNode kafka = channel.at("/bindings/kafka");
      if (kafka.has("topic")) {
        assertThat(channel.path("address").asText().replace("{prefix}", topics.prefix()))
            .isEqualTo(kafka.path("topic").asText());
        JsonNode settings = kafka.path("topicConfiguration");
        described.put(
            kafka.path("topic").asText(),
            kafka.path("partitions").asText()
                + " "
                + settings.at("/cleanup.policy/0").asText()
                + " "
                + settings.path("retention.ms").asText("null"));
      }
    }
    described.replaceAll((topic, text) -> text.endsWith(" ") ? text + "null" : text);
    assertThat(described).isEqualTo(declared);
  }

  @Test
  void every_reference_within_the_document_leads_somewhere() {
    List<String> lost = new ArrayList<>();
    for (JsonNode reference : DOCUMENT.findValues("$ref")) {
      String to = reference.asText();
      if (to.startsWith("#") && DOCUMENT.at(to.substring(1)).isMissingNode()) {
        lost.add(to);
      } else if (!to.startsWith("#")) {
        assertThat(Schemas.document(to.substring(2))).isNotNull();
      }
    }
    assertThat(lost).isEmpty();
  }

  /** With the schemas that it refers to in their places. */
  private static JsonNode standalone(JsonNode schema) {
    if (schema.path("$ref").asText().startsWith("./")) {
      return Schemas.document(schema.path("$ref").asText().substring(2));
    }
    JsonNode copy = schema.deepCopy();
    if (copy instanceof ObjectNode object) {
      object.fieldNames().forEachRemaining(name -> object.set(name, standalone(object.path(name))));
    }
    return copy;
  }
}
