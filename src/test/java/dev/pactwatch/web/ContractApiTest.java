package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Contract;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The packaged contracts over HTTP. */
@QuarkusTest
class ContractApiTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TestHTTPResource("/")
  URL root;

  @Test
  void every_contract_is_listed_and_served_byte_for_byte() throws Exception {
    JsonNode listed = Json.mapper().readTree(get("contracts", null).body()).path("contracts");
    List<String> files = new ArrayList<>();
    for (JsonNode one : listed) {
      HttpResponse<byte[]> answer = get(one.path("href").asText().substring(1), null);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(packaged(one.path("file").asText()));
      assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
          .startsWith(one.path("mediaType").asText().replaceFirst(";.*", ""));
      files.add(one.path("file").asText());
    }

    for (Contract contract : Contract.values()) {
      assertThat(files).contains(contract.file());
    }
  }

  @Test
  void a_schema_is_served_as_one_and_named_by_what_records_name() throws Exception {
    HttpResponse<byte[]> answer = get("contracts/alert.v1.schema.json", null);

    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/schema+json");
    assertThat(Json.mapper().readTree(answer.body()).path("$id").asText())
        .isEqualTo("urn:pactwatch:schema:alert.v1");
  }

  @Test
  void who_has_it_already_is_not_sent_it_again() throws Exception {
    String tag =
        get("contracts/alert.v1.schema.json", null).headers().firstValue("ETag").orElseThrow();

    HttpResponse<byte[]> again = get("contracts/alert.v1.schema.json", tag);

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void nothing_else_of_the_package_is_served() throws Exception {
    for (String file : List.of("contracts/pactwatch-build.properties", "contracts/alert.v2")) {
      HttpResponse<byte[]> answer = get(file, null);
      assertThat(answer.statusCode()).as(file).isEqualTo(404);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }
    assertThat(get("contracts/..%2F..%2Fapplication.properties", null).statusCode()).isEqualTo(400);
  }

  private static byte[] packaged(String file) throws IOException {
    try (InputStream in = Contract.class.getResourceAsStream(Contract.RESOURCES + file)) {
      return in.readAllBytes();
    }
  }

  private HttpResponse<byte[]> get(String path, String ifNoneMatch)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path));
    if (ifNoneMatch != null) {
      request.header("If-None-Match", ifNoneMatch);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
  }
}
