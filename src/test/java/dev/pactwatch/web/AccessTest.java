package dev.pactwatch.web;

import static dev.pactwatch.http.RawServer.respond;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.pactwatch.agreement.AuditTrail;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.http.RawServer;
import dev.pactwatch.ingest.FeedEntry;
import dev.pactwatch.ingest.FeedListFile;
import dev.pactwatch.json.Json;
import dev.pactwatch.web.access.AccessFile;
import dev.pactwatch.web.access.AccessRole;
import dev.pactwatch.web.access.AccessRules;
import dev.pactwatch.web.access.AccessRules.Needs;
import dev.pactwatch.web.access.AccessToken;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import java.io.EOFException;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what, over real HTTP, with a file of tokens. */
@QuarkusTest
@TestProfile(AccessTest.WithTokens.class)
class AccessTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Path CONFIG = Path.of("target", "access-test").toAbsolutePath();
  private static final Path TOKENS = CONFIG.resolve(AccessFile.NAME);
  private static final String FEED_URL = "https://a.example/feed";

  private static final String FEED =
      "<rss version='2.0'><channel><title>Found</title><link>https://x.example/</link>"
          + "<item><title>One</title><guid>1</guid></item></channel></rss>";

  private static final String AGREEMENT =
      """
      id: lab-1
      title: One cloud
      parties: [{entity: lab, role: grantor}, {entity: cumulus, role: beneficiary}]
      terms: [{kind: sole, topic: compute, grantor: lab, beneficiary: cumulus}]
      status: in-force
      confidence: high
      """;

  /** Nothing of the project's own folder is touched. */
  public static class WithTokens implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        Files.createDirectories(CONFIG);
        Files.writeString(TOKENS, tokens());
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      return Map.of(
          "pactwatch.config-dir",
          CONFIG.toString(),
          "pactwatch.http.allow-private",
          "127.0.0.1",
          "pactwatch.http.names",
          "Pactwatch.Example");
    }
  }

  /**
   * A route with a request that it answers with a success.
   *
   * @param path as the resource declares it
   * @param request path and query in place of it
   */
  record Asked(Needs needs, String method, String path, String request, String body) {

    static Asked get(Needs needs, String path, String request) {
      return new Asked(needs, "GET", path, request, "");
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private static final String ID = FeedEntry.id(FEED_URL);

  /** Every route that JAX-RS serves, and what it is meant to need. */
  static List<Asked> routes() {
    List<Asked> routes = new ArrayList<>(notifier());
    routes.addAll(
        List.of(
            Asked.get(Needs.VIEWER, "/", "/"),
            Asked.get(Needs.VIEWER, "/page/alerts", "/page/alerts?id=a1b2c3"),
            Asked.get(Needs.VIEWER, "/alerts/{id}", "/alerts/a1b2c3"),
            Asked.get(Needs.VIEWER, "/organisations", "/organisations"),
            Asked.get(Needs.VIEWER, "/organisations/{id}", "/organisations/tidewater"),
            Asked.get(Needs.VIEWER, "/system", "/system"),
            Asked.get(Needs.VIEWER, "/api/alerts", "/api/alerts"),
            Asked.get(Needs.VIEWER, "/api/alerts/{id}", "/api/alerts/a1b2c3"),
            // Without a topology there is no history, which is said.
            Asked.get(Needs.VIEWER, "/api/alerts/{id}/history", "/api/alerts/a1b2c3/history"),
            Asked.get(
                Needs.VIEWER, "/api/alerts/{id}/explanation", "/api/alerts/a1b2c3/explanation"),
            Asked.get(Needs.VIEWER, "/api/agreements", "/api/agreements"),
            Asked.get(Needs.VIEWER, "/api/agreements/{id}", "/api/agreements/lab-1"),
            Asked.get(
                Needs.VIEWER, "/api/agreements/{id}/history", "/api/agreements/lab-1/history"),
            Asked.get(
                Needs.VIEWER, "/api/agreements/as-of", "/api/agreements/as-of?date=2026-01-01"),
            Asked.get(Needs.VIEWER, "/api/agreements/export", "/api/agreements/export"),
            Asked.get(Needs.ADMIN, "/api/agreements/audit", "/api/agreements/audit"),
            Asked.get(Needs.ADMIN, "/api/agreements/{id}/audit", "/api/agreements/lab-1/audit"),
            new Asked(
                Needs.EDITOR, "PUT", "/api/agreements/{id}", "/api/agreements/lab-1", AGREEMENT),
            new Asked(Needs.EDITOR, "DELETE", "/api/agreements/{id}", "/api/agreements/lab-1", ""),
            new Asked(
                Needs.EDITOR,
                "POST",
                "/api/agreements/{id}/end",
                "/api/agreements/lab-1/end",
                "{\"on\":\"2026-01-01\",\"source\":\"https://x.example/\"}"),
            new Asked(
                Needs.EDITOR,
                "POST",
                "/api/agreements/import",
                "/api/agreements/import",
                AGREEMENT.replace("lab-1", "lab-2")),
            Asked.get(Needs.VIEWER, "/agreements", "/agreements"),
            Asked.get(Needs.VIEWER, "/agreements/{id}", "/agreements/lab-1"),
            Asked.get(Needs.VIEWER, "/agreements/{id}/edit", "/agreements/lab-1/edit"),
            Asked.get(Needs.VIEWER, "/agreements/{id}/end", "/agreements/lab-1/end"),
            Asked.get(Needs.VIEWER, "/agreements/import", "/agreements/import"),
            Asked.get(Needs.ADMIN, "/agreements/{id}/audit", "/agreements/lab-1/audit"),
            // Forms without a word in them.
            new Asked(Needs.EDITOR, "POST", "/agreements/{id}/edit", "/agreements/lab-1/edit", ""),
            new Asked(Needs.EDITOR, "POST", "/agreements/{id}/end", "/agreements/lab-1/end", ""),
            new Asked(Needs.EDITOR, "POST", "/agreements/import", "/agreements/import", ""),
            Asked.get(Needs.VIEWER, "/lexicon", "/lexicon"),
            new Asked(Needs.VIEWER, "POST", "/lexicon", "/lexicon", ""),
            Asked.get(Needs.VIEWER, "/feeds", "/feeds"),
            Asked.get(Needs.VIEWER, "/feeds/import", "/feeds/import"),
            Asked.get(Needs.VIEWER, "/feeds/{id}", "/feeds/" + ID),
            new Asked(Needs.EDITOR, "POST", "/feeds", "/feeds", ""),
            new Asked(Needs.EDITOR, "POST", "/feeds/import", "/feeds/import", ""),
            new Asked(Needs.EDITOR, "POST", "/feeds/{id}", "/feeds/" + ID, ""),
            Asked.get(Needs.VIEWER, "/api/feeds", "/api/feeds"),
            Asked.get(Needs.VIEWER, "/api/feeds/{id}", "/api/feeds/" + ID),
            Asked.get(Needs.VIEWER, "/api/feeds/export", "/api/feeds/export"),
            new Asked(Needs.EDITOR, "POST", "/api/feeds", "/api/feeds", "{\"url\":\"SITE\"}"),
            new Asked(Needs.EDITOR, "DELETE", "/api/feeds/{id}", "/api/feeds/" + ID, ""),
            Asked.get(Needs.NOTHING, "/contracts", "/contracts"),
            Asked.get(Needs.NOTHING, "/contracts/{file}", "/contracts/alert.v1.schema.json"),
            Asked.get(Needs.NOTHING, "/login", "/login"),
            new Asked(Needs.NOTHING, "POST", "/login", "/login", ""),
            Asked.get(Needs.NOTHING, "/login/oidc", "/login/oidc"),
            new Asked(Needs.NOTHING, "POST", "/logout", "/logout", ""),
            Asked.get(Needs.SECRET, "/websub/{feed}/{topic}/{seal}", "/websub/a/b/c"),
            new Asked(Needs.SECRET, "POST", "/websub/{feed}/{topic}/{seal}", "/websub/a/b/c", "")));
    return routes;
  }

  /** Routes of the notifier, whose database is not open here. */
  static List<Asked> notifier() {
    return List.of(
        Asked.get(Needs.VIEWER, "/api/subscriptions", "/api/subscriptions"),
        Asked.get(Needs.VIEWER, "/api/subscriptions/{id}", "/api/subscriptions/x1"),
        Asked.get(
            Needs.VIEWER, "/api/subscriptions/{id}/deliveries", "/api/subscriptions/x1/deliveries"),
        Asked.get(Needs.ADMIN, "/api/subscriptions/audit", "/api/subscriptions/audit"),
        new Asked(
            Needs.EDITOR, "PUT", "/api/subscriptions/{id}", "/api/subscriptions/x1", "id: x1"),
        new Asked(Needs.EDITOR, "DELETE", "/api/subscriptions/{id}", "/api/subscriptions/x1", ""),
        post(Needs.EDITOR, "/api/subscriptions/{id}/pause"),
        post(Needs.EDITOR, "/api/subscriptions/{id}/resume"),
        post(Needs.EDITOR, "/api/subscriptions/{id}/test"),
        post(Needs.EDITOR, "/api/subscriptions/{id}/preview"),
        post(Needs.EDITOR, "/api/subscriptions/{id}/dry-run"),
        post(Needs.ADMIN, "/api/subscriptions/{id}/secret"),
        new Asked(
            Needs.ADMIN,
            "DELETE",
            "/api/subscriptions/{id}/secret",
            "/api/subscriptions/x1/secret",
            ""),
        Asked.get(Needs.VIEWER, "/api/deliveries", "/api/deliveries"),
        Asked.get(Needs.VIEWER, "/api/deliveries/counts", "/api/deliveries/counts"),
        Asked.get(Needs.VIEWER, "/api/deliveries/{id}", "/api/deliveries/x1"),
        post(Needs.EDITOR, "/api/deliveries/{id}/retry"),
        new Asked(
            Needs.EDITOR, "POST", "/api/deliveries/retry", "/api/deliveries/retry", "state: dead"),
        Asked.get(Needs.VIEWER, "/api/silences", "/api/silences"),
        Asked.get(Needs.VIEWER, "/api/silences/{id}", "/api/silences/x1"),
        post(Needs.EDITOR, "/api/silences"),
        post(Needs.EDITOR, "/api/silences/preview"),
        new Asked(Needs.EDITOR, "DELETE", "/api/silences/{id}", "/api/silences/x1", ""),
        Asked.get(
            Needs.VIEWER, "/api/alerts/{id}/acknowledgement", "/api/alerts/x1/acknowledgement"),
        post(Needs.EDITOR, "/api/alerts/{id}/acknowledgement"),
        new Asked(
            Needs.EDITOR,
            "DELETE",
            "/api/alerts/{id}/acknowledgement",
            "/api/alerts/x1/acknowledgement",
            ""),
        Asked.get(
            Needs.VIEWER, "/api/alerts/{id}/explain", "/api/alerts/x1/explain?subscription=x1"),
        new Asked(Needs.EDITOR, "POST", "/alerts/{id}", "/alerts/a1b2c3", ""),
        Asked.get(Needs.VIEWER, "/subscriptions", "/subscriptions"),
        Asked.get(Needs.VIEWER, "/subscriptions/{id}", "/subscriptions/x1"),
        post(Needs.EDITOR, "/subscriptions"),
        post(Needs.EDITOR, "/subscriptions/{id}"),
        post(Needs.EDITOR, "/subscriptions/document"),
        Asked.get(Needs.VIEWER, "/deliveries", "/deliveries"),
        Asked.get(Needs.VIEWER, "/deliveries/{id}", "/deliveries/x1"),
        post(Needs.EDITOR, "/deliveries"),
        post(Needs.EDITOR, "/deliveries/{id}"),
        Asked.get(Needs.VIEWER, "/silences", "/silences"),
        post(Needs.EDITOR, "/silences"),
        post(Needs.EDITOR, "/silences/{id}"),
        Asked.get(Needs.VIEWER, "/replays", "/replays"),
        Asked.get(Needs.VIEWER, "/replays/{id}", "/replays/x1"),
        Asked.get(Needs.VIEWER, "/replays/{id}/progress", "/replays/x1/progress"),
        post(Needs.EDITOR, "/replays"),
        post(Needs.EDITOR, "/replays/{id}"),
        Asked.get(Needs.SECRET, "/feeds/alerts/{key}.atom", "/feeds/alerts/x1.atom"),
        Asked.get(Needs.SECRET, "/feeds/alerts/{key}.json", "/feeds/alerts/x1.json"),
        Asked.get(Needs.SECRET, "/unsubscribe/{token}", "/unsubscribe/x1"),
        post(Needs.SECRET, "/unsubscribe/{token}"));
  }

  private static Asked post(Needs needs, String path) {
    return new Asked(needs, "POST", path, path.replaceAll("\\{[^}]*}", "x1"), "");
  }

  /** What answers but is no resource. */
  static List<Asked> others() {
    return List.of(
        Asked.get(Needs.NOTHING, "/q/health/live", "/q/health/live"),
        Asked.get(Needs.NOTHING, "/assets/console.css", "/assets/console.css"),
        Asked.get(Needs.VIEWER, "/q/metrics", "/q/metrics"));
  }

  static List<Asked> all() {
    List<Asked> all = new ArrayList<>(routes());
    all.addAll(others());
    return all;
  }

  private static final List<String> LOGGED = Collections.synchronizedList(new ArrayList<>());

  private static final Handler LISTENER =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          LOGGED.add(new SimpleFormatter().format(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @TestHTTPResource("/")
  URL root;

  @Inject Router router;
  @Inject AlertLog log;

  private RawServer site;

  @BeforeAll
  static void listen() {
    Logger.getLogger("").addHandler(LISTENER);
  }

  @AfterAll
  static void forget() {
    Logger.getLogger("").removeHandler(LISTENER);
  }

  @BeforeEach
  void fill() throws IOException {
    Path registry = Files.createDirectories(CONFIG.resolve("agreements"));
    try (var old = Files.list(registry)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
    Files.writeString(
        registry.resolve("lab.yaml"),
        "agreements:\n  - " + AGREEMENT.strip().replace("\n", "\n    ") + "\n");
    Files.copy(
        Path.of("config/topics.yaml"),
        CONFIG.resolve("topics.yaml"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(CONFIG.resolve(FeedListFile.AUDIT));
    Files.writeString(
        CONFIG.resolve("feeds.opml"),
        "<opml version=\"2.0\"><body><outline text=\"A\" xmlUrl=\""
            + FEED_URL
            + "\"/></body></opml>");
    log.store().reset("topic");
    log.add(0, 0, SampleAlerts.dispute());
    site = new RawServer((request, out) -> respond(out, "200 OK", "", FEED));
  }

  @AfterEach
  void close() {
    site.close();
  }

  // ---- the table

  @Test
  void everyResourceIsInTheTableAsItIsMeantToBe() {
    Set<String> served = new TreeSet<>();
    for (Class<?> resource : resources()) {
      String base = resource.getAnnotation(jakarta.ws.rs.Path.class).value();
      for (Method method : resource.getDeclaredMethods()) {
        jakarta.ws.rs.Path path = method.getAnnotation(jakarta.ws.rs.Path.class);
        for (Annotation annotation : method.getAnnotations()) {
          HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
          if (verb != null) {
            served.add(verb.value() + " " + joined(base, path == null ? "" : path.value()));
          }
        }
      }
    }

    assertThat(served)
        .as("a new route needs a line in AccessRules and one here")
        .containsExactlyInAnyOrderElementsOf(
            routes().stream().map(Asked::toString).collect(Collectors.toSet()));
    for (Asked one : all()) {
      String path = one.path().replaceAll("\\{[^}]*}", "x1");
      assertThat(AccessRules.needs(one.method(), AccessRules.segments(path).orElseThrow()))
          .as(one.toString())
          .hasValue(one.needs());
    }
  }

  @Test
  void everyOtherRouteIsInTheTable() {
    Set<String> paths = new TreeSet<>();
    for (Route route : router.getRoutes()) {
      // Handlers for all paths answer nothing by themselves; below /q/ are those of the framework.
      if (route.getPath() != null && !Set.of("/", "/*", "/q/").contains(route.getPath())) {
        paths.add(route.getPath());
      }
    }

    assertThat(paths).contains("/alerts/stream", "/alerts/ws");
    for (String path : paths) {
      List<String> segments =
          AccessRules.segments(path.replaceAll(":[a-z]+", "x").replace("*", "x")).orElseThrow();
      assertThat(AccessRules.needs("GET", segments)).as(path).isPresent();
    }
  }

  @Test
  void aWebSocketNeedsALoginLikeAnyOtherRequest() throws Exception {
    String bearer = "Authorization: Bearer ";
    Map<String, Integer> answers =
        Map.of(
            "X-None: 1",
            401,
            bearer + "pw_unknown",
            401,
            bearer + secret(AccessRole.VIEWER),
            101,
            "Cookie: pactwatch_session=guess",
            401);
    for (Map.Entry<String, Integer> one : answers.entrySet()) {
      try (StreamReader reader =
          StreamReader.open(StreamReader.Kind.SOCKET, root.getPort(), null, one.getKey())) {
        assertThat(reader.status()).as(one.getKey()).isEqualTo(one.getValue());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void nobodyReachesWhatNeedsARole(Asked one) throws Exception {
    HttpResponse<String> response = send(request(one));

    if (one.needs() == Needs.NOTHING || one.needs() == Needs.SECRET) {
      assertAnswered(one, response);
    } else {
      assertProblem(response, 401);
      assertThat(response.headers().firstValue("WWW-Authenticate"))
          .hasValue("Bearer realm=\"pactwatch\"");
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void eachRoleReachesWhatItMayAndNothingElse(Asked one) throws Exception {
    for (AccessRole role : AccessRole.values()) {
      fill();
      HttpResponse<String> response = send(with(request(one), secret(role)));

      boolean may =
          switch (one.needs()) {
            case NOTHING, SECRET, VIEWER -> true;
            case EDITOR -> role != AccessRole.VIEWER;
            case ADMIN -> role == AccessRole.ADMIN;
          };
      if (may) {
        assertAnswered(one, response);
      } else {
        assertProblem(response, 403);
      }
      site.close();
    }
  }

  @Test
  void theStreamNeedsAViewer() throws Exception {
    assertProblem(send(HttpRequest.newBuilder(at("/alerts/stream"))), 401);
    HttpResponse<java.io.InputStream> open =
        CLIENT.send(
            with(HttpRequest.newBuilder(at("/alerts/stream")), secret(AccessRole.VIEWER)).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    try (java.io.InputStream events = open.body()) {
      assertThat(open.statusCode()).isEqualTo(200);
      assertThat(events.read()).isEqualTo('r');
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/agreements/audit;x",
        "/api/agreements/audit;x=1/",
        "/api/agreements;a=b/audit",
        "//api/agreements/audit",
        "/api/agreements//audit",
        "/api/agreements/%61udit",
        "/api/agreements/%2e/audit",
        "/api/agreements/./audit",
        "/api/agreements/x/../audit",
        "/api/agreements/audit/",
        "/api/agreements/audit/.",
        "/api/agreements/audit%2F",
        "/api/agreements%2Faudit",
        "/api/agreements/audit%3Bx",
        "/q/health/../../api/agreements/audit",
        "/q/health/%2e%2e/%2E%2E/api/agreements/audit",
        "/assets/..%2Fapi/agreements/audit",
        "/assets/%5C../api/agreements/audit",
        "/assets/;/../../api/agreements/audit",
        "/login/../api/agreements/audit",
        "/API/agreements/audit",
        "/api/agreements/audit?/q/health",
        "/api/agreements/audit#/q/health",
      })
  void noSpellingOfAPathOpensIt(String path) throws Exception {
    for (String secret : new String[] {null, secret(AccessRole.VIEWER)}) {
      String answer =
          raw("GET", path, secret == null ? "" : "Authorization: Bearer " + secret + "\r\n");

      assertThat(answer).as(path).matches("(?s)HTTP/1\\.1 (400|401|403|404) .*");
      assertThat(answer).doesNotContain("\"entries\"");
    }
    assertThat(
            raw(
                "GET",
                "/api/agreements/audit",
                "Authorization: Bearer " + secret(AccessRole.ADMIN) + "\r\n"))
        .contains("\"entries\"");
  }

  @Test
  void whatNobodyListedIsThereForNobody() throws Exception {
    assertProblem(send(HttpRequest.newBuilder(at("/nowhere"))), 401);
    assertProblem(
        send(with(HttpRequest.newBuilder(at("/nowhere")), secret(AccessRole.ADMIN))), 404);
    assertProblem(
        send(with(HttpRequest.newBuilder(at("/q/dev-ui")), secret(AccessRole.ADMIN))), 404);
    HttpResponse<String> method =
        send(
            with(HttpRequest.newBuilder(at("/q/metrics")), secret(AccessRole.ADMIN))
                .POST(BodyPublishers.noBody()));
    assertProblem(method, 405);
    assertThat(method.headers().firstValue("Allow")).hasValue("GET, HEAD");
  }

  @ParameterizedTest
  @CsvSource({"GET, VIEW", "POST, VIEW"})
  void theMethodCannotBeTalkedAway(String method, String override) throws Exception {
    HttpResponse<String> response =
        send(
            with(HttpRequest.newBuilder(at("/api/feeds/" + ID)), secret(AccessRole.VIEWER))
                .header("X-HTTP-Method-Override", "GET")
                .header("X-HTTP-Method", override)
                .method("DELETE", BodyPublishers.noBody()));

    assertThat(response.statusCode()).as(method).isEqualTo(403);
  }

  // ---- tokens

  @ParameterizedTest
  @ValueSource(
      strings = {
        "expired",
        "pw_wrong",
        "pw_",
        "",
        "unknown",
        "hash",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwiZ3JvdXBzIjpbImFkbWluIl19.",
      })
  void aTokenThatIsNoneLetsNobodyIn(String token) throws Exception {
    String sent =
        switch (token) {
          case "expired" -> EXPIRED;
          case "unknown" -> "pw_" + "u".repeat(43);
          case "hash" -> AccessToken.hash(secret(AccessRole.ADMIN));
          default -> token;
        };

    HttpResponse<String> response = send(with(HttpRequest.newBuilder(at("/api/alerts")), sent));

    assertThat(response.statusCode()).isIn(401, 429);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
  }

  @Test
  void theSchemeIsReadInAnyCaseAndNoOtherSchemeIs() throws Exception {
    String admin = secret(AccessRole.ADMIN);
    assertThat(
            send(HttpRequest.newBuilder(at("/api/alerts"))
                    .header("Authorization", "bearer " + admin))
                .statusCode())
        .isEqualTo(200);
    for (String header : List.of("Basic " + admin, admin, "Bearer", "Bearerx " + admin)) {
      assertThat(
              send(HttpRequest.newBuilder(at("/api/alerts")).header("Authorization", header))
                  .statusCode())
          .as(header)
          .isEqualTo(401);
    }
    assertThat(send(HttpRequest.newBuilder(at("/api/alerts?token=" + admin))).statusCode())
        .isEqualTo(401);
  }

  @Test
  void aTokenIsTakenUpAndShutOutWhileTheApplicationRuns() throws Exception {
    AccessFile file = new AccessFile(TOKENS, InstantSource.system());
    String secret = file.add("guest", AccessRole.VIEWER, null, "test", null);
    try {
      await().until(() -> status(secret) == 200);
      String cookie = login(secret);
      assertThat(statusWithCookie("/api/alerts", cookie)).isEqualTo(200);

      // A mistake in the file changes nothing.
      String good = Files.readString(TOKENS);
      Files.writeString(TOKENS, "tokens: nonsense\n");
      await()
          .until(
              () -> LOGGED.stream().anyMatch(line -> line.contains("access.yaml:1: tokens: must")));
      assertThat(status(secret)).isEqualTo(200);
      Files.writeString(TOKENS, good);

      AccessToken removed = file.remove("guest", "test", null);
      assertThat(removed.name()).isEqualTo("guest");
      await().until(() -> status(secret) != 200);
      assertThat(statusWithCookie("/api/alerts", cookie)).isEqualTo(401);
    } finally {
      Files.writeString(TOKENS, tokens());
      await().until(() -> status(secret) != 200);
    }
  }

  @ParameterizedTest
  @EnumSource(StreamReader.Kind.class)
  void anOpenStreamEndsWithItsLogin(StreamReader.Kind kind) throws Exception {
    AccessFile file = new AccessFile(TOKENS, InstantSource.system());
    String secret = file.add("guest", AccessRole.VIEWER, null, "test", null);
    try {
      await().until(() -> status(secret) == 200);
      String bearer = "Authorization: Bearer ";
      String loggedOut = login(secret(AccessRole.EDITOR));
      try (StreamReader stays = stream(kind, bearer + secret(AccessRole.VIEWER));
          StreamReader ofSession = stream(kind, "Cookie: " + login(secret));
          StreamReader ofLoggedOut = stream(kind, "Cookie: " + loggedOut);
          StreamReader ofToken = stream(kind, bearer + secret)) {
        form("/logout", "", loggedOut);
        assertEnds(kind, ofLoggedOut);
        file.remove("guest", "test", null);
        assertEnds(kind, ofToken);
        assertEnds(kind, ofSession);

        log.add(0, 1, SampleAlerts.conflict());
        assertThat(stays.nextAlert().id()).isEqualTo("topic~0:1");
      }
    } finally {
      Files.writeString(TOKENS, tokens());
      await().until(() -> status(secret) != 200);
    }
  }

  private StreamReader stream(StreamReader.Kind kind, String login) throws IOException {
    StreamReader reader =
        StreamReader.open(kind, root.getPort(), null, login, "Sec-Fetch-Site: same-origin");
    assertThat(reader.next().event()).isEqualTo("heartbeat");
    return reader;
  }

  private static void assertEnds(StreamReader.Kind kind, StreamReader reader) {
    long begin = System.nanoTime();
    assertThatThrownBy(reader::next).isInstanceOf(EOFException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    if (kind == StreamReader.Kind.SOCKET) {
      assertThat(reader.closeCode()).isEqualTo(SocketWire.VIOLATION);
    }
  }

  @Test
  void withItsLastTokenTakenOutItLetsNobodyInAndNotEverybody() throws Exception {
    try {
      Files.delete(TOKENS);
      await().until(() -> status(secret(AccessRole.VIEWER)) != 200);

      assertThat(send(HttpRequest.newBuilder(at("/api/alerts"))).statusCode()).isEqualTo(401);
    } finally {
      Files.writeString(TOKENS, tokens());
      await().until(() -> status(secret(AccessRole.VIEWER)) == 200);
    }
  }

  @Test
  void whoChangesSomethingIsOnRecordByTheNameOfTheToken() throws Exception {
    HttpResponse<String> ended =
        send(
            with(HttpRequest.newBuilder(at("/api/agreements/lab-1/end")), secret(AccessRole.EDITOR))
                .header("If-Match", "*")
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"on\":\"2026-01-01\",\"source\":\"https://x.example/\"}")));
    HttpResponse<String> removed =
        send(
            with(HttpRequest.newBuilder(at("/api/feeds/" + ID)), secret(AccessRole.ADMIN))
                .header("If-Match", "*")
                .DELETE());

    assertThat(ended.statusCode()).as(ended.body()).isEqualTo(200);
    assertThat(removed.statusCode()).isEqualTo(204);
    JsonNode entry = last(CONFIG.resolve("agreements").resolve(AuditTrail.FILE));
    assertThat(entry.path("by").asText()).isEqualTo("the-editor");
    assertThat(entry.path("via").asText()).isEqualTo("api");
    assertThat(last(CONFIG.resolve(FeedListFile.AUDIT)).path("by").asText()).isEqualTo("the-admin");
  }

  // ---- browsers

  @Test
  void aPersonIsSentToThePageOfLoginAndBackAgain() throws Exception {
    HttpResponse<String> sent =
        send(HttpRequest.newBuilder(at("/?severity=high")).header("Accept", "text/html,*/*"));

    assertThat(sent.statusCode()).isEqualTo(303);
    String where = sent.headers().firstValue("Location").orElseThrow();
    assertThat(where).isEqualTo("/login?next=%2F%3Fseverity%3Dhigh");
    Document page = Jsoup.parse(send(HttpRequest.newBuilder(at(where))).body());
    assertThat(page.select("form").attr("method")).isEqualTo("post");
    assertThat(page.select("form").attr("action")).isEqualTo("/login");
    assertThat(page.select("script")).isEmpty();
    assertThat(page.select("input[name=token]").attr("type")).isEqualTo("password");
    assertThat(page.select("input[name=next]").attr("value")).isEqualTo("/?severity=high");
    assertThat(page.text()).doesNotContain("organisation");

    HttpResponse<String> in =
        form("/login", "token=" + secret(AccessRole.VIEWER) + "&next=%2F%3Fseverity%3Dhigh", null);
    assertThat(in.statusCode()).isEqualTo(303);
    assertThat(URI.create(in.headers().firstValue("Location").orElseThrow()).getRawPath())
        .isEqualTo("/");
    assertThat(in.headers().firstValue("Location").orElseThrow()).endsWith("/?severity=high");
    String cookie = in.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie)
        .matches("(?i)pactwatch_session=\"?[A-Za-z0-9_-]{43}\"?;.*")
        .containsIgnoringCase("HttpOnly")
        .containsIgnoringCase("SameSite=Strict")
        .containsIgnoringCase("Path=/")
        .containsIgnoringCase("Max-Age=43200")
        .doesNotContainIgnoringCase("; Secure")
        .doesNotContain(secret(AccessRole.VIEWER));
  }

  @Test
  void whoIsLoggedInIsToldSoAndCanLogOut() throws Exception {
    String cookie = login(secret(AccessRole.EDITOR));

    assertThat(statusWithCookie("/", cookie)).isEqualTo(200);
    Document page =
        Jsoup.parse(send(HttpRequest.newBuilder(at("/login")).header("Cookie", cookie)).body());
    assertThat(page.text()).contains("as the-editor");
    assertThat(page.select("form").attr("action")).isEqualTo("/logout");
    HttpResponse<String> out = form("/logout", "", cookie);
    assertThat(out.statusCode()).isEqualTo(303);
    assertThat(out.headers().firstValue("Set-Cookie").orElseThrow())
        .containsIgnoringCase("Max-Age=0");
    assertThat(statusWithCookie("/api/alerts", cookie)).isEqualTo(401);
  }

  @Test
  void aTokenTooManyHasToWait() throws Exception {
    // From an address of its own, so that no other test waits with it.
    String other = "127.0.0.9";
    int refused = 0;
    String answer = "";
    while (refused < 50 && !answer.startsWith("HTTP/1.1 429")) {
      answer = rawFrom(other, "POST", "/login", "token=pw_nope" + refused++);
    }

    assertThat(refused).isEqualTo(11);
    assertThat(answer).containsIgnoringCase("Retry-After: 300").contains("Too many failures");
    assertThat(rawFrom(other, "POST", "/login", "token=" + secret(AccessRole.ADMIN)))
        .startsWith("HTTP/1.1 429");
    assertThat(LOGGED).anyMatch(line -> line.contains("token refused address=" + other));
    // A good token in the header is none that was guessed.
    assertThat(status(secret(AccessRole.VIEWER))).isEqualTo(200);
  }

  @Test
  void aRefusedTokenIsNotShownAgain() throws Exception {
    String refused =
        rawFrom("127.0.0.8", "POST", "/login", "token=pw_%3Cb%3E&next=%22%3E%3Cscript%3E");

    assertThat(refused).startsWith("HTTP/1.1 401").doesNotContain("pw_<b>").doesNotContain("&lt;b");
    Document page = Jsoup.parse(refused.substring(refused.indexOf("<!doctype")));
    assertThat(page.select("script")).isEmpty();
    assertThat(page.select("[role=alert]").text()).contains("unknown");
  }

  // ---- other sites

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "same-origin, -, true",
        "none, -, true",
        "same-site, -, false",
        "cross-site, -, false",
        "cross-site, own, false",
        "-, own, true",
        "-, https://evil.example, false",
        "-, http://127.0.0.1:1, false",
        "-, null, false",
        "-, -, false",
      })
  void aCookieCountsOnlyForPagesOfOurOwn(String site, String origin, boolean may) throws Exception {
    String cookie = login(secret(AccessRole.EDITOR));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at("/api/feeds/" + ID))
            .header("Cookie", cookie)
            .header("If-Match", "*")
            .DELETE();
    if (site != null) {
      request.header("Sec-Fetch-Site", site);
    }
    if (origin != null) {
      request.header("Origin", origin.equals("own") ? own() : origin);
    }

    HttpResponse<String> response = send(request);

    if (may) {
      assertThat(response.statusCode()).isEqualTo(204);
    } else {
      assertProblem(response, 403);
      assertThat(response.body()).contains("Not from here");
    }
  }

  @Test
  void aTokenInTheHeaderCountsFromEverywhereAndAHubNeedsNone() throws Exception {
    assertThat(
            send(with(HttpRequest.newBuilder(at("/api/feeds/" + ID)), secret(AccessRole.EDITOR))
                    .header("If-Match", "*")
                    .header("Sec-Fetch-Site", "cross-site")
                    .DELETE())
                .statusCode())
        .isEqualTo(204);
    assertThat(
            send(HttpRequest.newBuilder(at("/websub/a/b/c"))
                    .header("Sec-Fetch-Site", "cross-site")
                    .POST(BodyPublishers.ofString("x")))
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void anotherSiteCanNeitherLogSomebodyInNorOpenASocket() throws Exception {
    HttpResponse<String> login =
        send(
            HttpRequest.newBuilder(at("/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", "https://evil.example")
                .POST(BodyPublishers.ofString("token=" + secret(AccessRole.VIEWER))));
    assertProblem(login, 403);
    assertThat(login.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(
            raw(
                "GET",
                "/alerts/stream",
                "Cookie: "
                    + login(secret(AccessRole.VIEWER))
                    + "\r\nUpgrade: websocket\r\nOrigin: https://evil.example\r\n"))
        .startsWith("HTTP/1.1 403");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 401",
    "127.0.0.1, 401",
    "pactwatch.example, 401",
    "PACTWATCH.EXAMPLE, 401",
    "evil.example, 421",
    "127.0.0.1.evil.example, 421",
    "192.0.2.1, 421",
  })
  void requestsComeUnderNamesOfOursAlone(String host, int status) throws Exception {
    assertThat(rawAs(host, "GET", "/api/alerts", "")).startsWith("HTTP/1.1 " + status);
  }

  // ---- secrets

  @ParameterizedTest
  @EnumSource(AccessRole.class)
  void noTokenReachesTheLog(AccessRole role) throws Exception {
    String cookie = login(secret(role));
    assertThat(statusWithCookie("/", cookie)).isEqualTo(200);
    assertThat(status(secret(role))).isEqualTo(200);
    assertThat(status(EXPIRED)).isIn(401, 429);
    assertThat(rawFrom("127.0.0.7", "POST", "/login", "token=" + EXPIRED))
        .startsWith("HTTP/1.1 401");

    assertThat(LOGGED).anyMatch(line -> line.contains("logged in name=the-" + role.label()));
    for (String secret : List.of(secret(role), EXPIRED, cookie.replaceFirst(".*=", ""))) {
      assertThat(LOGGED).noneMatch(line -> line.contains(secret));
      assertThat(LOGGED).noneMatch(line -> line.contains(AccessToken.hash(secret)));
    }
  }

  // ---- shared

  static final String EXPIRED = "pw_" + "e".repeat(43);

  static String secret(AccessRole role) {
    return "pw_" + String.valueOf("abc".charAt(role.ordinal())).repeat(43);
  }

  private static String tokens() {
    StringBuilder text = new StringBuilder("tokens:\n");
    for (AccessRole role : AccessRole.values()) {
      text.append(
          "  - {name: the-%s, role: %1$s, hash: %s}\n"
              .formatted(role.label(), AccessToken.hash(secret(role))));
    }
    return text.append(
            "  - {name: old, role: admin, hash: %s, expires: %s}\n"
                .formatted(AccessToken.hash(EXPIRED), Instant.parse("2026-01-01T00:00:00Z")))
        .toString();
  }

  private static List<Class<?>> resources() {
    List<Class<?>> found = new ArrayList<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.pactwatch")) {
      if (type.isAnnotatedWith(jakarta.ws.rs.Path.class)) {
        found.add(type.reflect());
      }
    }
    return found;
  }

  private static String joined(String base, String path) {
    return Arrays.stream((base + "/" + path).split("/"))
        .filter(segment -> !segment.isEmpty())
        .collect(Collectors.joining("/", "/", ""));
  }

  private static void assertAnswered(Asked one, HttpResponse<String> response) {
    // A hub's address that was given to nobody, a login without a token, and an alert whose history
    // is with a topology elsewhere: answers of the route itself.
    int expected =
        switch (one.toString()) {
          case "GET /websub/{feed}/{topic}/{seal}", "POST /websub/{feed}/{topic}/{seal}" -> 404;
          case "POST /login" -> 401;
          case "POST /logout", "GET /login/oidc" -> 303;
          case "GET /api/alerts/{id}/history" -> 501;
          case "GET /api/alerts/{id}/explanation" -> 503;
          case "POST /agreements/{id}/edit",
              "POST /agreements/{id}/end",
              "POST /agreements/import",
              "POST /feeds",
              "POST /feeds/import",
              "POST /feeds/{id}" ->
              422;
          // There is no lexicon in this folder.
          case "GET /lexicon", "POST /lexicon" -> 503;
          case "POST /api/feeds" -> 201;
          case "DELETE /api/feeds/{id}", "DELETE /api/agreements/{id}" -> 204;
          default -> notifier().contains(one) ? 503 : 200;
        };
    if (one.method().equals("POST") && one.path().equals("/login")) {
      assertThat(response.statusCode()).isIn(401, 429);
      assertThat(response.headers().firstValue("content-type").orElseThrow())
          .startsWith("text/html");
    } else {
      assertThat(response.statusCode()).as(response.body()).isEqualTo(expected);
    }
  }

  private static void assertProblem(HttpResponse<String> response, int status) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    JsonNode problem = Json.mapper().readTree(response.body());
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("title").asText()).isNotBlank();
    assertThat(problem.path("detail").asText()).isNotBlank();
  }

  private HttpRequest.Builder request(Asked one) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at(one.request()))
            .method(
                one.method(),
                BodyPublishers.ofString(one.body().replace("SITE", site.url("/feed"))))
            .header("If-Match", "*");
    boolean form =
        one.path().startsWith("/log")
            || one.path().startsWith("/alerts")
            || one.path().startsWith("/subscriptions")
            || one.path().startsWith("/silences")
            || one.path().startsWith("/replays")
            || one.path().startsWith("/agreements")
            || one.path().equals("/lexicon")
            || one.path().startsWith("/feeds") && one.needs() != Needs.SECRET;
    return form
        ? request.header("Content-Type", "application/x-www-form-urlencoded")
        : request.header("Content-Type", "application/yaml");
  }

  private static HttpRequest.Builder with(HttpRequest.Builder request, String secret) {
    return request.header("Authorization", "Bearer " + secret);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return CLIENT.send(
        request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private int status(String secret) throws IOException, InterruptedException {
    return send(with(HttpRequest.newBuilder(at("/api/alerts")), secret)).statusCode();
  }

  private int statusWithCookie(String path, String cookie)
      throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(at(path)).header("Cookie", cookie)).statusCode();
  }

  private HttpResponse<String> form(String path, String body, String cookie)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", own())
            .POST(BodyPublishers.ofString(body));
    return send(cookie == null ? request : request.header("Cookie", cookie));
  }

  /** The cookie of a new session, as it is sent back. */
  private String login(String secret) throws IOException, InterruptedException {
    HttpResponse<String> in =
        form("/login", "token=" + URLEncoder.encode(secret, StandardCharsets.UTF_8), null);
    assertThat(in.statusCode()).isEqualTo(303);
    return in.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
  }

  private String own() {
    return "http://" + root.getHost() + ":" + root.getPort();
  }

  private URI at(String path) {
    return URI.create(own() + path);
  }

  private static JsonNode last(Path trail) throws IOException {
    List<String> lines = Files.readAllLines(trail);
    return Json.mapper().readTree(lines.get(lines.size() - 1));
  }

  // ---- requests that no client would send

  private String raw(String method, String path, String headers) throws IOException {
    return rawAs("127.0.0.1:" + root.getPort(), method, path, headers);
  }

  private String rawAs(String host, String method, String path, String headers) throws IOException {
    return exchange(
        "127.0.0.1",
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nConnection: close\r\n"
            + headers
            + "\r\n");
  }

  private String rawFrom(String address, String method, String path, String body)
      throws IOException {
    return exchange(
        address,
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type:"
            + " application/x-www-form-urlencoded\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private String exchange(String from, String request) throws IOException {
    try (java.net.Socket socket = new java.net.Socket()) {
      socket.bind(new java.net.InetSocketAddress(from, 0));
      socket.connect(new java.net.InetSocketAddress("127.0.0.1", root.getPort()), 5_000);
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
