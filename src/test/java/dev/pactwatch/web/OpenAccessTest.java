package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Without a token in the file: this machine may do everything, web pages of elsewhere nothing. */
@QuarkusTest
class OpenAccessTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TestHTTPResource("/")
  URL root;

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, -, 428",
        "same-origin, -, 428",
        "none, -, 428",
        "-, own, 428",
        "cross-site, -, 403",
        "same-site, -, 403",
        "-, https://evil.example, 403",
        "-, http://127.0.0.1:1, 403",
        "-, null, 403",
      })
  void aChangeIsMadeForThisMachineAndNotForAPageOfElsewhere(String site, String origin, int status)
      throws Exception {
    // Without the version of the list nothing is changed: 428 is what the resource itself says.
    HttpRequest.Builder request = HttpRequest.newBuilder(at("/api/feeds/0123456789ab")).DELETE();
    if (site != null) {
      request.header("Sec-Fetch-Site", site);
    }
    if (origin != null) {
      request.header(
          "Origin",
          origin.equals("own") ? "http://" + root.getHost() + ":" + root.getPort() : origin);
    }

    assertThat(send(request).statusCode()).isEqualTo(status);
  }

  @Test
  void readingIsForEverybodyOnThisMachine() throws Exception {
    assertThat(send(HttpRequest.newBuilder(at("/api/agreements/audit"))).statusCode())
        .isEqualTo(200);
    assertThat(send(HttpRequest.newBuilder(at("/q/metrics"))).statusCode()).isEqualTo(200);
    assertThat(send(HttpRequest.newBuilder(at("/nowhere"))).statusCode()).isEqualTo(404);
  }

  @Test
  void nothingIsLoggedInToAndThatIsSaid() throws Exception {
    assertThat(send(HttpRequest.newBuilder(at("/login"))).body()).contains("No login is needed");
    HttpResponse<String> oidc = send(HttpRequest.newBuilder(at("/login/oidc")));
    assertThat(oidc.statusCode()).isEqualTo(303);
    // A token that nobody asked for does no harm.
    assertThat(
            send(HttpRequest.newBuilder(at("/api/alerts")).header("Authorization", "Bearer x"))
                .statusCode())
        .isEqualTo(200);
  }

  private URI at(String path) {
    return URI.create("http://" + root.getHost() + ":" + root.getPort() + path);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
