package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertViewTest {

  @ParameterizedTest
  @CsvSource({"8, 8,", "9, 8, and 1 earlier report", "30, 8, and 22 earlier reports"})
  void listsTheNewestReportsAndCountsTheOthers(int reports, int listed, String earlier)
      throws IOException {
    AlertView view = AlertView.of(withReports(reports));

    assertThat(view.articles()).hasSize(listed);
    assertThat(view.articles().get(0).headline()).isEqualTo("report " + reports);
    assertThat(view.earlier()).isEqualTo(earlier);
  }

  private static Alert withReports(int reports) throws IOException {
    ObjectNode alert = (ObjectNode) Json.mapper().readTree(Json.write(SampleAlerts.dispute()));
    JsonNode one = alert.get("articles").get(0);
    ArrayNode articles = alert.putArray("articles");
    for (int i = 1; i <= reports; i++) {
      ObjectNode article = one.deepCopy();
      articles.add(article.put("uri", "uri-" + i).put("headline", "report " + i));
    }
    return Json.read(Json.write(alert).getBytes(StandardCharsets.UTF_8), Alert.class);
  }
}
