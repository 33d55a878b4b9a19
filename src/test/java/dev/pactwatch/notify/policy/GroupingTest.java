package dev.pactwatch.notify.policy;

import static dev.pactwatch.notify.subscription.AlertBuilder.alert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.Timing;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupingTest {

  private static final Instant T0 = Instant.parse("2026-03-18T12:00:00Z");

  private final Subscription subscription =
      PolicyTest.subscription(
          "timing: {group-by: [agreement], group-wait: 30s, group-interval: 5m, repeat-interval:"
              + " 4h}");

  private final Set<String> held = new HashSet<>();
  private final Set<String> acknowledged = new HashSet<>();
  private GroupState state;

  /** Alertmanager's table, row by row. Revisions are written a1, b2. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      emptyValue = "",
      value = {
        // 1: no message yet
        "none|''|''|''|a1|''|true|first-notification",
        "none|''|''|''|''|a1|true|nothing-open",
        // 2: open ones that the last message did not tell
        "10|a1|''|''|a1 b1|''|true|new-alerts-in-group",
        "10|a1|''|''|a2|''|true|new-alerts-in-group",
        "10|''|a1|''|b1|''|true|new-alerts-in-group",
        "10|a1|''|''|b1|a1|true|new-alerts-in-group",
        // 3: none open any more
        "10|a1|''|''|''|a2|true|all-withdrawn",
        "10|a1|''|''|''|a2|false|all-withdrawn",
        "300|''|a2|''|''|a2|true|nothing-open",
        "300|''|a2|''|''|b2|true|nothing-open",
        // 4: one more withdrawn
        "10|a1 b1|''|''|a1|b2|true|new-withdrawn",
        "10|a1 b1|''|''|a1|b2|false|nothing-new",
        "10|a1|b2|''|a1|b2|true|nothing-new",
        "10|a1|b2|''|a1|b3|true|new-withdrawn",
        // 5: the same again, after a while
        "240|a1|''|''|a1|''|true|nothing-new",
        "241|a1|''|''|a1|''|true|repeat-interval-elapsed",
        "241|a1 b1|''|''|a1|''|true|repeat-interval-elapsed",
        "241|a1|''|none|a1|''|true|nothing-new",
      })
  void a_group_is_told_when_the_table_says_so(
      Integer minutesAgo,
      String toldOpen,
      String toldWithdrawn,
      String repeat,
      String open,
      String withdrawn,
      boolean wantsWithdrawals,
      String why) {
    GroupState.Told told =
        minutesAgo == null
            ? null
            : new GroupState.Told(
                T0.minus(Duration.ofMinutes(minutesAgo)),
                revisions(toldOpen),
                revisions(toldWithdrawn));

    assertThat(
            Grouping.why(
                    told,
                    revisions(open),
                    revisions(withdrawn),
                    wantsWithdrawals,
                    repeat == null ? null : Duration.ofHours(4),
                    T0)
                .label())
        .isEqualTo(why);
  }

  @Nested
  class Timers {

    @Test
    void a_group_waits_for_others_and_is_then_told_of_all() {
      add("a", 1, Change.OPENED, T0);
      add("b", 1, Change.OPENED, T0.plusSeconds(20));

      assertThat(state.next()).isEqualTo(T0.plusSeconds(30));
      assertThat(flush(state.next()).tell())
          .containsExactlyInAnyOrderEntriesOf(Map.of("a", 1, "b", 1));
    }

    @Test
    void one_that_has_waited_already_is_told_at_once() {
      state = Grouping.add(null, timing(), alert("a").build(), T0.minusSeconds(31), T0);

      assertThat(state.next()).isEqualTo(T0);
    }

    @Test
    void what_is_added_later_waits_for_the_next_regular_look() {
      add("a", 1, Change.OPENED, T0);
      flush(T0.plusSeconds(30));
      add("b", 1, Change.OPENED, T0.plusSeconds(40));

      assertThat(state.next()).isEqualTo(T0.plusSeconds(330));
      assertThat(flush(state.next()).tell()).isEqualTo(Map.of("b", 1));

      add("c", 1, Change.OPENED, T0.plusSeconds(330 + 601));
      assertThat(state.next()).isEqualTo(T0.plusSeconds(330 + 900));
    }

    @Test
    void what_is_open_is_told_again_after_the_repeat_interval() {
      add("a", 1, Change.OPENED, T0);
      flush(T0.plusSeconds(30));

      // Regular looks are at 30 s and then every 5 min; the table asks for more than 4 h.
      Instant repeat = T0.plusSeconds(30).plus(Duration.ofHours(4)).plus(Duration.ofMinutes(5));
      assertThat(state.next()).isEqualTo(repeat);
      Grouping.Flush again = flush(repeat);
      assertThat(again.why()).isEqualTo(Grouping.Why.REPEAT_INTERVAL_ELAPSED);
      assertThat(again.tell()).isEqualTo(Map.of("a", 1));
    }

    @Test
    void what_is_acknowledged_is_not_repeated() {
      acknowledged.add("a");
      add("a", 1, Change.OPENED, T0);
      add("b", 1, Change.OPENED, T0);
      flush(T0.plusSeconds(30));

      assertThat(flush(state.next()).tell()).isEqualTo(Map.of("b", 1));
      acknowledged.add("b");
      assertThat(flush(T0.plus(Duration.ofDays(1))).why()).isEqualTo(Grouping.Why.NOTHING_NEW);
      assertThat(state.next()).isEqualTo(T0.plus(Duration.ofDays(1)).plus(Duration.ofMinutes(5)));
    }

    @Test
    void a_group_that_has_come_to_its_end_begins_anew() {
      add("a", 1, Change.OPENED, T0);
      flush(T0.plusSeconds(30));
      add("a", 2, Change.WITHDRAWN, T0.plusSeconds(100));
      Grouping.Flush end = flush(state.next());

      assertThat(end.why()).isEqualTo(Grouping.Why.ALL_WITHDRAWN);
      assertThat(end.tell()).isEqualTo(Map.of("a", 2));
      assertThat(state.next()).isNull();
      add("b", 1, Change.OPENED, T0.plusSeconds(1000));
      assertThat(state.next()).isEqualTo(T0.plusSeconds(1030));
      assertThat(flush(state.next()).why()).isEqualTo(Grouping.Why.NEW_ALERTS_IN_GROUP);
    }

    @Test
    void an_older_revision_changes_nothing() {
      add("a", 2, Change.UPDATED, T0);
      GroupState before = state;
      add("a", 1, Change.OPENED, T0.plusSeconds(5));

      assertThat(state).isEqualTo(before);
    }
  }

  @Test
  void an_alert_that_is_held_back_is_told_when_that_is_over() {
    held.add("a");
    add("a", 1, Change.OPENED, T0);

    assertThat(flush(state.next()).why()).isEqualTo(Grouping.Why.ALL_HELD);
    assertThat(state.next()).isEqualTo(T0.plusSeconds(330));
    held.clear();
    assertThat(flush(state.next()).why()).isEqualTo(Grouping.Why.FIRST_NOTIFICATION);
  }

  @Test
  void what_was_told_before_it_was_held_back_is_not_told_again() {
    add("a", 1, Change.OPENED, T0);
    flush(T0.plusSeconds(30));
    held.add("a");
    add("b", 1, Change.OPENED, T0.plusSeconds(40));
    assertThat(flush(state.next()).tell()).isEqualTo(Map.of("b", 1));
    held.clear();

    assertThat(flush(state.next()).tell()).isEmpty();
  }

  @Test
  void what_was_never_told_leaves_the_group_without_a_word() {
    add("a", 1, Change.WITHDRAWN, T0);
    Grouping.Flush flush =
        Grouping.flush(
            subscription,
            state,
            id -> new Decision.Suppress(Reason.NEVER_TOLD, null, null),
            id -> false,
            T0.plusSeconds(30));

    assertThat(flush.tell()).isEmpty();
    assertThat(flush.next().members()).isEmpty();
    assertThat(flush.next().next()).isNull();
  }

  @Test
  void who_wants_no_withdrawals_gets_no_message_of_them() {
    Subscription openings =
        PolicyTest.subscription("changes: [opened]\ntiming: {group-by: [], group-wait: 0s}");
    GroupState one =
        Grouping.add(null, (Timing.Grouped) openings.timing(), alert("a").build(), T0, T0);
    one = Grouping.flush(openings, one, id -> new Decision.Tell(), id -> false, T0).next();
    one =
        Grouping.add(
            one,
            (Timing.Grouped) openings.timing(),
            alert("a").revision(2, Change.WITHDRAWN).build(),
            T0,
            T0);

    Grouping.Flush end =
        Grouping.flush(openings, one, id -> new Decision.Tell(), id -> false, one.next());
    assertThat(end.tell()).isEmpty();
    assertThat(end.next().told().open()).isEmpty();
  }

  @Test
  void what_was_told_long_ago_is_left_behind_where_nothing_is_repeated() {
    Subscription once = PolicyTest.subscription("timing: {group-by: [], group-wait: 0s}");
    Timing.Grouped timing = (Timing.Grouped) once.timing();
    GroupState one = Grouping.add(null, timing, alert("a").build(), T0, T0);
    one = Grouping.flush(once, one, id -> new Decision.Tell(), id -> false, T0).next();
    Instant later = T0.plus(Duration.ofDays(31));
    one = Grouping.add(one, timing, alert("b").build(), later, later);

    Grouping.Flush flush =
        Grouping.flush(once, one, id -> new Decision.Tell(), id -> false, one.next());
    assertThat(flush.tell()).isEqualTo(Map.of("b", 1));
    assertThat(flush.next().members()).containsOnlyKeys("b");
  }

  @Test
  void the_state_is_the_same_after_it_was_kept() throws IOException {
    add("a", 1, Change.OPENED, T0);
    flush(T0.plusSeconds(30));
    add("b", 2, Change.UPDATED, T0.plusSeconds(40));

    assertThat(Json.read(Json.write(state), GroupState.class)).isEqualTo(state);
    assertThat(state.without("b").members()).containsOnlyKeys("a");
  }

  @Test
  void the_key_of_a_group_names_what_its_alerts_have_in_common() {
    Alert alert =
        alert("a\"b").severity(Severity.LOW).agreement("pact", "pact-7").parties("z", "b").build();

    assertThat(key("group-by: []", alert)).isEqualTo("desk:{}");
    assertThat(key("group-by: [agreement, severity]", alert))
        .isEqualTo("desk:{agreement=\"pact\",severity=\"low\"}");
    assertThat(key("group-by: [alert, relation, event-type, status]", alert))
        .isEqualTo(
            "desk:{alert=\"a\\\"b\",relation=\"conflict\",event-type=\"cloud-partnership\","
                + "status=\"agreed\"}");
    assertThat(key("group-by: [organisations]", alert))
        .isEqualTo("desk:{organisations=\"b borealis lumen tidewater z\"}");
  }

  private static String key(String timing, Alert alert) {
    return GroupKey.of(PolicyTest.subscription("timing: {" + timing + "}"), alert);
  }

  private Timing.Grouped timing() {
    return (Timing.Grouped) subscription.timing();
  }

  private void add(String id, int revision, Change change, Instant now) {
    state = Grouping.add(state, timing(), alert(id).revision(revision, change).build(), now, now);
  }

  private Grouping.Flush flush(Instant now) {
    Grouping.Flush flush =
        Grouping.flush(
            subscription,
            state,
            id ->
                held.contains(id)
                    ? new Decision.Suppress(Reason.SILENCE, "s", null)
                    : new Decision.Tell(),
            acknowledged::contains,
            now);
    state = flush.next();
    return flush;
  }

  private static Map<String, Integer> revisions(String text) {
    Map<String, Integer> read = new TreeMap<>();
    for (String one : text.isEmpty() ? new String[0] : text.split(" ")) {
      read.put(one.substring(0, 1), Integer.valueOf(one.substring(1)));
    }
    return read;
  }
}
