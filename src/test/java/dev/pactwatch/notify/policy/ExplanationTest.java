package dev.pactwatch.notify.policy;

import static dev.pactwatch.notify.subscription.AlertBuilder.alert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.subscription.Filter;
import dev.pactwatch.notify.subscription.Subscription;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {

  /** A Wednesday. */
  private static final Instant NOON = Instant.parse("2026-03-18T12:00:00Z");

  @Test
  void every_criterion_is_asked_with_the_values_of_both_sides() {
    Explanation found =
        explain(
            "severity: high\norganisations: [lumen, zeta]\ntext: [sole cloud]\n"
                + "except: [{relations: [conflict]}]",
            alert("a").severity(Severity.MEDIUM).title("A deal").build());

    assertThat(found.verdict()).isEqualTo(Explanation.Verdict.NOT_WANTED);
    assertThat(found.filter())
        .extracting(Filter.Check::criterion)
        .containsExactly(Filter.Rejection.values());
    assertThat(found.text())
        .contains(
            "  HOLD severity: wants high or above; the alert has medium",
            "  pass organisation: wants lumen, zeta; the alert has borealis, lumen, tidewater",
            "  HOLD text: wants \"sole cloud\"; the alert has \"A deal\"",
            "  HOLD excepted: wants nothing of relation conflict; the alert has relation conflict",
            "  pass status: wants any; the alert has agreed");
  }

  @Test
  void it_never_contradicts_the_filter() {
    for (String fields :
        List.of("severity: high", "changes: [opened]", "types: [litigation]", "certain: true")) {
      Subscription subscription = PolicyTest.subscription(fields);
      for (Severity severity : Severity.values()) {
        Alert one = alert("a").severity(severity).revision(2, Change.UPDATED).build();
        assertThat(
                explain(fields, one).filter().stream()
                    .filter(check -> !check.passed())
                    .map(Filter.Check::criterion)
                    .findFirst())
            .isEqualTo(subscription.filter().reject(one));
      }
    }
  }

  @Test
  void every_stage_answers_and_the_verdict_says_until_when() {
    Explanation found =
        explain(
            "quiet-hours: {from: '11:00', to: '14:00'}",
            alert("a").build(),
            alert("a").revision(2, Change.ESCALATED).build());

    assertThat(found.stages())
        .extracting(Explanation.Step::stage)
        .containsExactly(
            "history",
            "inhibition",
            "active-time",
            "mute-time",
            "silence",
            "acknowledgement",
            "quiet-hours");
    assertThat(found.verdict()).isEqualTo(Explanation.Verdict.WAITS);
    assertThat(found.reviewAt()).isEqualTo("2026-03-18T14:00:00Z");
    assertThat(found.text())
        .contains(
            "  revision 1 (opened): wanted",
            "  HOLD quiet-hours: quiet-hours until 2026-03-18T14:00:00Z",
            "  timing: at-once",
            "verdict: waits, to be decided on again at 2026-03-18T14:00:00Z");
    assertThat(Json.write(found)).contains("\"verdict\":\"waits\"", "\"criterion\":\"event-type\"");
  }

  @Test
  void the_next_look_or_digest_is_named() {
    assertThat(
            explain("timing: {group-by: [severity], group-wait: 30s}", alert("a").build()).timing())
        .isEqualTo(new Explanation.When("group", "desk:{severity=\"high\"}", NOON.plusSeconds(30)));
    assertThat(explain("timing: {digest: daily, at: '13:00'}", alert("a").build()).timing())
        .isEqualTo(new Explanation.When("digest", null, NOON.plusSeconds(3600)));
  }

  @Test
  void hostile_words_stay_on_their_line() {
    String title = "x\u001b[2J\nverdict: told\u202e";

    List<String> lines = explain("text: [nothing]", alert("a").title(title).build()).text();

    assertThat(lines)
        .contains(
            "  HOLD text: wants \"nothing\"; the alert has"
                + " \"x<U+001B>[2J verdict: told<U+202E>\"");
    assertThat(lines).noneMatch(line -> line.equals("verdict: told"));
  }

  private static Explanation explain(String fields, Alert... revisions) {
    return Explanation.of(
        PolicyTest.subscription(fields), Arrays.asList(revisions), NOON, PolicyState.EMPTY, null);
  }
}
