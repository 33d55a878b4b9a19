package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.Contract;
import dev.pactwatch.web.access.AccessRole;
import dev.pactwatch.web.access.AccessRules;
import dev.pactwatch.web.access.AccessRules.Needs;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every way to ask times every method times every route, over real HTTP: what {@code openapi.json}
 * says that an operation needs is what is asked for, and what nobody described is answered to
 * nobody.
 */
@QuarkusTest
@TestProfile(AccessTest.WithTokens.class)
class AccessMatrixTest {

  private static final Pattern SESSION =
      Pattern.compile("(?i)Set-Cookie: (pactwatch_session=[^;]+);.*");

  /** Also those that no route has, and one that nobody knows. */
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FETCH");

  private static final Set<String> HARMLESS = Set.of("GET", "HEAD", "OPTIONS");

  /** Who asks, and by which words of the request. */
  private enum Asker {
    NOBODY(null),
    UNKNOWN_TOKEN(null),
    EXPIRED_TOKEN(null),
    GUESSED_SESSION(null),
    TOKEN_OF_ADMIN_IN_ANOTHER_SCHEME(null),
    VIEWER_BY_TOKEN(AccessRole.VIEWER),
    EDITOR_BY_TOKEN(AccessRole.EDITOR),
    ADMIN_BY_TOKEN(AccessRole.ADMIN),
    VIEWER_BY_SESSION(AccessRole.VIEWER),
    EDITOR_BY_SESSION(AccessRole.EDITOR),
    ADMIN_BY_SESSION(AccessRole.ADMIN),
    /** A page of another site, in the browser of an administrator. */
    PAGE_OF_ELSEWHERE(AccessRole.ADMIN),
    /** The token decides, whatever the browser adds. */
    VIEWER_BY_TOKEN_WITH_SESSION_OF_ADMIN(AccessRole.VIEWER);

    private final AccessRole role;

    Asker(AccessRole role) {
      this.role = role;
    }
  }

  /** What came back. */
  private record Answer(int status, String type) {

    /** By the guard, and not by the route behind it. */
    boolean refused() {
      return Set.of(401, 403, 429).contains(status) && type.equals("application/problem+json");
    }

    boolean absent() {
      return Set.of(404, 405, 501).contains(status);
    }
  }

  @TestHTTPResource("/")
  URL root;

  private final Map<AccessRole, String> sessions = new EnumMap<>(AccessRole.class);

  // ---- what is declared

  @Test
  void every_operation_that_is_described_says_what_it_needs_and_how_it_refuses() {
    described()
        .forEach(
            (path, operations) ->
                operations.forEach(
                    (method, operation) -> {
                      String route = method + " " + path;
                      String needs = operation.path("x-needs").asText();
                      assertThat(needs).as(route).isIn(labels());
                      boolean open = Set.of("nothing", "secret").contains(needs);
                      assertThat(operation.path("security").isEmpty())
                          .as(route + " security")
                          .isEqualTo(open);
                      assertThat(operation.path("responses").has("401"))
                          .as(route + " 401")
                          .isEqualTo(!open);
                      assertThat(operation.path("responses").has("403") || needs.equals("viewer"))
                          .as(route + " 403")
                          .isEqualTo(!open);
                    }));
  }

  private static Set<String> labels() {
    Set<String> labels = new TreeSet<>();
    for (Needs needs : Needs.values()) {
      labels.add(needs.name().toLowerCase(Locale.ROOT));
    }
    return labels;
  }

  // ---- what is answered

  @ParameterizedTest
  @EnumSource
  void nobody_gets_more_than_is_meant(Asker asker) throws Exception {
    List<String> wrong = new ArrayList<>();
    int asked = 0;
    Map<String, Map<String, Needs>> routes = routes();
    for (String route : routes.keySet()) {
      String path = concrete(route);
      for (String method : METHODS) {
        // Hubs that ask for the head alone are refused: a GET confirms a subscription.
        boolean head = method.equals("HEAD") && !path.startsWith("/websub/");
        Needs meant = meant(routes, head ? "GET" : method, path);
        Answer answer = ask(asker, method, path);
        String problem =
            meant == null
                ? unmeant(asker, method, path, answer)
                : judge(asker, method, meant, answer);
        if (problem != null) {
          wrong.add(method + " " + path + ": " + problem + ", but was " + answer);
        }
        asked++;
      }
    }

    assertThat(wrong).as("of %d requests", asked).isEmpty();
    assertThat(asked).isGreaterThan(600);
  }

