package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.ingest.PushInbox;
import dev.pactwatch.ingest.PushMessage;
import dev.pactwatch.ingest.WebSubKey;
import dev.pactwatch.ingest.WebSubKey.Subscription;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class WebSubResourceTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Subscription OF =
      new Subscription("https://example.org/feed?a=b", "https://example.org/self");

  private final WebSubKey key = new WebSubKey("0123456789abcdef0123456789abcdef");
  private final List<PushMessage> taken = new CopyOnWriteArrayList<>();
  private final PushInbox inbox = new PushInbox(key, taken::add, () -> {});

  @TestHTTPResource("/websub/")
  URL root;

  @AfterEach
  void close() {
    inbox.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder at(String rest) {
    return HttpRequest.newBuilder(URI.create(root + rest));
  }

  private static String verification(String challenge) {
    return "?hub.mode=subscribe&hub.topic=https%3A%2F%2Fexample.org%2Fself&hub.lease_seconds=60"
        + "&hub.challenge="
        + challenge;
  }

  @Test
  void withoutACallbackAddressNothingIsThere() throws Exception {
    assertThat(send(at(key.path(OF) + verification("x"))).statusCode()).isEqualTo(404);
    assertThat(send(at(key.path(OF)).POST(BodyPublishers.ofString("x"))).statusCode())
        .isEqualTo(404);
  }

  @Test
  void aChallengeIsEchoedAsPlainText() throws Exception {
    PushInbox.use(inbox);

    HttpResponse<String> answer = send(at(key.path(OF) + verification("%3Cb%3E1")));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("<b>1");
    assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
    assertThat(taken).extracting(PushMessage::leaseSeconds).containsExactly(60L);
    String other = key.path(new Subscription(OF.feed(), "https://example.org/else"));
    assertThat(send(at(other + verification("x"))).statusCode()).isEqualTo(404);
  }

  @Test
  void aSignedBodyArrivesByteForByteAndAForgedOneDoesNot() throws Exception {
    PushInbox.use(inbox);
    byte[] body = "<rss>\u00e9\u0000</rss>".getBytes(StandardCharsets.ISO_8859_1);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.secret(OF).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String signature = "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));

    for (String sent : List.of(signature, "sha256=" + "0".repeat(64))) {
      assertThat(
              send(at(key.path(OF))
                      .header("X-Hub-Signature", sent)
                      .header("Content-Type", "application/rss+xml")
                      .POST(BodyPublishers.ofByteArray(body)))
                  .statusCode())
          .isEqualTo(202);
    }

    assertThat(taken).singleElement().satisfies(m -> assertThat(m.body()).isEqualTo(body));
    assertThat(taken.get(0).feed()).isEqualTo(OF.feed());
    assertThat(taken.get(0).contentType()).isEqualTo("application/rss+xml");
  }
}
