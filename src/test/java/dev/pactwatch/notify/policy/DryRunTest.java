package dev.pactwatch.notify.policy;

import static dev.pactwatch.notify.subscription.AlertBuilder.alert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.subscription.AlertBuilder;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.Timing;
import dev.pactwatch.tagging.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DryRunTest {

  /** A Wednesday. */
  private static final Instant T0 = Instant.parse("2026-03-18T12:00:00Z");

  private static final Instant END = T0.plus(Duration.ofDays(3));

  private static final Map<String, TimeInterval> INTERVALS =
      Stream.of(
              named("office", "times: [{from: '09:00', to: '17:00'}]"),
              named("midday", "times: [{from: '11:30', to: '12:30'}]"),
              named("weekend", "weekdays: ['saturday', 'sunday']"),
              named("past", "years: ['2020']"))
          .collect(Collectors.toMap(TimeInterval::name, one -> one));

  @Nested
  class AtOnce {

    @Test
    void every_revision_that_is_wanted_is_a_message() {
      assertThat(
              planned(
                  "severity: high",
                  at(0, alert("a")),
                  at(1, alert("b").severity(Severity.LOW)),
                  at(2, alert("a").revision(2, Change.ESCALATED))))
          .containsExactly("0 alert a1", "2 alert a2");
    }

    @Test
    void what_quiet_hours_hold_back_is_told_at_their_end() {
      assertThat(
              planned(
                  "quiet-hours: {from: '11:00', to: '13:00'}",
                  at(0, alert("a")),
                  at(1, alert("a").revision(2, Change.CORROBORATED)),
                  at(70, alert("b"))))
          .containsExactly("60 alert a2", "70 alert b1");
    }

    @Test
    void where_the_latest_is_enough_what_waits_gives_way_to_it() {
      DryRun.Result result =
          run(
              "latest-only: true\nquiet-hours: {from: '11:00', to: '13:00'}",
              DryRun.Conditions.NONE,
              at(0, alert("a")),
              at(1, alert("a").revision(2, Change.CORROBORATED)));

      assertThat(planned(result)).containsExactly("60 alert a2");
      assertThat(result.suppressed()).isEqualTo(Map.of(Reason.SUPERSEDED, 1));
    }

    @Test
    void what_is_withdrawn_before_it_was_told_is_never_spoken_of() {
      DryRun.Result result =
          run(
              "quiet-hours: {from: '11:00', to: '13:00'}",
              DryRun.Conditions.NONE,
              at(0, alert("a")),
              at(1, alert("a").revision(2, Change.WITHDRAWN)));

      assertThat(result.messages()).isEmpty();
      assertThat(result.suppressed()).isEqualTo(Map.of(Reason.SUPERSEDED, 1, Reason.NEVER_TOLD, 1));
    }

    @Test
    void what_a_mute_time_held_back_is_told_after_it_if_it_is_still_so() {
      DryRun.Result result =
          run(
              "mute-times: [midday]\nseverity: high",
              conditions(List.of(), List.of(), List.of()),
              at(0, alert("a")),
              at(1, alert("b")),
              at(2, alert("b").revision(2, Change.UPDATED).severity(Severity.LOW)));

      assertThat(planned(result)).containsExactly("30 alert a1");
      assertThat(result.matched()).isEqualTo(2);
      assertThat(result.suppressed()).isEqualTo(Map.of(Reason.SUPERSEDED, 1));
    }

    @Test
    void what_an_alert_made_needless_is_told_when_that_one_is_withdrawn() {
      InhibitRule rule =
          new InhibitRule(
              "r", Matchers.parse("severity=critical"), Matchers.parse("severity=low"), List.of());
      DryRun.Result result =
          run(
              "",
              conditions(List.of(rule), List.of(), List.of()),
              at(0, alert("big").severity(Severity.CRITICAL)),
              at(1, alert("a").severity(Severity.LOW)),
              at(2, alert("b").severity(Severity.LOW)),
              at(3, alert("b").severity(Severity.LOW).revision(2, Change.UPDATED)),
              at(9, alert("big").severity(Severity.CRITICAL).revision(2, Change.WITHDRAWN)));

      assertThat(planned(result))
          .containsExactly("0 alert big1", "9 alert big2", "9 alert a1", "9 alert b2");
      assertThat(result.suppressed()).isEqualTo(Map.of(Reason.SUPERSEDED, 1));
    }

    @Test
    void an_acknowledgement_holds_from_its_own_time_on() {
      Acknowledgement ack =
          new Acknowledgement("a", "jo", null, minute(5), minute(30), 1, Status.AGREED);
      DryRun.Result result =
          run(
              "",
              conditions(List.of(), List.of(), List.of(ack)),
              at(0, alert("a")),
              at(1, alert("a").revision(2, Change.UPDATED)),
              at(6, alert("a").revision(3, Change.UPDATED)));

      assertThat(planned(result)).containsExactly("0 alert a1", "1 alert a2", "30 alert a3");
    }

    @Test
    void a_silence_that_drops_does_so_for_good() {
      DryRun.Result result =
          run(
              "",
              conditions(
                  List.of(),
                  List.of(silence("lasts: 1h\nat-end: drop\nmatchers: alert=a")),
                  List.of()),
              at(0, alert("a")),
              at(90, alert("a").revision(2, Change.UPDATED)));

      assertThat(planned(result)).containsExactly("90 alert a2");
      assertThat(result.suppressed()).isEqualTo(Map.of(Reason.SILENCE, 1));
    }
  }

  @Nested
  class Groups {

    private static final String BY_AGREEMENT =
        "timing: {group-by: [agreement], group-wait: 30s, group-interval: 5m, repeat-interval: 4h}";

    @Test
    void are_told_after_their_wait_and_then_at_intervals() {
      assertThat(
              planned(
                  BY_AGREEMENT.replace(", repeat-interval: 4h", ""),
                  at(0, alert("a")),
                  at(0, alert("b")),
                  at(1, alert("c")),
                  at(1, alert("x").agreement("other", "other-1"))))
          .containsExactly("0.5 group a1 b1", "1.5 group x1", "5.5 group c1");
    }

    @Test
    void what_is_open_is_told_again_until_somebody_takes_it_on() {
      Acknowledgement ack =
          new Acknowledgement("a", "jo", null, minute(300), null, 1, Status.AGREED);

      assertThat(
              planned(
                  run(
                      BY_AGREEMENT,
                      conditions(List.of(), List.of(), List.of(ack)),
                      at(0, alert("a")))))
          .containsExactly("0.5 group a1", "245.5 reminder a1");
    }

    @Test
    void an_alert_that_moves_to_another_group_is_told_there_only() {
      DryRun.Result result =
          run(
              BY_AGREEMENT.replace("agreement", "severity").replace(", repeat-interval: 4h", ""),
              DryRun.Conditions.NONE,
              at(0, alert("a")),
              at(0, alert("a").revision(2, Change.UPDATED).severity(Severity.LOW)));

      assertThat(planned(result)).containsExactly("0.5 group a2");
      assertThat(result.messages().get(0).group()).isEqualTo("desk:{severity=\"low\"}");
      assertThat(result.suppressed()).isEqualTo(Map.of(Reason.SUPERSEDED, 1));
    }

    @Test
    void what_a_silence_held_back_is_told_with_the_next_look_after_it() {
      DryRun.Result result =
          run(
              BY_AGREEMENT.replace(", repeat-interval: 4h", ""),
              conditions(List.of(), List.of(silence("lasts: 24h\nmatchers: alert=a")), List.of()),
              at(0, alert("a")),
              at(0, alert("b")));

      assertThat(planned(result)).containsExactly("0.5 group b1", "1440.5 group a1");
    }

    @Test
    void a_silence_that_drops_takes_it_out_of_the_group() {
      DryRun.Result result =
          run(
              BY_AGREEMENT,
              conditions(
                  List.of(),
                  List.of(silence("lasts: 1h\nat-end: drop\nmatchers: alert=a")),
                  List.of()),
              at(0, alert("a")));

      assertThat(result.messages()).isEmpty();
      assertThat(result.suppressed()).isEqualTo(Map.of(Reason.SILENCE, 1));
    }
  }

  @Nested
  class Digests {

    @Test
    void tell_how_each_alert_stands_and_nothing_when_there_is_nothing() {
      assertThat(
              planned(
                  "timing: {digest: hourly, at: '00:30'}",
                  at(0, alert("b")),
                  at(1, alert("a")),
                  at(30, alert("a").revision(2, Change.UPDATED)),
                  at(31, alert("c"))))
          .containsExactly("30 digest b1 a2", "90 digest c1");
    }

    @Test
    void what_moved_within_one_is_told_once_where_the_latest_is_enough() {
      assertThat(
              planned(
                  "latest-only: true\ntiming: {digest: daily, at: '13:00'}",
                  at(0, alert("a")),
                  at(1, alert("b")),
                  at(2, alert("a").revision(2, Change.UPDATED))))
          .containsExactly("60 digest b1 a2");
    }

    @Test
    void one_that_falls_into_quiet_hours_comes_at_their_end() {
      assertThat(
              planned(
                  "timing: {digest: daily, at: '13:00'}\nquiet-hours: {from: '12:30', to: '14:00'}",
                  at(0, alert("a")),
                  at(70, alert("b")),
                  at(130, alert("c"))))
          .containsExactly("120 digest a1 b1", "1560 digest c1");
    }

    @Test
    void what_was_told_in_one_is_taken_back_in_the_next() {
      DryRun.Result result =
          run(
              "timing: {digest: hourly, at: '00:00'}",
              DryRun.Conditions.NONE,
              at(1, alert("a")),
              at(2, alert("b")),
              at(3, alert("b").revision(2, Change.WITHDRAWN)),
              at(61, alert("a").revision(2, Change.WITHDRAWN)));

      assertThat(planned(result)).containsExactly("60 digest a1", "120 digest a2");
      assertThat(result.suppressed()).isEqualTo(Map.of(Reason.SUPERSEDED, 1, Reason.NEVER_TOLD, 1));
    }
  }

  @Test
  void what_waits_at_the_end_is_pending() {
    DryRun.Result result =
        run(
            "timing: {digest: weekly, on: tuesday}",
            DryRun.Conditions.NONE,
            at(0, alert("a")),
            at(1, alert("b")));

    assertThat(result.pending()).isEqualTo(2);
    assertThat(result.messages()).isEmpty();
  }

  @Test
  void what_was_before_the_period_only_sets_the_scene() {
    DryRun.Result result =
        DryRun.of(
            PolicyTest.subscription(""),
            List.of(
                at(-10, alert("a")),
                at(1, alert("a").revision(2, Change.WITHDRAWN)),
                at(2, alert("b").revision(2, Change.WITHDRAWN)),
                at(60 * 24 * 4, alert("c"))),
            DryRun.Conditions.NONE,
            T0,
            END);

    assertThat(planned(result)).containsExactly("1 alert a2");
    assertThat(result.matched()).isEqualTo(2);
    assertThat(result.suppressed()).isEqualTo(Map.of(Reason.NEVER_TOLD, 1));
  }

  @Test
  void it_looks_back_ninety_days_unless_told() {
    DryRun.Result result =
        DryRun.of(
            PolicyTest.subscription(""),
            List.of(at(-60 * 24 * 91, alert("a")), at(-60 * 24 * 89, alert("b"))),
            DryRun.Conditions.NONE,
            T0);

    assertThat(result.messages()).hasSize(1);
    assertThat(Json.write(result))
        .isEqualTo(
            "{\"from\":\"2025-12-18T12:00:00Z\",\"to\":\"2026-03-18T12:00:00Z\",\"messages\":"
                + "[{\"at\":\"2025-12-19T12:00:00Z\",\"kind\":\"alert\",\"alerts\":"
                + "[{\"alertId\":\"b\",\"revision\":1}]}],\"matched\":1,\"sent\":1,"
                + "\"suppressed\":{},\"pending\":0}");
  }

  /** Whatever the subscription, the history and what holds back. */
  @ParameterizedTest
  @MethodSource("seeds")
  void nothing_is_lost_told_twice_or_told_when_it_must_not_be(long seed) {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    Subscription subscription = subscription(random);
    List<DryRun.Revision> history = history(random, 60, Duration.ofDays(3));
    DryRun.Conditions conditions = conditions(random);
    Instant to = T0.plus(Duration.ofDays(3));

    DryRun.Result result = DryRun.of(subscription, history, conditions, T0, to);

    SoftAssertions softly = new SoftAssertions();
    softly
        .assertThat(
            result.sent()
                + result.pending()
                + result.suppressed().values().stream().mapToInt(i -> i).sum())
        .as("sent, pending and suppressed")
        .isEqualTo(result.matched());
    softly
        .assertThat(result.matched())
        .isEqualTo(
            (int)
                history.stream()
                    .filter(one -> subscription.filter().reject(one.alert()).isEmpty())
                    .count());
    Map<DryRun.Told, DryRun.Revision> known = new HashMap<>();
    history.forEach(one -> known.put(told(one.alert()), one));
    Set<DryRun.Told> first = new HashSet<>();
    Set<String> alerts = new HashSet<>();
    Instant before = T0;
    for (DryRun.Planned message : result.messages()) {
      softly.assertThat(message.at()).isBetween(before, to);
      before = message.at();
      for (DryRun.Told told : message.alerts()) {
        DryRun.Revision revision = known.get(told);
        Alert alert = revision.alert();
        softly.assertThat(subscription.filter().reject(alert)).isEmpty();
        softly.assertThat(revision.at()).isBeforeOrEqualTo(message.at());
        boolean again = !first.add(told);
        softly.assertThat(again).as("%s in %s", told, message).isEqualTo(again(message));
        if (alert.change() == Change.WITHDRAWN) {
          softly.assertThat(alerts).as("taken back").contains(told.alertId());
        }
        if (subscription.latestOnly() || subscription.timing() instanceof Timing.Grouped) {
          softly
              .assertThat(history)
              .noneMatch(
                  other ->
                      other.alert().id().equals(told.alertId())
                          && other.alert().revision() > told.revision()
                          && other.at().isBefore(message.at()));
        }
        softly
            .assertThat(IntervalTimes.covering(subscription.muteTimes(), INTERVALS, message.at()))
            .isEmpty();
        if (subscription.quiet() != null
            && (subscription.quiet().except() == null
                || alert.severity().compareTo(subscription.quiet().except()) < 0)) {
          softly.assertThat(QuietTimes.endOfQuiet(subscription.quiet(), message.at())).isEmpty();
        }
        softly
            .assertThat(conditions.silences())
            .noneMatch(one -> one.silences(alert, message.at(), INTERVALS));
      }
      message.alerts().forEach(told -> alerts.add(told.alertId()));
    }
    softly.assertThat(first).as("sent").hasSize(result.sent());
    softly
        .assertThat(result)
        .as("with a look at every interval")
        .isEqualTo(DryRun.ofEveryLook(subscription, history, conditions, T0, to));
    softly.assertAll();
  }

  static Stream<Long> seeds() {
    return IntStream.range(0, 80).mapToObj(seed -> (long) seed);
  }

  @Test
  void the_histories_of_the_property_are_rich_enough() {
    Map<DryRun.Kind, Integer> kinds = new HashMap<>();
    Map<Reason, Integer> reasons = new HashMap<>();
    int pending = 0;
    for (long seed = 0; seed < 80; seed++) {
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      Subscription subscription = subscription(random);
      List<DryRun.Revision> history = history(random, 60, Duration.ofDays(3));
      DryRun.Result result =
          DryRun.of(subscription, history, conditions(random), T0, T0.plus(Duration.ofDays(3)));
      result.messages().forEach(one -> kinds.merge(one.kind(), 1, Integer::sum));
      result.suppressed().forEach((reason, n) -> reasons.merge(reason, n, Integer::sum));
      pending += result.pending();
    }

    assertThat(kinds).containsOnlyKeys(DryRun.Kind.values());
    assertThat(kinds.values()).allMatch(n -> n > 20);
    assertThat(reasons)
        .containsKeys(
            Reason.INHIBITION,
            Reason.ACTIVE_TIME,
            Reason.MUTE_TIME,
            Reason.SILENCE,
            Reason.ACKNOWLEDGED,
            Reason.SUPERSEDED,
            Reason.NEVER_TOLD);
    assertThat(pending).isPositive();
  }

  @ParameterizedTest
  @MethodSource("timings")
  void five_thousand_revisions_take_well_under_a_second(String fields) {
    List<DryRun.Revision> history = history(new Random(1), 2_000, Duration.ofDays(90));
    Subscription subscription = PolicyTest.subscription(fields);
    DryRun.Conditions conditions = conditions(new Random(2));
    Instant to = T0.plus(DryRun.PERIOD);

    assertThat(history).hasSizeGreaterThan(5_000);
    long start = System.nanoTime();
    DryRun.Result result = DryRun.of(subscription, history, conditions, to);
    // Generous: a machine may have other things to do.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(result.matched()).isEqualTo(history.size());
  }

  static Stream<String> timings() {
    return Stream.of(
        "quiet-hours: {from: '22:00', to: '07:00'}\nmute-times: [weekend]",
        "timing: {group-by: [alert], group-wait: 30s, group-interval: 5m}\n"
            + "mute-times: [weekend]",
        "timing: {digest: hourly, at: '00:15'}\nactive-times: [office]");
  }

  /** A reminder tells again; so may a group of which an alert was silenced in between. */
  private static boolean again(DryRun.Planned message) {
    return message.kind() == DryRun.Kind.REMINDER;
  }

  private static Subscription subscription(Random random) {
    List<String> fields = new ArrayList<>();
    switch (random.nextInt(4)) {
      case 0 -> {}
      case 1 ->
          fields.add(
              "timing: {digest: "
                  + one(random, "hourly", "daily", "weekly")
                  + ", at: '"
                  + one(random, "00:30", "12:00", "07:45")
                  + "'}");
      default ->
          fields.add(
              "timing: {group-by: "
                  + one(random, "[]", "[alert]", "[agreement]", "[severity, relation]")
                  + ", group-wait: "
                  + one(random, "0s", "30s", "10m")
                  + ", group-interval: "
                  + one(random, "5m", "7m", "1h")
                  + one(random, "", ", repeat-interval: 4h", ", repeat-interval: 90m")
                  + "}");
    }
    if (random.nextBoolean()) {
      fields.add("severity: " + one(random, "low", "medium", "high"));
    }
    if (random.nextInt(4) == 0) {
      fields.add("changes: [opened, escalated, withdrawn]");
    }
    if (random.nextInt(3) == 0) {
      fields.add(
          "quiet-hours: {from: '"
              + one(random, "22:00", "11:00", "00:00")
              + "', to: '"
              + one(random, "07:00", "13:30")
              + one(random, "'}", "', except: critical}"));
    }
    if (random.nextInt(3) == 0) {
      fields.add("mute-times: [" + one(random, "midday", "weekend", "midday, weekend") + "]");
    }
    if (random.nextInt(4) == 0) {
      fields.add("active-times: [" + one(random, "office", "weekend, office", "past") + "]");
    }
    if (random.nextInt(3) == 0) {
      fields.add("latest-only: true");
    }
    return PolicyTest.subscription(String.join("\n", fields));
  }

  /** Revisions of so many alerts, over a time, in order. */
  private static List<DryRun.Revision> history(Random random, int alerts, Duration over) {
    List<DryRun.Revision> all = new ArrayList<>();
    for (int i = 0; i < alerts; i++) {
      Instant at = T0.plusSeconds(random.nextInt((int) over.toSeconds()));
      int revisions = 1 + random.nextInt(5);
      Change change = Change.OPENED;
      for (int revision = 1; revision <= revisions; revision++) {
        if (revision > 1) {
          change = Change.values()[1 + random.nextInt(4)];
        }
        if (at.isBefore(T0.plus(over))) {
          all.add(
              new DryRun.Revision(
                  alert("a" + i)
                      .revision(revision, change)
                      .severity(Severity.values()[random.nextInt(4)])
                      .agreement("pact-" + i % 5, "pact-" + i % 5 + "-1")
                      .build(),
                  at));
        }
        at = at.plusSeconds(random.nextInt(3) == 0 ? 0 : random.nextInt(60_000));
      }
    }
    all.sort(Comparator.comparing(DryRun.Revision::at));
    return all;
  }

  private static DryRun.Conditions conditions(Random random) {
    List<InhibitRule> rules = new ArrayList<>();
    if (random.nextInt(3) == 0) {
      rules.add(
          new InhibitRule(
              "r",
              Matchers.parse("severity=critical"),
              Matchers.parse("severity=~\"low|medium\""),
              List.of(AlertLabel.AGREEMENT)));
    }
    List<Silence> silences = new ArrayList<>();
    while (random.nextInt(3) == 0) {
      silences.add(
          silence(
              "matchers: "
                  + one(random, "severity=high", "agreement=pact-1", "alert=~\"a1.*\"")
                  + "\nlasts: "
                  + one(random, "5h", "2d")
                  + one(random, "", "\nat-end: drop", "\nduring: [office]")));
    }
    List<Acknowledgement> acknowledgements = new ArrayList<>();
    while (random.nextInt(8) > 0) {
      Instant at = T0.plusSeconds(random.nextInt(250_000));
      acknowledgements.add(
          new Acknowledgement(
              "a" + random.nextInt(60),
              "jo",
              null,
              at,
              random.nextBoolean() ? null : at.plusSeconds(random.nextInt(200_000)),
              1 + random.nextInt(2),
              Status.AGREED));
    }
    return conditions(rules, silences, acknowledgements);
  }

  private static String one(Random random, String... all) {
    return all[random.nextInt(all.length)];
  }

  private static DryRun.Conditions conditions(
      List<InhibitRule> rules, List<Silence> silences, List<Acknowledgement> acknowledgements) {
    return new DryRun.Conditions(INTERVALS, rules, silences, acknowledgements);
  }

  private static Silence silence(String fields) {
    return Silence.read(
        Yaml.parse("request", fields + "\ncomment: known"), "s1", "jo", T0, INTERVALS::containsKey);
  }

  private static TimeInterval named(String name, String span) {
    return TimeInterval.read(
        Yaml.parse("some.yaml", "name: " + name + "\nintervals: [{" + span + "}]"));
  }

  private static Instant minute(int minute) {
    return T0.plus(Duration.ofMinutes(minute));
  }

  private static DryRun.Revision at(int minute, AlertBuilder alert) {
    return new DryRun.Revision(alert.build(), minute(minute));
  }

  private static DryRun.Told told(Alert alert) {
    return new DryRun.Told(alert.id(), alert.revision());
  }

  private static DryRun.Result run(
      String fields, DryRun.Conditions conditions, DryRun.Revision... revisions) {
    return DryRun.of(PolicyTest.subscription(fields), List.of(revisions), conditions, T0, END);
  }

  private static List<String> planned(String fields, DryRun.Revision... revisions) {
    return planned(run(fields, DryRun.Conditions.NONE, revisions));
  }

  /** Minutes since T0, kind, and what is told. */
  private static List<String> planned(DryRun.Result result) {
    return result.messages().stream()
        .map(
            one -> {
              long seconds = Duration.between(T0, one.at()).toSeconds();
              return seconds / 60
                  + (seconds % 60 == 0 ? "" : ".5")
                  + " "
                  + one.kind().label()
                  + one.alerts().stream()
                      .map(told -> " " + told.alertId() + told.revision())
                      .collect(Collectors.joining());
            })
        .toList();
  }
}
