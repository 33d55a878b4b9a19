package dev.pactwatch.notify.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.SampleAlerts;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.json.Json;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Status;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionReaderTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String OTHER = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "NEW",
          SECRET,
          "BAD",
          "bad-secret-text",
          "SHORT",
          "whsec_AAAA",
          "ED",
          "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
          "CHAT",
          "https://chat.example/hook/bad-secret-text",
          "KEY",
          KEY,
          "TOKEN",
          "tk_abc");

  private final List<String> warnings = new ArrayList<>();

  @TempDir Path folder;

  @Test
  void what_is_not_said_is_at_its_default() {
    Subscription read = file("id: one\nchannel: console");

    assertThat(read)
        .isEqualTo(
            new Subscription(
                "one",
                null,
                new Target.Console(),
                Filter.ALL,
                new Timing.AtOnce(),
                null,
                List.of(),
                List.of(),
                Subscription.Start.BEGINNING,
                null,
                List.of(),
                false,
                null));
  }

  @Test
  void every_field_is_read() {
    Subscription read =
        file(
            """
            id: desk
            owner: Jo, night desk
            channel: webhook
            url: https://hooks.example.com/x
            secrets: [{env: NEW}, {env: ED}]
            types: [litigation, cloud-partnership]
            statuses: [filed, threatened]
            relations: conflict
            changes: [opened, escalated]
            severity: high
            certain: true
            organisations: [lumen]
            agreements: borealis-lumen
            text: [right of first refusal]
            historical: true
            except:
              - relations: [dispute]
                severity: medium
              - text: podcast
            start: now
            timing: {digest: weekly, at: "07:30", on: friday, time-zone: Europe/Berlin}
            quiet-hours: {from: "22:00", to: "24:00", days: [saturday], time-zone: Asia/Tokyo, except: critical}
            mute-times: [weekends]
            active-times: [office, late]
            rate: {per-minute: 60, at-once: 4}
            retries: [5s, 5m, PT2H, 1d12h]
            latest-only: true
            notices: console
            """);

    assertThat(read)
        .isEqualTo(
            new Subscription(
                "desk",
                "Jo, night desk",
                new Target.Webhook(
                    URI.create("https://hooks.example.com/x"),
                    List.of(new Secret(SECRET), new Secret(ENVIRONMENT.get("ED")))),
                new Filter(
                    Set.of(EventType.values()),
                    Set.of(Status.FILED, Status.THREATENED),
                    Set.of(Relation.CONFLICT),
                    Set.of(Change.OPENED, Change.ESCALATED),
                    Severity.HIGH,
                    true,
                    Set.of("lumen"),
                    Set.of("borealis-lumen"),
                    List.of("right of first refusal"),
                    true,
                    List.of(
                        exception(Set.of(Relation.DISPUTE), Severity.MEDIUM, List.of()),
                        exception(Set.of(), Severity.LOW, List.of("podcast")))),
                new Timing.Digest(
                    Timing.Every.WEEK,
                    LocalTime.of(7, 30),
                    DayOfWeek.FRIDAY,
                    ZoneId.of("Europe/Berlin")),
                new QuietHours(
                    LocalTime.of(22, 0),
                    LocalTime.MIDNIGHT,
                    Set.of(DayOfWeek.SATURDAY),
                    ZoneId.of("Asia/Tokyo"),
                    Severity.CRITICAL),
                List.of("weekends"),
                List.of("office", "late"),
                Subscription.Start.NOW,
                new Subscription.Rate(60, 4),
                List.of(
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(5),
                    Duration.ofHours(2),
                    Duration.ofHours(36)),
                true,
                "console"));
    assertThat(read.toString()).doesNotContain("MfKQ9r8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "channel: webhook\\nurl: http://127.0.0.1:9/x\\nsecrets: [{env: NEW}]|0s",
        "channel: kafka|0s",
        "channel: feed\\nkey: {env: KEY}|0s",
        "channel: slack\\nurl: {env: CHAT}|5s",
        "channel: teams\\nurl: {env: CHAT}|5s",
        "channel: ntfy\\nserver: https://n.example\\ntopic: t|5s",
        "channel: email\\nto: a@b.example|30s",
      })
  void a_group_waits_as_long_as_its_channel_suggests(String target, String wait) {
    Subscription read =
        file("id: one\n" + target.replace("\\n", "\n") + "\ntiming: {group-by: [agreement]}");

    Timing.Grouped timing = (Timing.Grouped) read.timing();
    assertThat(Durations.format(timing.groupWait())).isEqualTo(wait);
    assertThat(timing.groupInterval()).isEqualTo(Duration.ofMinutes(5));
    assertThat(timing.repeatInterval()).isNull();
    assertThat(timing.by()).containsExactly(Timing.Label.AGREEMENT);
  }

  @Test
  void the_times_of_a_group_can_be_set() {
    assertThat(
            file("id: one\nchannel: console\ntiming: {group-by: [relation, severity], group-wait:"
                    + " 30s, group-interval: 10m, repeat-interval: 4h}")
                .timing())
        .isEqualTo(
            new Timing.Grouped(
                List.of(Timing.Label.RELATION, Timing.Label.SEVERITY),
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                Duration.ofHours(4)));
  }

  @Test
  void digests_and_quiet_hours_are_in_utc_unless_told() {
    Subscription read =
        file(
            "id: one\nchannel: console\ntiming: {digest: daily}\nquiet-hours: {from: '22:00', to:"
                + " '06:00'}");

    assertThat(read.timing())
        .isEqualTo(
            new Timing.Digest(
                Timing.Every.DAY, LocalTime.of(8, 0), DayOfWeek.MONDAY, ZoneOffset.UTC));
    assertThat(read.quiet())
        .isEqualTo(
            new QuietHours(
                LocalTime.of(22, 0), LocalTime.of(6, 0), Set.of(), ZoneOffset.UTC, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "channel: fax|2: channel: 'fax' is unknown; one of console, webhook, email, slack",
        "channel: console\\nurl: x|3: url: unknown field",
        "channel: console\\nseverity: loud|3: severity: 'loud' is unknown",
        "channel: console\\nhistorical: maybe|3: historical: must be true or",
        "channel: console\\nowner: ''|3: owner: must be a text of up to 200",
        "channel: webhook|1: lacks 'secrets'",
        "channel: webhook\\nsecrets: []|3: secrets: must hold 1 to 10 secrets, not 0",
        "channel: webhook\\nsecrets: [{env: GONE}]|3: secrets[0].env: environment variable 'GONE' is not set",
        "channel: webhook\\nsecrets: [{file: gone}]|3: secrets[0].file: file 'gone' cannot be read",
        "channel: webhook\\nsecrets: [{env: A, file: b}]|3: secrets[0]: must name one place, 'env: NAME' or",
        "channel: webhook\\nsecrets: [{value: bad-secret-text}]|3: secrets[0].value: unknown field; one of env, file",
        "channel: webhook\\nsecrets: [{env: BAD}]|3: secrets[0].env: the secret there must start with whsec_",
        "channel: webhook\\nsecrets: [{env: SHORT}]|3: secrets[0].env: the secret there must hold 24 to 64 bytes, not 3",
        "channel: webhook\\nsecrets: [{env: NEW}, {env: NEW}]|3: secrets: holds the same secret twice",
        "channel: webhook\\nsecrets: [{env: NEW}]\\nurl: http://a.example|4: url: must be https",
        "channel: webhook\\nsecrets: [{env: NEW}]\\nurl: https://u:p@a.example|4: url: must not hold a user",
        "channel: webhook\\nsecrets: [{env: NEW}]\\nurl: ftp://a.example|4: url: must start with https://",
        "channel: webhook\\nsecrets: [{env: NEW}]\\nurl: https://a.example:99999|4: url: names a port",
        "channel: slack\\nurl: https://chat.example/bad-secret-text|3: url: must be a mapping",
        "channel: slack\\nurl: {env: BAD}|3: url: must start with https://",
        "channel: email\\nto: 'Jo <jo@b.example>'|3: to: must be a plain address",
        "channel: email\\nto: [a@b.example, A@b.example]|3: to[1]: 'A@b.example' stands twice",
        "channel: email\\nto: []|3: to: must hold 1 to 50 addresses, not 0",
        "channel: ntfy\\ntopic: a/b|3: topic: must be up to 64 of",
        "channel: ntfy\\ntopic: a|1: lacks 'server'",
        "channel: kafka\\ntopic: a/b|3: topic: must be up to 100 of",
        "channel: feed\\nkey: {env: TOKEN}|3: key.env: the secret there must be random and of 128 bits",
        "channel: console\\ntypes: [war]|3: types[0]: 'war' is unknown; one of cloud-partnership, litigation",
        "channel: console\\ntypes: litigation\\nstatuses: [agreed]|4: statuses[0]: 'agreed' is a status of cloud-partnership, which",
        "channel: console\\norganisations: [lumem]|3: organisations[0]: 'lumem' is no known organisation; did you mean 'lumen'?",
        "channel: console\\norganisations: [zzz]|3: organisations[0]: 'zzz' is no known organisation",
        "channel: console\\nagreements: [Borealis-Lumen]|3: agreements[0]: 'Borealis-Lumen' is no known agreement; did you mean 'borealis-lumen'?",
        "channel: console\\norganisations: ['']|3: organisations[0]: is empty",
        "channel: console\\ntext: ['...']|3: text[0]: holds no word",
        "channel: console\\nexcept: [{}]|3: except[0]: names nothing",
        "channel: console\\nexcept: [{historical: true}]|3: except[0].historical: unknown field",
        "channel: console\\ntiming: later|3: timing: must be at-once, or a mapping with",
        "channel: console\\ntiming: {digest: yearly}|3: timing.digest: 'yearly' is unknown; one of hourly",
        "channel: console\\ntiming: {digest: daily, on: monday}|3: timing.on: is the day of a weekly digest",
        "channel: console\\ntiming: {digest: daily, at: '7:30'}|3: timing.at: must be a time of day",
        "channel: console\\ntiming: {digest: daily, at: '27:30'}|3: timing.at: must be a time of day",
        "channel: console\\ntiming: {digest: daily, group-wait: 1s}|3: timing.group-wait: unknown field",
        "channel: console\\ntiming: {digest: daily, time-zone: Mars}|3: timing.time-zone: must be a time zone",
        "channel: console\\ntiming: {group-wait: soon}|3: timing.group-wait: must be a span such as 30s",
        "channel: console\\ntiming: {group-wait: 30}|3: timing.group-wait: must be a span such as 30s",
        "channel: console\\ntiming: {group-interval: 0s}|3: timing.group-interval: must be 1s or more",
        "channel: console\\ntiming: {repeat-interval: 1m}|3: timing.repeat-interval: must be 0s for never, or at least",
        "channel: console\\nquiet-hours: {from: '08:00', to: '08:00'}|3: quiet-hours: is all of the time",
        "channel: console\\nrate: {per-minute: 0}|3: rate.per-minute: must lie between 1 and 60000, not 0",
        "channel: console\\nrate: {}|3: rate: lacks 'per-minute' or 'at-once'",
        "channel: console\\nretries: [5s, 400d]|3: retries[1]: must lie between 0s and 366d",
        "channel: console\\nmute-times: [a, a]|3: mute-times: 'a' stands twice",
        "channel: console\\nnotices: one|3: notices: must name another subscription",
      })
  void the_place_of_a_mistake_is_named(String rest, String complaint) {
    assertThatThrownBy(() -> file("id: one\n" + rest.replace("\\n", "\n")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("some.yaml:" + complaint)
        .hasMessageNotContaining("bad-secret-text");
  }

  @Test
  void an_exception_takes_backfilled_alerts_away_too() {
    Subscription read =
        file("id: one\nchannel: console\nhistorical: true\nexcept: [{relations: [dispute]}]");

    assertThat(read.filter().reject(SampleAlerts.historical(SampleAlerts.dispute())))
        .contains(Filter.Rejection.EXCEPTED);
  }

  @Test
  void a_secret_in_a_file_that_everybody_may_read_is_warned_of() throws IOException {
    Path open = Files.writeString(folder.resolve("open"), SECRET + "\n");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    Path closed = Files.writeString(folder.resolve("closed"), OTHER);
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rw-------"));

    file(
        "id: one\nchannel: webhook\nurl: https://a.example\nsecrets: [{file: open}, {file: closed}]");

    assertThat(warnings)
        .containsExactly(
            "some.yaml:4: secrets[0].file: file 'open' may be read by everybody on this machine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id: a\nchannel: webhook\nurl: https://a.example/x\nsecrets: [{value: " + SECRET + "}]",
        "id: a\nchannel: slack\nurl: {value: 'https://chat.example/abc'}",
        "id: a\nchannel: ntfy\nserver: https://n.example\ntopic: t\ntoken: {value: tk_abc}",
        "id: a\nchannel: feed\nkey: {value: " + KEY + "}\ntiming: {digest: hourly, at: '00:15'}",
        "id: a\nchannel: email\nto: [a@b.example, c@d.example]\ntiming: {digest: weekly, on: sunday}",
        "id: a\nchannel: kafka\ntopic: t\ntypes: [litigation]\nstatuses: [filed]\nchanges: [opened]\n"
            + "severity: high\ncertain: true\norganisations: [lumen]\nagreements: [borealis-lumen]\n"
            + "text: [sole cloud]\nhistorical: true\nexcept: [{text: [x]}, {severity: low, types:"
            + " [litigation]}]\nstart: now\nowner: Jo\nretries: [5s, 1d12h]\nrate: {at-once: 2}\n"
            + "latest-only: true\nnotices: b\nmute-times: [m]\nactive-times: [n]\nquiet-hours: {from:"
            + " '22:00', to: '06:00', days: [monday, sunday], time-zone: Europe/Berlin, except:"
            + " high}",
        "id: a\nchannel: console\ntiming: {group-by: [status, organisations], group-wait: 0s,"
            + " repeat-interval: 1h30m}",
      })
  void what_is_shown_can_be_given_back(String text) {
    Subscription stored = request(text, null);

    String shown = Json.write(SubscriptionView.of(stored));

    assertThat(shown).doesNotContain(SECRET, KEY, "tk_abc", "chat.example");
    assertThat(request(shown, stored)).isEqualTo(stored);
    assertThat(
            new SubscriptionReader(
                    SecretSource.sealed(kept -> kept.substring(1)), KnownIds.UNCHECKED)
                .read(
                    Yaml.parse(
                        "kept",
                        Json.write(SubscriptionView.sealed(stored, secret -> "!" + secret)))))
        .isEqualTo(stored);
  }

  @Test
  void a_new_secret_is_put_before_one_that_is_kept() {
    Subscription stored = webhook("{value: " + SECRET + "}", null);

    Subscription rotated = webhook("{value: " + OTHER + "}, {value: (hidden)}", stored);
    Subscription done =
        webhook("{value: (hidden), fingerprint: " + new Secret(OTHER).fingerprint() + "}", rotated);

    assertThat(((Target.Webhook) rotated.target()).secrets())
        .containsExactly(new Secret(OTHER), new Secret(SECRET));
    assertThat(((Target.Webhook) done.target()).secrets()).containsExactly(new Secret(OTHER));
    assertThatThrownBy(() -> webhook("{value: (hidden)}", rotated))
        .hasMessageContaining("secrets[0]: lacks 'fingerprint'");
    assertThatThrownBy(() -> webhook("{value: (hidden)}", null))
        .hasMessageContaining("secrets[0]: is hidden, and no stored secret stands behind it");
  }

  @Test
  void a_kept_token_does_not_follow_a_changed_server() {
    Subscription stored =
        request(
            "id: a\nchannel: ntfy\nserver: https://n.example\ntopic: t\ntoken: {value: tk_abc}",
            null);

    assertThatThrownBy(
            () ->
                request(
                    "id: a\nchannel: ntfy\nserver: https://evil.example\ntopic: t\n"
                        + "token: {value: (hidden)}",
                    stored))
        .hasMessageContaining("request:5: token: is hidden, and no stored secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{env: NEW}", "{file: /etc/hostname}"})
  void a_request_cannot_name_places_on_this_machine(String place) {
    assertThatThrownBy(() -> webhook(place, null))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("unknown field; one of fingerprint, value");
  }

  private static Filter exception(Set<Relation> relations, Severity severity, List<String> text) {
    return new Filter(
        Set.of(), Set.of(), relations, Set.of(), severity, false, Set.of(), Set.of(), text, true,
        List.of());
  }

  private Subscription file(String text) {
    return new SubscriptionReader(
            SecretSource.places(ENVIRONMENT::get, folder, warnings::add),
            KnownIds.of(() -> Set.of("lumen", "borealis"), () -> Set.of("borealis-lumen")))
        .read(Yaml.parse("some.yaml", text));
  }

  private static Subscription webhook(String secrets, Subscription stored) {
    return request(
        "id: a\nchannel: webhook\nurl: https://a.example\nsecrets: [" + secrets + "]", stored);
  }

  private static Subscription request(String text, Subscription stored) {
    return new SubscriptionReader(SecretSource.values(), KnownIds.UNCHECKED)
        .read(Yaml.parse("request", text), stored);
  }
}
