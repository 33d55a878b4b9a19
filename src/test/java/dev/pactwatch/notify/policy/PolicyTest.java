package dev.pactwatch.notify.policy;

import static dev.pactwatch.notify.subscription.AlertBuilder.alert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.notify.subscription.KnownIds;
import dev.pactwatch.notify.subscription.SecretSource;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.SubscriptionReader;
import dev.pactwatch.tagging.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyTest {

  /** A Wednesday. */
  private static final Instant NOON = Instant.parse("2026-03-18T12:00:00Z");

  private static final Alert ALERT = alert("a").build();

  private static final Map<String, TimeInterval> INTERVALS =
      Stream.of(
              named("office", "times: [{from: '09:00', to: '17:00'}]"),
              named("midday", "times: [{from: '11:30', to: '12:30'}]"),
              named("after", "times: [{from: '12:30', to: '13:00'}]"),
              named("evening", "times: [{from: '18:00', to: '20:00'}]"),
              named("past", "years: ['2020']"))
          .collect(Collectors.toMap(TimeInterval::name, one -> one));

  @Test
  void what_nothing_holds_back_is_told() {
    assertThat(decide(subscription(""), ALERT, NOON, state())).isEqualTo(new Decision.Tell());
  }

  @Nested
  class Times {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        nullValues = "never",
        value = {
          "mute-times: [midday]|mute-time|midday|2026-03-18T12:30:00Z",
          "mute-times: [midday, after]|mute-time|midday|2026-03-18T13:00:00Z",
          "mute-times: [evening, office]|mute-time|office|2026-03-18T17:00:00Z",
          "active-times: [evening]|active-time|evening|2026-03-18T18:00:00Z",
          "active-times: [past]|active-time|past|never",
          // Active times come before mute times.
          "active-times: [evening]\\nmute-times: [midday]|active-time|evening|2026-03-18T18:00:00Z",
        })
    void what_they_hold_back_is_looked_at_again(
        String fields, String reason, String ref, Instant review) {
      assertThat(decide(subscription(fields), ALERT, NOON, state()))
          .isEqualTo(suppress(reason, ref, review));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "mute-times: [evening]",
          "active-times: [office]",
          "active-times: [evening, midday]",
        })
    void what_they_do_not_hold_back_is_told(String fields) {
      assertThat(decide(subscription(fields), ALERT, NOON, state())).isEqualTo(new Decision.Tell());
    }

    @Test
    void in_quiet_hours_it_waits_unless_it_is_grave() {
      Subscription quiet =
          subscription("quiet-hours: {from: '11:00', to: '14:00', except: critical}");

      assertThat(decide(quiet, ALERT, NOON, state()))
          .isEqualTo(new Decision.Wait(Instant.parse("2026-03-18T14:00:00Z"), Reason.QUIET_HOURS));
      assertThat(decide(quiet, alert("a").severity(Severity.CRITICAL).build(), NOON, state()))
          .isEqualTo(new Decision.Tell());
      assertThat(decide(quiet, ALERT, Instant.parse("2026-03-18T14:00:00Z"), state()))
          .isEqualTo(new Decision.Tell());
    }
  }

  @Nested
  class Silences {

    private final Silence one =
        silence("s1", "matchers: severity=high\nends-at: 2026-03-18T15:00:00Z");

    @Test
    void one_that_matches_holds_back_until_its_end() {
      assertThat(decide(subscription(""), ALERT, NOON, state(one)))
          .isEqualTo(suppress("silence", "s1", Instant.parse("2026-03-18T15:00:00Z")));
      assertThat(decide(subscription(""), ALERT, Instant.parse("2026-03-18T15:00:00Z"), state(one)))
          .isEqualTo(new Decision.Tell());
      assertThat(
              decide(subscription(""), alert("a").severity(Severity.LOW).build(), NOON, state(one)))
          .isEqualTo(new Decision.Tell());
    }

    @Test
    void of_two_the_later_end_counts_and_dropping_before_all() {
      Silence longer = silence("s2", "matchers: alert=a\nlasts: 5h");
      Silence drops = silence("s3", "matchers: alert=a\nlasts: 1h\nat-end: drop");

      assertThat(decide(subscription(""), ALERT, NOON, state(one, longer)))
          .isEqualTo(suppress("silence", "s2", NOON.plus(Duration.ofHours(5))));
      assertThat(decide(subscription(""), ALERT, NOON, state(one, drops, longer)))
          .isEqualTo(suppress("silence", "s3", null));
    }

    @Test
    void one_that_drops_does_not_drop_a_withdrawal() {
      Silence drops = silence("s3", "matchers: alert=a\nlasts: 1h\nat-end: drop");

      assertThat(
              decide(
                  subscription(""),
                  alert("a").revision(2, Change.WITHDRAWN).build(),
                  NOON,
                  state(drops)))
          .isEqualTo(suppress("silence", "s3", NOON.plus(Duration.ofHours(1))));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        nullValues = "never",
        value = {
          "starts-at: 2026-03-18T13:00:00Z\\nlasts: 1h|PENDING|2026-03-18T13:00:00Z",
          "lasts: 1h|ACTIVE|2026-03-18T13:00:00Z",
          "lasts: 1h\\nexpire-after-idle: 30m|ACTIVE|2026-03-18T12:30:00Z",
          "lasts: 1h\\nexpire-after-idle: 3h|ACTIVE|2026-03-18T13:00:00Z",
          "expire-after-idle: 3h|ACTIVE|2026-03-18T15:00:00Z",
          "lasts: 2d\\nduring: [midday]|ACTIVE|2026-03-18T12:30:00Z",
          "lasts: 2d\\nduring: [midday, after]|ACTIVE|2026-03-18T13:00:00Z",
          "lasts: 2d\\nduring: [evening]|RESTING|2026-03-18T18:00:00Z",
          "lasts: 10m\\nduring: [midday]|ACTIVE|2026-03-18T12:10:00Z",
          "lasts: 2h\\nduring: [evening]|RESTING|2026-03-18T14:00:00Z",
          "lasts: 2h\\nduring: [past]|RESTING|2026-03-18T14:00:00Z",
        })
    void each_knows_where_it_stands_and_when_that_changes(
        String fields, Silence.State state, Instant next) {
      Silence silence = silence("s", "matchers: alert=a\n" + fields);

      assertThat(silence.state(NOON, INTERVALS)).isEqualTo(state);
      assertThat(silence.nextChange(NOON, INTERVALS).orElse(null)).isEqualTo(next);
    }

    @Test
    void a_match_puts_off_the_end_by_idleness() {
      Silence idle = silence("s", "matchers: alert=a\nexpire-after-idle: 30m");
      Instant later = NOON.plus(Duration.ofMinutes(29));

      assertThat(idle.state(NOON.plus(Duration.ofMinutes(30)), INTERVALS))
          .isEqualTo(Silence.State.EXPIRED);
      assertThat(idle.matchedAt(later).nextChange(later, INTERVALS))
          .contains(later.plus(Duration.ofMinutes(30)));
      assertThat(idle.endedAt(later).state(later, INTERVALS)).isEqualTo(Silence.State.EXPIRED);
      assertThat(idle.endedAt(later).nextChange(later, INTERVALS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "lasts: 1h|lacks 'matchers'",
          "matchers: ''\\nlasts: 1h|matchers: names no condition",
          "matchers: alert=a|lacks an end: 'ends-at'",
          "matchers: alert=a\\nlasts: 1h\\nends-at: 2026-03-19T00:00:00Z|lasts: must not stand beside",
          "matchers: alert=a\\nends-at: 2026-03-17T00:00:00Z|ends-at: must end after its start",
          "matchers: alert=a\\nlasts: 10m\\nstarts-at: 2026-03-18T11:00:00Z|lasts: must end after",
          "matchers: alert=a\\nends-at: 2046-03-17T00:00:00Z|ends-at: must end after its start",
          "matchers: alert=a\\nends-at: tomorrow|ends-at: must be a time such as",
          "matchers: alert=a\\nlasts: 1h\\nduring: [never]|during: 'never' is no time interval",
          "matchers: alert=a\\nlasts: 1h\\nat-end: forget|at-end: 'forget' is unknown; one of send, drop",
        })
    void a_mistake_is_named(String fields, String complaint) {
      assertThatThrownBy(() -> silence("s", fields)).hasMessageContaining(complaint);
    }
  }

  @Nested
  class Inhibiting {

    private final InhibitRule rule =
        InhibitRule.read(
            Yaml.parse(
                "some.yaml",
                "id: grave\nsource-matchers: severity=critical\ntarget-matchers: severity!=low\n"
                    + "equal: [agreement, counterparty]"));

    private final Alert grave =
        alert("g").severity(Severity.CRITICAL).agreement("pact", "pact-2").build();

    @Test
    void an_open_alert_holds_back_others_that_are_alike() {
      assertThat(decide(subscription(""), ALERT, NOON, open(grave)))
          .isEqualTo(suppress("inhibition", "g", null));
    }

    @Test
    void one_of_another_agreement_does_not() {
      Alert other = alert("g").severity(Severity.CRITICAL).agreement("else", "pact-1").build();

      assertThat(decide(subscription(""), ALERT, NOON, open(other))).isEqualTo(new Decision.Tell());
    }

    @Test
    void one_that_is_withdrawn_does_not() {
      Alert gone = alert("g").severity(Severity.CRITICAL).revision(2, Change.WITHDRAWN).build();

      assertThat(decide(subscription(""), ALERT, NOON, open(gone))).isEqualTo(new Decision.Tell());
    }

    @Test
    void two_that_are_source_and_target_at_once_do_not_hold_each_other_back() {
      Alert second = alert("h").severity(Severity.CRITICAL).build();

      assertThat(decide(subscription(""), second, NOON, open(grave, second)))
          .isEqualTo(new Decision.Tell());
    }

    @Test
    void an_alert_is_not_held_back_by_its_own_earlier_revision() {
      Alert before = alert("a").severity(Severity.CRITICAL).build();

      assertThat(decide(subscription(""), ALERT, NOON, open(before)))
          .isEqualTo(new Decision.Tell());
    }

    @Test
    void labels_that_both_lack_are_equal() {
      Alert source = alert("g").severity(Severity.CRITICAL).counterparties().build();
      Alert target = alert("t").counterparties().build();

      assertThat(decide(subscription(""), target, NOON, open(source)))
          .isEqualTo(suppress("inhibition", "g", null));
      assertThat(decide(subscription(""), ALERT, NOON, open(source)))
          .isEqualTo(new Decision.Tell());
    }

    @Test
    void a_withdrawal_is_told_all_the_same() {
      assertThat(
              decide(
                  subscription(""),
                  alert("a").revision(2, Change.WITHDRAWN).build(),
                  NOON,
                  open(grave)))
          .isEqualTo(new Decision.Tell());
    }

    private PolicyState open(Alert... alerts) {
      return new PolicyState(
          List.of(alerts), List.of(), Map.of(), INTERVALS, List.of(rule), (one, other) -> true);
    }
  }

  @Nested
  class Acknowledging {

    private final Acknowledgement ack =
        new Acknowledgement(
            "a", "jo", null, NOON.minusSeconds(60), NOON.plusSeconds(600), 1, Status.AGREED);

    @ParameterizedTest
    @EnumSource(names = {"CORROBORATED", "UPDATED"})
    void what_does_not_move_the_alert_is_held_back(Change change) {
      Alert next = alert("a").revision(2, change).build();

      assertThat(decide(subscription(""), next, NOON, acked(ack)))
          .isEqualTo(suppress("acknowledged", "jo", NOON.plusSeconds(600)));
      assertThat(decide(subscription(""), next, NOON.plusSeconds(600), acked(ack)))
          .isEqualTo(new Decision.Tell());
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENED", "ESCALATED", "WITHDRAWN"})
    void what_moves_it_is_told(Change change) {
      assertThat(decide(subscription(""), alert("a").revision(2, change).build(), NOON, acked(ack)))
          .isEqualTo(new Decision.Tell());
    }

    @Test
    void once_the_alert_has_moved_on_nothing_is_held_back() {
      Alert after = alert("a").revision(3, Change.CORROBORATED).status(Status.EXPANDED).build();

      assertThat(decide(subscription(""), after, NOON, acked(ack))).isEqualTo(new Decision.Tell());
    }

    @Test
    void other_alerts_are_told() {
      assertThat(
              decide(
                  subscription(""),
                  alert("b").revision(2, Change.UPDATED).build(),
                  NOON,
                  acked(ack)))
          .isEqualTo(new Decision.Tell());
    }

    private PolicyState acked(Acknowledgement one) {
      return new PolicyState(
          List.of(), List.of(), Map.of("a", one), INTERVALS, List.of(), (s, a) -> true);
    }
  }

  @Test
  void what_was_never_told_is_not_taken_back() {
    PolicyState state =
        new PolicyState(
            List.of(), List.of(), Map.of(), INTERVALS, List.of(), (one, other) -> false);

    assertThat(
            decide(subscription(""), alert("a").revision(2, Change.WITHDRAWN).build(), NOON, state))
        .isEqualTo(suppress("never-told", null, null));
    assertThat(decide(subscription(""), ALERT, NOON, state)).isEqualTo(new Decision.Tell());
  }

  @Test
  void the_first_reason_in_alertmanagers_order_is_the_one_that_is_named() {
    String all =
        "active-times: [evening]\nmute-times: [midday]\nquiet-hours: {from: '11:00', to: '14:00'}";
    Alert next = alert("a").revision(2, Change.UPDATED).build();
    PolicyState state =
        new PolicyState(
            List.of(alert("g").severity(Severity.CRITICAL).build()),
            List.of(silence("s", "matchers: alert=a\nlasts: 1h")),
            Map.of("a", new Acknowledgement("a", "jo", null, NOON, null, 1, null)),
            INTERVALS,
            List.of(
                new InhibitRule(
                    "r",
                    Matchers.parse("severity=critical"),
                    Matchers.parse("alert=a"),
                    List.of())),
            (one, other) -> true);
    PolicyState noRules =
        new PolicyState(
            List.of(),
            state.silences(),
            state.acknowledgements(),
            INTERVALS,
            List.of(),
            state.told());
    PolicyState acked =
        new PolicyState(
            List.of(), List.of(), state.acknowledgements(), INTERVALS, List.of(), state.told());

    assertThat(
            Stream.of(
                    decide(subscription(all), next, NOON, state),
                    decide(subscription(all), next, NOON, noRules),
                    decide(
                        subscription(all.replace("active-times: [evening]\n", "")),
                        next,
                        NOON,
                        noRules),
                    decide(
                        subscription("quiet-hours: {from: '11:00', to: '14:00'}"),
                        next,
                        NOON,
                        noRules),
                    decide(
                        subscription("quiet-hours: {from: '11:00', to: '14:00'}"),
                        next,
                        NOON,
                        acked),
                    decide(
                        subscription("quiet-hours: {from: '11:00', to: '14:00'}"),
                        next,
                        NOON,
                        state()))
                .map(PolicyTest::reason))
        .containsExactly(
            Reason.INHIBITION,
            Reason.ACTIVE_TIME,
            Reason.MUTE_TIME,
            Reason.SILENCE,
            Reason.ACKNOWLEDGED,
            Reason.QUIET_HOURS);
  }

  private static Reason reason(Decision decision) {
    return decision instanceof Decision.Suppress suppress
        ? suppress.reason()
        : ((Decision.Wait) decision).reason();
  }

  private static Decision decide(
      Subscription subscription, Alert alert, Instant now, PolicyState state) {
    return Policy.decide(subscription, alert, now, state);
  }

  private static Decision suppress(String reason, String ref, Instant review) {
    return new Decision.Suppress(
        Stream.of(Reason.values()).filter(one -> one.label().equals(reason)).findFirst().get(),
        ref,
        review);
  }

  private static PolicyState state(Silence... silences) {
    return new PolicyState(
        List.of(), List.of(silences), Map.of(), INTERVALS, List.of(), (one, other) -> true);
  }

  private static Silence silence(String id, String fields) {
    return Silence.read(
        Yaml.parse("request", fields.replace("\\n", "\n") + "\ncomment: known"),
        id,
        "jo",
        NOON,
        INTERVALS::containsKey);
  }

  private static TimeInterval named(String name, String span) {
    return TimeInterval.read(
        Yaml.parse("some.yaml", "name: " + name + "\nintervals: [{" + span + "}]"));
  }

  static Subscription subscription(String fields) {
    return new SubscriptionReader(SecretSource.values(), KnownIds.UNCHECKED)
        .read(
            Yaml.parse("some.yaml", "id: desk\nchannel: console\n" + fields.replace("\\n", "\n")));
  }
}