  /** What is wrong with the answer of a route that is meant to be there; null for nothing. */
  private static String judge(Asker asker, String method, Needs needs, Answer answer) {
    boolean foreign =
        asker == Asker.PAGE_OF_ELSEWHERE && !HARMLESS.contains(method) && needs != Needs.SECRET;
    boolean may = may(asker, needs) && !foreign;
    if (answer.refused() == may) {
      return may ? "should be let through" : "should be refused";
    }
    // Without the notifier, a lexicon or a topology, which is said.
    return answer.status() >= 500 && !Set.of(501, 503).contains(answer.status())
        ? "should not fail"
        : null;
  }

  /** The same of a method that no route has there. */
  private static String unmeant(Asker asker, String method, String path, Answer answer) {
    if (!answer.refused() && !answer.absent()) {
      // What a table of paths lets through may still be no route, but must do nothing.
      return "should be nothing";
    }
    boolean listed =
        AccessRules.segments(path)
            .flatMap(segments -> AccessRules.needs(method, segments))
            .isPresent();
    return asker.role == null && !answer.refused() && !listed
        ? "should not say what is there"
        : null;
  }

  private static boolean may(Asker asker, Needs needs) {
    return switch (needs) {
      case NOTHING, SECRET -> true;
      case VIEWER -> asker.role != null;
      case EDITOR -> asker.role == AccessRole.EDITOR || asker.role == AccessRole.ADMIN;
      case ADMIN -> asker.role == AccessRole.ADMIN;
    };
  }

  // ---- routes

  /**
   * What is meant, by path and method: as described, and for pages as {@link AccessTest} has it.
   */
  private static Map<String, Map<String, Needs>> routes() {
    Map<String, Map<String, Needs>> routes = new TreeMap<>();
    for (AccessTest.Asked page : AccessTest.all()) {
      put(routes, page.path(), page.method(), page.needs());
    }
    described()
        .forEach(
            (path, operations) ->
                operations.forEach(
                    (method, operation) ->
                        put(
                            routes,
                            path,
                            method,
                            Needs.valueOf(
                                operation.path("x-needs").asText().toUpperCase(Locale.ROOT)))));
    return routes;
  }

  private static void put(
      Map<String, Map<String, Needs>> routes, String path, String method, Needs needs) {
    Needs before = routes.computeIfAbsent(path, unused -> new LinkedHashMap<>()).put(method, needs);
    assertThat(before).as(method + " " + path).isIn(null, needs);
  }

  private static String concrete(String route) {
    return route.replaceAll("\\{[^}]*}", "x1");
  }

  /** Of the route itself, or of one with a name in its path that this could be the name of. */
  private static Needs meant(Map<String, Map<String, Needs>> routes, String method, String path) {
    Needs meant = null;
    for (Map.Entry<String, Map<String, Needs>> route : routes.entrySet()) {
      Needs needs = route.getValue().get(method);
      if (needs != null && concrete(route.getKey()).equals(path)) {
        return needs;
      }
      String any = Pattern.quote(route.getKey()).replaceAll("\\{[^}]*}", "\\\\E[^/]+\\\\Q");
      if (needs != null && path.matches(any)) {
        meant = needs;
      }
    }
    return meant;
  }

