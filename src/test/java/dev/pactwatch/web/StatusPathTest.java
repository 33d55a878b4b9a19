package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.json.Json;
import dev.pactwatch.tagging.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatusPathTest {

  @Test
  void whatNobodyReportedIsPassedAndWhatSomebodyDidIsSeen() throws IOException {
    // The reports of the sample say that a suit is threatened.
    assertThat(StatusPath.of(at(Status.RULED)))
        .containsExactly(
            new StatusPath.Step("threatened", "seen"),
            new StatusPath.Step("filed", "passed"),
            new StatusPath.Step("ruled", "here"),
            new StatusPath.Step("settled", "ahead"));
  }

  @ParameterizedTest
  @EnumSource(Status.class)
  void everyStatusStandsOnItsWayOnce(Status status) throws IOException {
    assertThat(StatusPath.of(at(status)))
        .filteredOn(step -> step.state().equals("here"))
        .extracting(StatusPath.Step::label)
        .containsExactly(status.label().replace('-', ' '));
  }

  private static Alert at(Status status) throws IOException {
    ObjectNode alert = (ObjectNode) Json.mapper().readTree(Json.write(SampleAlerts.dispute()));
    ((ObjectNode) alert.get("event"))
        .put("status", status.label())
        .put("type", status.type().label());
    return Json.read(Json.write(alert).getBytes(StandardCharsets.UTF_8), Alert.class);
  }
}
