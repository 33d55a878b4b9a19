package dev.pactwatch.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.matching.Relation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubscriptionFileTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @TempDir Path folder;

  @Test
  void readsWhatIsShipped() {
    List<Subscription> shipped =
        new SubscriptionFile(name -> null).read(Path.of("config", "subscriptions.yaml"));

    assertThat(shipped)
        .containsExactly(
            new Subscription(
                "console",
                new Subscription.Console(),
                new Filter(Set.of(), Severity.LOW, Set.of(), Set.of(), false),
                Subscription.Start.BEGINNING));
  }

  @Test
  void readsAWebhookWithSecretsFromBothPlaces() throws IOException {
    Files.writeString(folder.resolve("old-secret"), SECRET + "\n");
    List<Subscription> read =
        read(
            """
            subscriptions:
              - id: newsdesk
                channel: webhook
                url: https://hooks.example.com/x
                secrets:
                  - env: NEW
                  - file: old-secret
                relations: [conflict, dispute]
                severity: high
                organisations: [lumen]
                agreements: borealis-lumen
                historical: true
                start: now
            """);

    Subscription one = read.get(0);
    Subscription.Webhook target = (Subscription.Webhook) one.target();
    assertThat(target.url()).isEqualTo(URI.create("https://hooks.example.com/x"));
    assertThat(target.secrets()).hasSize(2);
    assertThat(one.filter())
        .isEqualTo(
            new Filter(
                Set.of(Relation.CONFLICT, Relation.DISPUTE),
                Severity.HIGH,
                Set.of("lumen"),
                Set.of("borealis-lumen"),
                true));
    assertThat(one.start()).isEqualTo(Subscription.Start.NOW);
    assertThat(one.toString()).doesNotContain("MfKQ9r8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "channel: fax|3: subscriptions[0].channel: 'fax' is unknown; one of console, webhook",
        "channel: console\\n    url: x|4: subscriptions[0].url: unknown field",
        "channel: console\\n    severity: loud|4: subscriptions[0].severity: 'loud' is unknown",
        "channel: console\\n    historical: maybe|4: subscriptions[0].historical: must be true or",
        "channel: webhook|2: subscriptions[0]: lacks 'secrets'",
        "channel: webhook\\n    secrets: []\\n    url: https://a.example|4: subscriptions[0].secrets: must hold 1 to 10",
        "channel: webhook\\n    secrets: [{env: GONE}]|4: subscriptions[0].secrets[0].env: environment variable 'GONE' is not set",
        "channel: webhook\\n    secrets: [{file: gone}]|4: subscriptions[0].secrets[0].file: file 'gone' cannot be read",
        "channel: webhook\\n    secrets: [{env: BAD}]|4: subscriptions[0].secrets[0].env: the secret there must start with whsec_",
        "channel: webhook\\n    secrets: [{env: SHORT}]|4: subscriptions[0].secrets[0].env: the secret there must hold 24 to 64 bytes, not 3",
        "channel: webhook\\n    secrets: [{env: NEW}]\\n    url: http://a.example|5: subscriptions[0].url: must be https",
        "channel: webhook\\n    secrets: [{env: NEW}]\\n    url: https://u:p@a.example|5: subscriptions[0].url: must not hold a user",
        "channel: webhook\\n    secrets: [{env: NEW}]\\n    url: ftp://a.example|5: subscriptions[0].url: must start with https://",
        "channel: console\\n  - id: one\\n    channel: console|4: subscriptions[1].id: 'one' stands twice",
      })
  void namesThePlaceOfAMistake(String rest, String complaint) {
    String text = "subscriptions:\n  - id: one\n    " + rest.replace("\\n", "\n") + "\n";

    assertThatThrownBy(() -> read(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("subscriptions.yaml:" + complaint)
        .hasMessageNotContaining("bad-secret-text");
  }

  @Test
  void filtersByWhatAnAlertIsAbout() {
    Alert dispute = SampleAlerts.dispute();

    assertThat(filter(Set.of("lumen"), Set.of()).reject(dispute)).isEmpty();
    assertThat(filter(Set.of("borealis"), Set.of()).reject(SampleAlerts.conflict())).isEmpty();
    assertThat(filter(Set.of("else"), Set.of()).reject(dispute))
        .contains(Filter.Rejection.ORGANISATION);
    assertThat(filter(Set.of(), Set.of("borealis-lumen")).reject(dispute)).isEmpty();
    assertThat(filter(Set.of(), Set.of("borealis-lumen-2")).reject(dispute)).isEmpty();
    assertThat(filter(Set.of(), Set.of("else")).reject(dispute))
        .contains(Filter.Rejection.AGREEMENT);
    assertThat(
            new Filter(Set.of(Relation.CONFLICT), Severity.LOW, Set.of(), Set.of(), false)
                .reject(dispute))
        .contains(Filter.Rejection.RELATION);
  }

  private static Filter filter(Set<String> organisations, Set<String> agreements) {
    return new Filter(Set.of(), Severity.LOW, organisations, agreements, false);
  }

  private List<Subscription> read(String text) throws IOException {
    Path file = folder.resolve("subscriptions.yaml");
    Files.writeString(file, text);
    Map<String, String> environment =
        Map.of("NEW", SECRET, "BAD", "bad-secret-text", "SHORT", "whsec_AAAA");
    return new SubscriptionFile(environment::get).read(file);
  }
}
