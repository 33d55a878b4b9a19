package dev.pactwatch.tagging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class TagJsonTest {

  @Test
  void anItemIsReadAndOtherFieldsAreIgnored() {
    TagJson.Item item =
        TagJson.read(
            "{\"id\": 7, \"date\": \"2025-01-21T10:00:00Z\", \"title\": \"T\", \"body\": null,"
                + " \"events\": [1]}");

    assertThat(item).isEqualTo(new TagJson.Item("7", LocalDate.of(2025, 1, 21), "T", null, null));
  }

  @Test
  void whatIsNoItemIsRefusedWithAReason() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TagJson.read("{"))
        .withMessage("is not JSON");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TagJson.read("[]"))
        .withMessage("is no JSON object");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TagJson.read("{\"title\":\"T\"}"))
        .withMessage("id: is missing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TagJson.read("{\"id\":\"a\",\"date\":\"soon\"}"))
        .withMessageStartingWith("date: must be a day");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TagJson.read("{\"id\":\"a\",\"title\":{}}"))
        .withMessage("title: must be a text");
  }

  @Test
  void labelsAreWrittenAsTheGuideHasThem() {
    Event event =
        new Event(
            EventType.CLOUD_PARTNERSHIP,
            Status.IN_TALKS,
            List.of(new Party(null, "Zibbo", Role.CUSTOMER, null, true)),
            new Amount(new BigDecimal("38000000000"), "USD"),
            Exclusivity.FIRST_REFUSAL,
            null,
            "compute",
            false,
            0.5,
            List.of());

    assertThat(TagJson.write("a", List.of(event)))
        .startsWith(
            "{\"id\":\"a\",\"events\":[{\"type\":\"cloud-partnership\",\"status\":\"in-talks\"")
        .contains(
            "\"role\":\"customer\"", "\"exclusivity\":\"first-refusal\"", "\"currency\":\"USD\"")
        .contains("\"value\":38000000000");
  }
}
