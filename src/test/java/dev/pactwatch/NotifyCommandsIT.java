package dev.pactwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.pactwatch.json.Json;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands on subscriptions, deliveries, silences and acknowledgements of the packaged
 * application, each a process of its own beside one that runs with the bundled history.
 */
class NotifyCommandsIT {

  @TempDir static Path folder;

  private static PackagedApp app;
  private static HttpServer receiver;
  private static final AtomicInteger STATUS = new AtomicInteger(200);
  private static final List<String> ARRIVED = new CopyOnWriteArrayList<>();

  private record Said(int status, String out, String err) {}

  @BeforeAll
  static void start() throws Exception {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          ARRIVED.add(exchange.getRequestHeaders().getFirst("webhook-id"));
          exchange.sendResponseHeaders(STATUS.get(), -1);
          exchange.close();
        });
    receiver.start();
    app =
        PackagedApp.start(
                folder,
                data(),
                List.of("-Dpactwatch.notify.allow-private=127.0.0.1"),
                "run",
                "--demo",
                "--port",
                "0",
                "--kafka-port",
                "0",
                "--data",
                folder.resolve("data").toString())
            .awaitReady();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              assertThat(app.get("/api/alerts?relation=ending").body()).contains("\"id\"");
              assertThat(app.get("/api/alerts?relation=dispute").body()).contains("\"id\"");
            });
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (app != null) {
      app.close();
    }
    if (receiver != null) {
      receiver.stop(0);
    }
  }

  @Test
  void aSubscriptionIsMadeTriedHeldBackAndTakenOut() throws Exception {
    Path document = folder.resolve("desk.yaml");
    Files.writeString(
        document,
        """
        id: desk
        channel: webhook
        url: http://127.0.0.1:%d/hook
        secrets:
          - value: whsec_c2VjcmV0LW9mLWEtdGVzdC1vZi1jb21tYW5kcy0x
        severity: high
        historical: true
        """
            .formatted(receiver.getAddress().getPort()));

    JsonNode made = json(run("subscriptions", "put", document.toString(), "--json"));
    assertThat(made.path("subscription").path("id").asText()).isEqualTo("desk");
    assertThat(made.toString()).doesNotContain("c2VjcmV0");

    assertThat(run("subscriptions", "list").out()).contains("desk").contains("console");
    Said shown = run("subscriptions", "show", "desk", "--json");
    assertThat(shown.out()).contains("(hidden)").doesNotContain("c2VjcmV0");

    JsonNode trial = json(run("subscriptions", "dry-run", "desk", "--days", "366", "--json"));
    assertThat(trial.path("sent").asInt()).isPositive();

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              Said tested = run("subscriptions", "test", "desk");
              assertThat(tested.status()).as(tested.err()).isZero();
              assertThat(tested.out()).contains("delivered");
            });
    assertThat(ARRIVED).isNotEmpty();

    STATUS.set(500);
    Said refused = run("subscriptions", "test", "desk", "--json");
    STATUS.set(200);
    assertThat(refused.status()).isEqualTo(1);
    String message = json(refused.out()).path("message").asText();
    assertThat(run("deliveries", "list", "--state", "dead").out()).contains(message);
    assertThat(run("deliveries", "show", message).out()).contains("answered 500");
    assertThat(run("deliveries", "retry", message).out()).contains(message);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(ARRIVED).filteredOn(message::equals).hasSize(2));

    assertThat(run("subscriptions", "pause", "desk", "--why", "they move").out())
        .contains("they move");
    assertThat(run("subscriptions", "resume", "desk", "--held", "none").status()).isZero();
    assertThat(run("subscriptions", "remove", "desk").out()).contains("removed desk");
    Said gone = run("subscriptions", "show", "desk");
    assertThat(gone.status()).isEqualTo(2);
    assertThat(gone.err().lines()).singleElement().asString().contains("desk");
  }

  @Test
  void anAlertIsExplainedTakenOnAndSilenced() throws Exception {
    String alert =
        Json.mapper()
            .readTree(app.get("/api/alerts?relation=dispute&limit=1").body())
            .findValue("id")
            .asText();

    Said explained = run("subscriptions", "explain", "console", alert.substring(0, 12));
    assertThat(explained.out()).contains("severity").contains("on record:").contains("r1");

    assertThat(run("alerts", "ack", alert, "--note", "I call them", "--for", "PT4H").out())
        .contains("is taken on by");
    assertThat(app.get("/api/alerts/" + alert + "/acknowledgement").body()).contains("I call them");
    assertThat(run("alerts", "unack", alert).status()).isZero();
    assertThat(app.get("/api/alerts/" + alert + "/acknowledgement").statusCode()).isEqualTo(204);

    Said preview =
        run(
            "silences",
            "add",
            "relation=dispute",
            "--lasts",
            "2h",
            "--comment",
            "known",
            "--dry-run");
    assertThat(preview.out()).contains("open alerts match");
    assertThat(run("silences", "list").out()).doesNotContain("known");
    JsonNode silence =
        json(
            run(
                "silences",
                "add",
                "relation=dispute",
                "--lasts",
                "2h",
                "--comment",
                "known",
                "--json"));
    String id = silence.findValue("id").asText();
    assertThat(run("silences", "list").out()).contains(id).contains("known");
    assertThat(run("silences", "expire", id).status()).isZero();
    assertThat(run("silences", "list").out()).doesNotContain(id);
    assertThat(run("silences", "list", "--all").out()).contains(id);
  }

  @Test
  void whatCannotBeDoneIsSaidInOneLineThatNamesThePlace() throws Exception {
    Path broken = folder.resolve("broken.yaml");
    Files.writeString(
        broken,
        "id: desk\nchannel: webhook\nurl: ftp://nowhere\nsecrets: [{value: whsec_c2VjcmV0LW9mLWEtdGVzdC1vZi1jb21tYW5kcy0x}]\n");

    Said put = run("subscriptions", "put", broken.toString());
    assertThat(put.status()).isEqualTo(2);
    assertThat(put.err().lines()).singleElement().asString().contains("url").contains("3");

    Said silence =
        run("silences", "add", "colour=red", "--lasts", "2h", "--comment", "no such thing");
    assertThat(silence.status()).isEqualTo(2);
    assertThat(silence.err().lines()).singleElement().asString().contains("colour");

    Said retry = run("deliveries", "retry", "--since", "yesterday");
    assertThat(retry.status()).isEqualTo(2);
    assertThat(retry.err().lines()).singleElement().asString().contains("--since");
  }

  /** What the README shows for programs. */
  @Test
  void theSameIsServedOverHttp() throws Exception {
    String url = "http://127.0.0.1:" + app.port() + "/api/subscriptions/wire";
    HttpResponse<String> put =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url))
                    .header("Content-Type", "application/json")
                    .header("If-Match", "*")
                    .PUT(
                        HttpRequest.BodyPublishers.ofString(
                            "{\"id\": \"wire\", \"channel\": \"console\", \"severity\": \"high\"}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());

    assertThat(put.statusCode()).as(put.body()).isBetween(200, 201);
    assertThat(app.get("/api/subscriptions").body()).contains("\"wire\"");
    assertThat(run("subscriptions", "list").out()).contains("wire");
    assertThat(run("subscriptions", "remove", "wire").status()).isZero();
    assertThat(app.get("/api/subscriptions/wire").statusCode()).isEqualTo(404);
  }

  private static Path data() {
    return folder.resolve("data").resolve("demo");
  }

  private static JsonNode json(Said said) throws Exception {
    assertThat(said.status()).as(said.err()).isZero();
    return json(said.out());
  }

  private static JsonNode json(String text) throws Exception {
    return Json.mapper().readTree(text);
  }

  private static Said run(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", data().toString()));
    try (PackagedApp command =
        PackagedApp.start(
            folder,
            data(),
            List.of("-Dpactwatch.notify.allow-private=127.0.0.1"),
            all.toArray(String[]::new))) {
      int status = command.status();
      return new Said(status, command.out(), command.err());
    }
  }
}