  private static Map<String, Map<String, JsonNode>> described() {
    Map<String, Map<String, JsonNode>> described = new TreeMap<>();
    try (InputStream in =
        AccessMatrixTest.class.getResourceAsStream(Contract.RESOURCES + "openapi.json")) {
      Json.mapper()
          .readTree(in)
          .path("paths")
          .fields()
          .forEachRemaining(
              path ->
                  path.getValue()
                      .fields()
                      .forEachRemaining(
                          operation ->
                              described
                                  .computeIfAbsent(path.getKey(), unused -> new TreeMap<>())
                                  .put(
                                      operation.getKey().toUpperCase(Locale.ROOT),
                                      operation.getValue())));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    assertThat(described).hasSizeGreaterThan(30);
    return described;
  }

  // ---- requests

  private Answer ask(Asker asker, String method, String path) throws IOException {
    String bearer = "Authorization: Bearer ";
    String headers =
        switch (asker) {
          case NOBODY -> "";
          case UNKNOWN_TOKEN -> bearer + "pw_" + "u".repeat(43);
          case EXPIRED_TOKEN -> bearer + AccessTest.EXPIRED;
          case GUESSED_SESSION -> "Cookie: pactwatch_session=" + "g".repeat(43);
          case TOKEN_OF_ADMIN_IN_ANOTHER_SCHEME ->
              "Authorization: Basic " + AccessTest.secret(AccessRole.ADMIN);
          case VIEWER_BY_TOKEN, EDITOR_BY_TOKEN, ADMIN_BY_TOKEN ->
              bearer + AccessTest.secret(asker.role);
          case VIEWER_BY_SESSION, EDITOR_BY_SESSION, ADMIN_BY_SESSION ->
              "Cookie: " + session(asker.role, path) + "\r\nSec-Fetch-Site: same-origin";
          case PAGE_OF_ELSEWHERE ->
              "Cookie: "
                  + session(asker.role, path)
                  + "\r\nSec-Fetch-Site: cross-site\r\nOrigin: https://evil.example";
          case VIEWER_BY_TOKEN_WITH_SESSION_OF_ADMIN ->
              bearer
                  + AccessTest.secret(AccessRole.VIEWER)
                  + "\r\nCookie: "
                  + session(AccessRole.ADMIN, path);
        };
    // Who sends tokens that are none, or logs in without one, has an address of its own: nobody
    // else
    // has to wait with it.
    boolean fails = asker.role == null || path.equals("/login");
    return exchange(fails ? "127.0.0.21" : "127.0.0.1", method, path, headers).orElseThrow();
  }

  /** The cookie of a session; one of its own for a request that ends it. */
  private String session(AccessRole role, String path) throws IOException {
    if (path.equals("/logout") || !sessions.containsKey(role)) {
      sessions.put(role, login(role));
    }
    return sessions.get(role);
  }

  private String login(AccessRole role) throws IOException {
    String body = "token=" + AccessTest.secret(role);
    try (Socket socket = connect("127.0.0.1")) {
      send(
          socket,
          "POST",
          "/login",
          "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length(),
          body);
      for (String line : head(socket)) {
        Matcher cookie = SESSION.matcher(line);
        if (cookie.matches()) {
          return cookie.group(1);
        }
      }
    }
    throw new AssertionError("no session for " + role);
  }

  private Optional<Answer> exchange(String from, String method, String path, String headers)
      throws IOException {
    try (Socket socket = connect(from)) {
      send(
          socket,
          method,
          path,
          "Content-Length: 0" + (headers.isEmpty() ? "" : "\r\n" + headers),
          "");
      List<String> head = head(socket);
      String type =
          head.stream()
              .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-type:"))
              .map(line -> line.substring(13).strip())
              .findFirst()
              .orElse("");
      return head.isEmpty()
          ? Optional.empty()
          : Optional.of(new Answer(Integer.parseInt(head.get(0).split(" ")[1]), type));
    }
  }

  private Socket connect(String from) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(new InetSocketAddress("127.0.0.1", root.getPort()), 5_000);
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void send(Socket socket, String method, String path, String headers, String body)
      throws IOException {
    socket
        .getOutputStream()
        .write(
            "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s\r\n\r\n%s"
                .formatted(method, path, headers, body)
                .getBytes(StandardCharsets.US_ASCII));
  }

  /** What stands before the body, which may have no end. */
  private static List<String> head(Socket socket) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    List<String> lines = new ArrayList<>();
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      lines.add(line);
    }
    return lines;
  }
}
