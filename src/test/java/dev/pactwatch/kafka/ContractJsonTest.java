package dev.pactwatch.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.json.Json;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContractJsonTest {

  private static Alert read(JsonNode value) throws IOException {
    return ContractJson.read(Contract.ALERT, Alert.class, Json.bytes(value));
  }

  private static ObjectNode alert() {
    return Json.mapper().valueToTree(SampleAlerts.dispute());
  }

  @Test
  void what_keeps_its_contract_is_read_with_or_without_fields_of_a_newer_release()
      throws IOException {
    byte[] written = Json.bytes(SampleAlerts.dispute());
    assertThat(ContractJson.read(Contract.ALERT, Alert.class, written))
        .isEqualTo(SampleAlerts.dispute());
    assertThat(read(alert().put("invented", 1)).id()).isEqualTo(SampleAlerts.dispute().id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "7", "\"alert\"", "true", ""})
  void json_of_another_kind_is_refused(String json) {
    assertThatThrownBy(() -> ContractJson.read(Contract.ALERT, Alert.class, json.getBytes(UTF_8)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("is no object");
  }

  @ParameterizedTest
  @CsvSource({
    "'', lastSeen, lastSeen",
    "'', severity, severity",
    "/event, type, event.type",
    "/articles/0, published, articles[0].published",
    "/event/parties/0, name, event.parties[0].name",
    "/agreement, chain, agreement.chain",
  })
  void what_lacks_something_is_refused_by_its_place(String at, String field, String place) {
    ObjectNode without = alert();
    ((ObjectNode) without.at(at)).remove(field);
    assertThatThrownBy(() -> read(without)).hasMessageStartingWith("lacks " + place);

    ObjectNode nothing = alert();
    ((ObjectNode) nothing.at(at)).putNull(field);
    assertThatThrownBy(() -> read(nothing)).hasMessageStartingWith("lacks " + place);
  }

  @Test
  void an_empty_text_in_the_place_of_a_time_is_nothing_and_in_the_place_of_words_is_one()
      throws IOException {
    assertThatThrownBy(() -> read(alert().put("lastSeen", "\u0000")))
        .hasMessageStartingWith("lacks lastSeen");
    assertThat(read(alert().put("title", "")).title()).isEmpty();
  }
}
