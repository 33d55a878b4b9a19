package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.json.Json;
import dev.pactwatch.web.RevisionChanges.Difference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RevisionChangesTest {

  @Test
  void nothingIsSaidOfWhatStayed() {
    assertThat(RevisionChanges.between(SampleAlerts.dispute(), SampleAlerts.dispute())).isEmpty();
  }

  @Test
  void statusSeverityAndAmountAreNamedWithWhatTheyWere() throws IOException {
    Alert after =
        changed(
            alert -> {
              ((ObjectNode) alert.get("event")).put("status", "filed").putNull("amount");
              alert.put("severity", "high");
            });

    assertThat(RevisionChanges.between(SampleAlerts.dispute(), after))
        .containsExactly(
            new Difference("Status", "threatened", "filed"),
            new Difference("Severity", "critical", "high"),
            new Difference("Amount", "USD 6.5 billion", null));
  }

  @Test
  void partiesAndReportsThatCameOrWentAreNamed() throws IOException {
    Alert fewer =
        changed(
            alert -> {
              ((ArrayNode) alert.get("event").get("parties")).remove(2);
              ((ArrayNode) alert.get("articles")).remove(1);
              alert.put("independentPublishers", 1);
            });

    assertThat(RevisionChanges.between(fewer, SampleAlerts.dispute()))
        .containsExactly(
            new Difference("Party", null, "Tidewater, defendant"),
            new Difference(
                "Report", null, "The Ledger: Lumen's new cloud deal draws a legal threat"),
            new Difference("Independent publishers", "1", "2"));
    assertThat(RevisionChanges.between(SampleAlerts.dispute(), fewer))
        .contains(new Difference("Party", "Tidewater, defendant", null));
  }

  private static Alert changed(Consumer<ObjectNode> change) throws IOException {
    ObjectNode alert = (ObjectNode) Json.mapper().readTree(Json.write(SampleAlerts.dispute()));
    change.accept(alert);
    return Json.read(Json.write(alert).getBytes(StandardCharsets.UTF_8), Alert.class);
  }
}
