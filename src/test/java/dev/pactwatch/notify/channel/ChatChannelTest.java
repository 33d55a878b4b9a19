package dev.pactwatch.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.http.OutboundClient;
import dev.pactwatch.http.OutboundSettings;
import dev.pactwatch.http.RawServer;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.channel.Notification.Kind;
import dev.pactwatch.notify.channel.Outcome.Reason;
import dev.pactwatch.notify.subscription.Secret;
import dev.pactwatch.notify.subscription.Target;
import dev.pactwatch.notify.subscription.Target.ChatService;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatChannelTest {

  private static final Attempt FIRST = new Attempt(1, false);

  private final OutboundClient client =
      new OutboundClient(OutboundSettings.defaults("test", "", List.of("127.0.0.1")));
  private volatile String status = "200 OK";
  private volatile String headers = "";
  private volatile String answer = "ok";
  private final RawServer server =
      new RawServer((request, out) -> RawServer.respond(out, status, headers, answer));

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void blocksHoldWhatHappenedAndWhereToReadOn() throws Exception {
    JsonNode message = sent(ChatService.SLACK, Samples.alert(SampleAlerts.dispute()));

    assertThat(message.path("text").asText()).startsWith("[critical] dispute: Borealis Cloud");
    assertThat(message.path("unfurl_links").asBoolean(true)).isFalse();
    JsonNode text = message.path("blocks").get(0).path("text");
    assertThat(text.path("type").asText()).isEqualTo("mrkdwn");
    assertThat(text.path("verbatim").asBoolean()).isTrue();
    assertThat(text.path("text").asText())
        .startsWith("*Borealis Cloud threatens to sue")
        .contains("<https://news.example/2|article>")
        .contains("<https://pactwatch.example.org/alerts/a1b2c3|everything about it>");
  }

  @Test
  void aCardHoldsWhatHappenedAndAButton() throws Exception {
    JsonNode message = sent(ChatService.TEAMS, Samples.alert(SampleAlerts.dispute()));

    JsonNode attachment = message.path("attachments").get(0);
    assertThat(message.path("type").asText()).isEqualTo("message");
    assertThat(attachment.path("contentType").asText())
        .isEqualTo("application/vnd.microsoft.card.adaptive");
    JsonNode card = attachment.path("content");
    assertThat(card.path("type").asText()).isEqualTo("AdaptiveCard");
    JsonNode container = card.path("body").get(0);
    assertThat(container.path("style").asText()).isEqualTo("attention");
    assertThat(container.path("items").get(0).path("text").asText())
        .startsWith("**Borealis Cloud threatens to sue");
    assertThat(card.path("actions").get(0).path("url").asText())
        .isEqualTo("https://pactwatch.example.org/alerts/a1b2c3");
  }

  @Test
  void anEmbedHoldsWhatHappenedAndMentionsNobody() throws Exception {
    JsonNode message = sent(ChatService.DISCORD, Samples.alert(SampleAlerts.dispute()));

    assertThat(message.path("allowed_mentions").toString()).isEqualTo("{\"parse\":[]}");
    assertThat(message.has("content")).isFalse();
    JsonNode embed = message.path("embeds").get(0);
    assertThat(embed.path("title").asText()).startsWith("Borealis Cloud threatens to sue");
    assertThat(embed.path("url").asText()).isEqualTo("https://pactwatch.example.org/alerts/a1b2c3");
    assertThat(embed.path("description").asText()).contains("[article](https://news.example/2)");
  }

  @ParameterizedTest
  @EnumSource(ChatService.class)
  void aWithdrawalIsShownAsOne(ChatService service) throws Exception {
    JsonNode message = sent(service, Samples.alert(Samples.withdrawn(SampleAlerts.dispute())));

    assertThat(message.toString())
        .contains(
            switch (service) {
              case SLACK -> "~Borealis Cloud threatens to sue Lumen Labs over its deal";
              case TEAMS -> "**withdrawn: Borealis";
              case DISCORD -> "~~Borealis";
            });
  }

  @ParameterizedTest
  @EnumSource(ChatService.class)
  void everyKindIsWritten(ChatService service) throws Exception {
    for (Kind kind : Kind.values()) {
      Alert[] alerts = kind == Kind.NOTICE ? new Alert[0] : new Alert[] {SampleAlerts.conflict()};
      String note = kind == Kind.ALERT ? null : "A note & more.";

      JsonNode message = sent(service, Samples.of(kind, note, alerts));

      if (note != null) {
        assertThat(message.toString()).contains("A note & more.");
      }
      assertThat(message.toString().contains("makes Tidewater sole third-party cloud"))
          .isEqualTo(alerts.length > 0);
      assertThat(message.toString()).doesNotContain("null\"");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 30, 300})
  void largeDigestsKeepToTheLimitsAndCountTheRest(int count) throws Exception {
    Notification digest = Samples.of(Kind.DIGEST, "Since yesterday.", Samples.many(count));

    checkSlack(sent(ChatService.SLACK, digest));
    checkTeams(bytes(ChatService.TEAMS, Templates.shipped(), digest));
    checkDiscord(sent(ChatService.DISCORD, digest));
    for (ChatService service : ChatService.values()) {
      String text = sent(service, digest).toString();
      int shown = text.split("news.example/", -1).length - 1;
      assertThat(shown).as("%s", service).isBetween(1, count);
      if (shown < count) {
        assertThat(text).contains("\u2026 and " + (count - shown) + " more");
        assertThat(text).contains("https://pactwatch.example.org");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ChatService.class)
  void anAlertThatIsFarTooLongIsCutWithAMarkAndALink(ChatService service, @TempDir Path folder)
      throws Exception {
    String body = "{#for a in alerts}{a.quote}{/for} &<https://x.example/y|z> ".repeat(200);
    for (Part part : List.of(Part.SLACK, Part.TEAMS, Part.DISCORD)) {
      Files.writeString(folder.resolve(part.file(null)), body);
    }
    Templates templates = Templates.load(folder);
    assertThat(templates.problems()).isEmpty();

    byte[] message = bytes(service, templates, Samples.alert(SampleAlerts.dispute()));

    switch (service) {
      case SLACK -> checkSlack(Json.mapper().readTree(message));
      case TEAMS -> checkTeams(message);
      case DISCORD -> checkDiscord(Json.mapper().readTree(message));
    }
    assertThat(new String(message, StandardCharsets.UTF_8))
        .contains("\u2026 ")
        .contains("https://pactwatch.example.org/alerts/a1b2c3");
  }

  private static void checkSlack(JsonNode message) {
    assertThat(message.path("blocks").size()).isBetween(1, 50);
    int total = 0;
    for (JsonNode block : message.path("blocks")) {
      assertThat(block.path("text").path("text").asText().length()).isLessThanOrEqualTo(3000);
      total += block.path("text").path("text").asText().length();
    }
    assertThat(total).isLessThanOrEqualTo(13_000);
  }

  private static void checkTeams(byte[] message) throws IOException {
    assertThat(message.length).isLessThanOrEqualTo(20 * 1024);
    assertThat(Json.mapper().readTree(message).path("attachments")).hasSize(1);
  }

  private static void checkDiscord(JsonNode message) {
    assertThat(message.path("content").asText().length()).isLessThanOrEqualTo(2000);
    assertThat(message.path("embeds").size()).isBetween(1, 10);
    int total = 0;
    for (JsonNode embed : message.path("embeds")) {
      assertThat(embed.path("title").asText().length()).isBetween(1, 256);
      assertThat(embed.path("description").asText().length()).isBetween(1, 4096);
      total += embed.path("title").asText().length() + embed.path("description").asText().length();
    }
    assertThat(total).isLessThanOrEqualTo(6000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SLACK|400 Bad|invalid_payload|refused|CLIENT_ERROR|0",
        "SLACK|403 No|action_prohibited|failed|AUTHENTICATION|0",
        "SLACK|404 No|no_service|gone||0",
        "SLACK|404 No|channel_not_found|failed|CLIENT_ERROR|0",
        "SLACK|410 Gone|channel_is_archived|gone||0",
        "SLACK|413 Large||refused|TOO_LARGE|0",
        "SLACK|429 Slow|Retry-After: 7|failed|RATE_LIMITED|7000",
        "SLACK|429 Slow||failed|RATE_LIMITED|60000",
        "SLACK|500 Oops||failed|SERVER_ERROR|0",
        "TEAMS|400 Bad|WorkflowTriggerIsNotEnabled|failed|CLIENT_ERROR|0",
        "TEAMS|404 No|no_service|failed|CLIENT_ERROR|0",
        "TEAMS|302 Elsewhere||failed|REDIRECTED|0",
        "TEAMS|502 Oops||failed|SERVER_ERROR|60000",
        "DISCORD|400 Bad|{\"code\":50006}|refused|CLIENT_ERROR|0",
        "DISCORD|404 No|{\"code\":10015}|gone||0",
        "DISCORD|404 No|<html>|failed|CLIENT_ERROR|0",
        "DISCORD|429 Slow|{\"retry_after\":1.235}|failed|RATE_LIMITED|1235",
        "DISCORD|429 Slow|{\"retry_after\":1e30}|failed|RATE_LIMITED|86400000",
        "DISCORD|429 Slow|nonsense|failed|RATE_LIMITED|60000"
      })
  void readsWhatEachServiceMeans(
      ChatService service, String line, String said, String kind, Reason reason, long millis)
      throws Exception {
    status = line;
    if (said != null && said.startsWith("Retry-After")) {
      headers = said + "\r\n";
    } else {
      answer = said == null ? "" : said;
    }

    Outcome outcome = send(service, Samples.alert(SampleAlerts.dispute()));

    switch (kind) {
      case "gone" -> assertThat(outcome).isInstanceOf(Outcome.Gone.class);
      case "refused" -> assertThat(((Outcome.Refused) outcome).reason()).isEqualTo(reason);
      default -> {
        Outcome.Failed failed = (Outcome.Failed) outcome;
        assertThat(failed.reason()).isEqualTo(reason);
        assertThat(failed.notBefore().map(Duration::toMillis).orElse(0L)).isEqualTo(millis);
      }
    }
    // The address is the credential.
    assertThat(outcome.toString()).doesNotContain("/services/T0/s3cret");
  }

  @Test
  void aPushMessageHoldsTitleTextAndHowMuchItDisturbs() throws Exception {
    NtfyChannel channel = ntfy();
    Outcome outcome = channel.send(channel.render(Samples.alert(SampleAlerts.dispute())), FIRST);

    assertThat(outcome).isInstanceOf(Outcome.Delivered.class);
    RawServer.Request request = server.requests().get(0);
    assertThat(request.path()).isEqualTo("/");
    assertThat(request.header("authorization")).contains("Bearer tk_s3cret");
    assertThat(outcome.trace().headers()).containsEntry("authorization", Secret.HIDDEN);
    JsonNode message = body(request);
    assertThat(message.path("topic").asText()).isEqualTo("pacts");
    assertThat(message.path("title").asText()).isEqualTo("critical dispute");
    assertThat(message.path("message").asText()).startsWith("Borealis Cloud threatens to sue");
    assertThat(message.path("priority").asInt()).isEqualTo(5);
    assertThat(message.path("tags").get(0).asText()).isEqualTo("rotating_light");
    assertThat(message.path("click").asText())
        .isEqualTo("https://pactwatch.example.org/alerts/a1b2c3");
  }

  @Test
  void aLongPushMessageIsCutInBytes() throws Exception {
    Alert wide = SampleAlerts.hostile("w", "\u7d04".repeat(290));
    Alert[] alerts = new Alert[20];
    Arrays.fill(alerts, wide);

    JsonNode message =
        Json.mapper().readTree(ntfy().render(Samples.of(Kind.DIGEST, "Since.", alerts)).body());

    String text = message.path("message").asText();
    assertThat(text.getBytes(StandardCharsets.UTF_8).length).isBetween(1000, 4000);
    assertThat(text).endsWith("\u2026");
  }

  @ParameterizedTest
  @CsvSource({"400 Bad,CLIENT_ERROR", "413 Large,TOO_LARGE"})
  void aPushMessageThatIsRefusedIsNotSentAgain(String line, Reason reason) throws Exception {
    status = line;
    NtfyChannel channel = ntfy();

    Outcome outcome = channel.send(channel.render(Samples.alert(SampleAlerts.dispute())), FIRST);

    assertThat(((Outcome.Refused) outcome).reason()).isEqualTo(reason);
  }

  private static byte[] bytes(ChatService service, Templates templates, Notification notification) {
    ChatMessages messages = new ChatMessages(templates);
    return switch (service) {
      case SLACK -> messages.slack(notification);
      case TEAMS -> messages.teams(notification);
      case DISCORD -> messages.discord(notification);
    };
  }

  private NtfyChannel ntfy() {
    return new NtfyChannel(
        new Target.Ntfy(URI.create(server.url("")), "pacts", new Secret("tk_s3cret")),
        client,
        Templates.shipped(),
        InstantSource.system());
  }

  private JsonNode sent(ChatService service, Notification notification) throws Exception {
    assertThat(send(service, notification)).isInstanceOf(Outcome.Delivered.class);
    RawServer.Request request = server.requests().get(server.requests().size() - 1);
    assertThat(request.path()).isEqualTo("/services/T0/s3cret");
    assertThat(request.header("content-type")).contains("application/json");
    return body(request);
  }

  private Outcome send(ChatService service, Notification notification) throws Exception {
    ChatChannel channel =
        new ChatChannel(
            new Target.Chat(service, new Secret(server.url("/services/T0/s3cret"))),
            client,
            Templates.shipped(),
            InstantSource.system());
    Message message = channel.render(notification);
    assertThat(channel.render(notification).body()).isEqualTo(message.body());
    return channel.send(message, FIRST);
  }

  private static JsonNode body(RawServer.Request request) throws IOException {
    return Json.mapper().readTree(request.body().getBytes(StandardCharsets.ISO_8859_1));
  }
}
