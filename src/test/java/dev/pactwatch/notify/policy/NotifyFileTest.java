package dev.pactwatch.notify.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.notify.subscription.KnownIds;
import dev.pactwatch.notify.subscription.Subscription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotifyFileTest {

  private static final String WHOLE =
      """
      subscriptions:
        - {id: desk, channel: console, mute-times: [weekend], notices: duty}
        - {id: duty, channel: console}
      time-intervals:
        - {name: weekend, intervals: [{weekdays: ['saturday:sunday']}]}
        - {name: spare, shared: true, intervals: [{years: ['2030']}]}
      inhibit:
        - {id: grave, source-matchers: severity=critical, target-matchers: severity=low, equal: [agreement]}
      escalations:
        - {id: up, matchers: severity=critical, steps: [{after: 1h, notify: duty}]}
      """;

  @TempDir Path folder;

  @Test
  void what_is_shipped_can_be_used() {
    NotifyFile shipped =
        NotifyFile.read(
            Path.of("config", "subscriptions.yaml"),
            name -> null,
            KnownIds.UNCHECKED,
            NotifyFile.Elsewhere.NOTHING,
            warning -> {});

    assertThat(shipped.subscriptions()).extracting(Subscription::id).containsExactly("console");
  }

  @Test
  void all_parts_are_read() throws IOException {
    NotifyFile file = read(WHOLE, NotifyFile.Elsewhere.NOTHING);

    assertThat(file.subscriptions()).extracting(Subscription::id).containsExactly("desk", "duty");
    assertThat(file.intervals()).containsOnlyKeys("weekend", "spare");
    assertThat(file.inhibit()).extracting(InhibitRule::id).containsExactly("grave");
    assertThat(file.escalations()).extracting(Escalation::id).containsExactly("up");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "duty, channel: console}|desk, channel: console}|:3: subscriptions[1].id: 'desk' stands twice",
        "notices: duty|notices: nobody|:2: subscriptions[0].notices: 'nobody' is no other subscription",
        "mute-times: [weekend]|mute-times: [holiday]|:2: subscriptions[0].mute-times: 'holiday' is no time interval",
        "mute-times: [weekend], |''|:5: time-intervals[0].name: nothing uses 'weekend'",
        "mute-times|active-time|:2: subscriptions[0].active-time: unknown field",
        "name: spare|name: weekend|:6: time-intervals[1].name: 'weekend' stands twice",
        "notify: duty|notify: boss|:10: escalations[0].steps[0].notify: 'boss' is no subscription",
        "severity=critical, target-matchers|severity=, target-matchers|:8: inhibit[0].source-matchers: at character 10: a value is expected",
        "equal: [agreement]|equal: [size]|:8: inhibit[0].equal[0]: 'size' is no label; one of alert",
        "inhibit:|inhibits:|:8: inhibits: unknown field; one of escalations, inhibit",
      })
  void the_place_of_a_mistake_is_named(String from, String to, String complaint) {
    assertThat(WHOLE).contains(from);
    assertThatThrownBy(() -> read(WHOLE.replace(from, to), NotifyFile.Elsewhere.NOTHING))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("subscriptions.yaml" + complaint);
  }

  @Test
  void two_feeds_have_two_keys() {
    assertThatThrownBy(
            () ->
                NotifyFile.read(
                    Files.writeString(
                        folder.resolve("subscriptions.yaml"),
                        """
                        subscriptions:
                          - {id: one, channel: feed, key: {env: KEY}}
                          - {id: two, channel: feed, key: {env: KEY}}
                        """),
                    name -> "0123456789abcdef0123456789abcdef",
                    KnownIds.UNCHECKED,
                    NotifyFile.Elsewhere.NOTHING,
                    warning -> {}))
        .hasMessageContaining(":3: subscriptions[1].key: is also the key of 'one'")
        .hasMessageNotContaining("0123456789abcdef");
  }

  @Test
  void what_is_made_elsewhere_counts() throws IOException {
    String text = WHOLE.replace("notices: duty", "notices: other").replace("shared: true, ", "");

    assertThat(read(text, new NotifyFile.Elsewhere(Set.of("other"), Set.of("spare"))).intervals())
        .hasSize(2);
    assertThatThrownBy(() -> read(WHOLE, new NotifyFile.Elsewhere(Set.of(), Set.of("gone"))))
        .hasMessageContaining("lacks the time interval 'gone'");
  }

  @Test
  void an_edited_file_is_taken_over_once_it_rests() throws IOException {
    Path file = write(WHOLE);
    NotifyWatch watch = watch(file);

    write(WHOLE.replace("id: desk", "id: front-desk"));
    assertThat(watch.get().subscriptions().get(0).id()).isEqualTo("desk");
    assertThat(watch.get().subscriptions().get(0).id()).isEqualTo("front-desk");
    assertThat(watch.problem()).isEmpty();
  }

  @Test
  void a_bad_file_is_refused_and_the_last_good_one_stays() throws IOException {
    Path file = write(WHOLE);
    NotifyWatch watch = watch(file);
    NotifyFile good = watch.get();

    write(WHOLE.replace("duty", "Duty!"));
    watch.get();

    assertThat(watch.get()).isEqualTo(good);
    assertThat(watch.problem().orElseThrow()).hasMessageContaining("subscriptions[1].id");
    Files.delete(file);
    watch.get();
    assertThat(watch.get()).isEqualTo(good);
    assertThat(watch.problem().orElseThrow()).hasMessageContaining("no such file");
    write(WHOLE.replace("desk", "d"));
    watch.get();
    assertThat(watch.get().subscriptions().get(0).id()).isEqualTo("d");
    assertThat(watch.problem()).isEmpty();
  }

  private static NotifyWatch watch(Path file) {
    return new NotifyWatch(
        file,
        path ->
            NotifyFile.read(
                path,
                name -> null,
                KnownIds.UNCHECKED,
                NotifyFile.Elsewhere.NOTHING,
                warning -> {}));
  }

  private NotifyFile read(String text, NotifyFile.Elsewhere elsewhere) throws IOException {
    return NotifyFile.read(write(text), name -> null, KnownIds.UNCHECKED, elsewhere, warning -> {});
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("subscriptions.yaml"), text);
  }
}
