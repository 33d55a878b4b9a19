package dev.pactwatch.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URL;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who another server vouches for, against one that speaks real HTTP. */
@QuarkusTest
@TestProfile(OidcTest.WithServer.class)
class OidcTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** Nobody has a token of ours. */
  public static class WithServer implements QuarkusTestProfile {
    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(OidcServer.class));
    }
  }

  @TestHTTPResource("/")
  URL root;

  @ParameterizedTest
  @CsvSource({
    "reader, 200, 403, 403",
    "editor, 200, 428, 403",
    "chief, 200, 428, 200",
    "owner, 200, 428, 200",
    "admin, 403, 403, 403",
    "stranger, 403, 403, 403",
  })
  void theRoleComesFromTheClaimAsItIsSetUp(String role, int read, int change, int audit)
      throws Exception {
    Files.createDirectories(Path.of("target", "oidc-test", "agreements"));
    String token = OidcServer.signed(OidcServer.key(), OidcServer.claims(role, 300).build());

    assertThat(send("GET", "/api/alerts", token).statusCode()).isEqualTo(read);
    assertThat(send("DELETE", "/api/feeds/0123456789ab", token).statusCode()).isEqualTo(change);
    assertThat(send("GET", "/api/agreements/audit", token).statusCode()).isEqualTo(audit);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "expired",
        "not yet valid",
        "wrong issuer",
        "wrong audience",
        "no audience",
        "alg none",
        "alg none without dot",
        "public key as secret",
        "unknown key",
        "unknown key under a known name",
        "changed claims",
        "no expiry",
        "rubbish",
      })
  void aTokenThatIsNotRightLetsNobodyIn(String fault) throws Exception {
    RSAKey key = OidcServer.key();
    RSAKey other = new RSAKeyGenerator(2048).keyID("other").generate();
    JWTClaimsSet good = OidcServer.claims("chief", 300).build();
    String token =
        switch (fault) {
          case "expired" -> OidcServer.signed(key, OidcServer.claims("chief", -60).build());
          case "not yet valid" ->
              OidcServer.signed(
                  key,
                  OidcServer.claims("chief", 900)
                      .notBeforeTime(Date.from(Instant.now().plusSeconds(600)))
                      .build());
          case "wrong issuer" ->
              OidcServer.signed(
                  key, OidcServer.claims("chief", 300).issuer("http://127.0.0.1:1").build());
          case "wrong audience" ->
              OidcServer.signed(key, OidcServer.claims("chief", 300).audience("other").build());
          case "no audience" ->
              OidcServer.signed(
                  key, OidcServer.claims("chief", 300).audience((String) null).build());
          case "alg none" -> OidcServer.unsigned(good);
          case "alg none without dot" -> OidcServer.unsigned(good).replaceAll("\\.$", "");
          case "public key as secret" -> OidcServer.confused(key, good);
          case "unknown key" -> OidcServer.signed(other, good);
          case "unknown key under a known name" -> OidcServer.signed(other, key.getKeyID(), good);
          case "changed claims" -> {
            String[] parts =
                OidcServer.signed(key, OidcServer.claims("reader", 300).build()).split("\\.");
            yield parts[0] + "." + OidcServer.signed(key, good).split("\\.")[1] + "." + parts[2];
          }
          case "no expiry" ->
              OidcServer.signed(key, OidcServer.claims("chief", 300).expirationTime(null).build());
          default -> "rubbish";
        };

    HttpResponse<String> response = send("GET", "/api/alerts", token);

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(response.headers().firstValue("WWW-Authenticate").orElseThrow())
        .startsWith("Bearer ");
  }

  @Test
  void whoBringsNothingIsTurnedAwayAndPeopleAreOfferedTheOtherLogin() throws Exception {
    assertThat(send("GET", "/api/alerts", null).statusCode()).isEqualTo(401);
    HttpResponse<String> page =
        CLIENT.send(
            HttpRequest.newBuilder(at("/")).header("Accept", "text/html").build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(page.statusCode()).isEqualTo(303);
    assertThat(page.headers().firstValue("Location")).hasValue("/login");
    assertThat(send("GET", "/login", null).body()).contains("Log in with your organisation");
    assertThat(send("GET", "/q/health/live", null).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"editor, 200, 428", "reader, 200, 403", "stranger, 403, 403"})
  void aBrowserIsSentThereAndBackAndIsKnownThen(String role, int read, int change)
      throws Exception {
    CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    HttpClient browser = HttpClient.newBuilder().cookieHandler(cookies).build();

    HttpResponse<String> sent = page(browser, at("/login/oidc?next=%2F%3Fseverity%3Dhigh"));

    assertThat(sent.statusCode()).as(sent.body()).isEqualTo(302);
    URI there = URI.create(sent.headers().firstValue("Location").orElseThrow());
    assertThat(there.getPath()).isEqualTo("/authorize");
    Map<String, String> asked = query(there);
    assertThat(asked)
        .containsEntry("response_type", "code")
        .containsEntry("client_id", OidcServer.CLIENT)
        .containsEntry("code_challenge_method", "S256")
        .containsKeys("state", "code_challenge");
    assertThat(asked.get("redirect_uri")).isEqualTo(at("/login/oidc").toString());

    HttpResponse<String> back =
        page(browser, at("/login/oidc?code=" + role + "&state=" + asked.get("state")));
    for (int hops = 0; hops < 3 && back.statusCode() / 100 == 3 && !ours(back); hops++) {
      back = page(browser, at(location(back)));
    }

    assertThat(location(back)).isEqualTo("/?severity=high");
    assertThat(page(browser, at("/")).statusCode()).isEqualTo(read);
    assertThat(page(browser, at("/login")).body()).contains("as carol");
    assertThat(change(browser, "same-origin").statusCode()).isEqualTo(change);
    assertThat(change(browser, "cross-site").body()).contains("Not from here");
    assertThat(cookies.getCookieStore().getCookies())
        .filteredOn(cookie -> cookie.getName().startsWith("q_session"))
        .isNotEmpty()
        .allMatch(HttpCookie::isHttpOnly);

    HttpResponse<String> out =
        browser.send(
            HttpRequest.newBuilder(at("/logout"))
                .header("Sec-Fetch-Site", "same-origin")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(location(out)).isEqualTo("/login");
    assertThat(location(page(browser, at("/")))).isEqualTo("/login");
  }

  @Test
  void aCodeThatNobodyAskedForIsWorthNothing() throws Exception {
    HttpClient browser =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
            .build();

    HttpResponse<String> back = page(browser, at("/login/oidc?code=chief&state=made-up"));

    assertThat(back.statusCode()).isIn(302, 303, 401);
    assertThat(page(browser, at("/")).headers().firstValue("Location")).hasValue("/login");
  }

  private HttpResponse<String> change(HttpClient browser, String site)
      throws IOException, InterruptedException {
    return browser.send(
        HttpRequest.newBuilder(at("/api/feeds/0123456789ab"))
            .header("Sec-Fetch-Site", site)
            .DELETE()
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private boolean ours(HttpResponse<String> response) {
    return location(response).startsWith("/?");
  }

  private String location(HttpResponse<String> response) {
    return response.headers().firstValue("Location").orElse("").replaceFirst("^http://[^/]+", "");
  }

  private static Map<String, String> query(URI uri) {
    return Arrays.stream(uri.getRawQuery().split("&"))
        .map(pair -> pair.split("=", 2))
        .collect(
            Collectors.toMap(
                both -> both[0], both -> URLDecoder.decode(both[1], StandardCharsets.UTF_8)));
  }

  private static HttpResponse<String> page(HttpClient browser, URI uri)
      throws IOException, InterruptedException {
    return browser.send(
        HttpRequest.newBuilder(uri).header("Accept", "text/html").build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> send(String method, String path, String token)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at(path)).method(method, HttpRequest.BodyPublishers.noBody());
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI at(String path) {
    return URI.create("http://" + root.getHost() + ":" + root.getPort() + path);
  }
}
