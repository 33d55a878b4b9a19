package dev.pactwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is served by the packaged application, and by which commands that is decided. */
class AccessIT {

  @TempDir Path folder;

  private Path config;

  @BeforeEach
  void copy() throws Exception {
    config = folder.resolve("config");
    Path from = Path.of("config");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, config.resolve(from.relativize(file)));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-Dquarkus.http.host=0.0.0.0, quarkus.http.host: '0.0.0.0' can be reached by others",
    "-Dpactwatch.http.names=a.example, pactwatch.http.names: others are served",
  })
  void othersAreNotServedWithoutALogin(String setting, String reason) throws Exception {
    try (PackagedApp app = run(List.of(setting), "run", "--port", "0", "--kafka-port", "0")) {
      assertThat(app.status()).isEqualTo(2);
      assertThat(app.err().lines())
          .singleElement()
          .asString()
          .startsWith("pactwatch: " + reason)
          .contains("pactwatch token add NAME --role admin");
    }
  }

  @Test
  void othersAreServedWithATokenUntilItIsRemovedAndItIsNowhereToBeRead() throws Exception {
    String token;
    try (PackagedApp add = run(List.of(), "token", "add", "alice", "--role", "viewer")) {
      assertThat(add.status()).as(add.err()).isZero();
      token = add.out().strip();
      assertThat(token).matches("pw_[A-Za-z0-9_-]{43}");
      assertThat(add.err()).doesNotContain(token);
    }
    Files.writeString(
        config.resolve("application.properties"),
        "quarkus.http.host=0.0.0.0\nquarkus.log.level=DEBUG\n");
    try (PackagedApp app =
        run(List.of(), "run", "--roles", "web", "--port", "0", "--kafka-port", "0")) {
      app.awaitReady();

      assertThat(get(app, "/api/alerts", null).statusCode()).isEqualTo(401);
      assertThat(get(app, "/api/alerts", token).statusCode()).isEqualTo(200);
      assertThat(get(app, "/api/agreements/audit", token).statusCode()).isEqualTo(403);
      HttpResponse<String> login =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(at(app, "/login"))
                      .header("Content-Type", "application/x-www-form-urlencoded")
                      .POST(HttpRequest.BodyPublishers.ofString("token=" + token))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(login.statusCode()).isEqualTo(303);
      String session =
          login
              .headers()
              .firstValue("Set-Cookie")
              .orElseThrow()
              .replaceAll("^[^=]*=\"?|[\";].*", "");

      try (PackagedApp remove = run(List.of(), "token", "remove", "alice")) {
        assertThat(remove.status()).as(remove.err()).isZero();
      }
      await().until(() -> get(app, "/api/alerts", token).statusCode() == 401);
      assertThat(get(app, "/api/alerts", null).statusCode()).isEqualTo(401);

      assertThat(app.stop()).isZero();
      assertThat(app.err())
          .contains("logged in name=alice role=viewer")
          .contains("token refused address=127.0.0.1")
          .contains("removed=[alice]");
      for (String secret : List.of(token.substring(3), session)) {
        assertThat(app.err() + app.out()).doesNotContain(secret);
        try (Stream<Path> files = Files.walk(config)) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            assertThat(Files.readString(file)).as(file.toString()).doesNotContain(secret);
          }
        }
      }
    }
  }

  private PackagedApp run(List<String> system, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    all.addAll(List.of("--data", folder.resolve("data").toString()));
    return PackagedApp.start(folder, folder.resolve("data"), system, all.toArray(String[]::new));
  }

  private static HttpResponse<String> get(PackagedApp app, String path, String token)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(at(app, path));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static URI at(PackagedApp app, String path) {
    return URI.create("http://127.0.0.1:" + app.port() + path);
  }
}
