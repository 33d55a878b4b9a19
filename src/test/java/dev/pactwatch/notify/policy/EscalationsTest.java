package dev.pactwatch.notify.policy;

import static dev.pactwatch.notify.subscription.AlertBuilder.alert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.tagging.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscalationsTest {

  private static final Instant T0 = Instant.parse("2026-03-18T12:00:00Z");
  private static final Alert ALERT = alert("a").build();

  private final Escalation escalation =
      read("steps: [{after: 15m, notify: duty}, {after: 1h, notify: [lead, counsel]}]\nrepeat: 1");

  private final List<String> told = new ArrayList<>();
  private Escalations.Run run = new Escalations.Run(T0, 0);

  @Test
  void every_step_comes_at_its_time_in_every_round() {
    Instant at = T0;
    while (at != null) {
      at = look(ALERT, null, at);
    }

    assertThat(told)
        .containsExactly(
            "0.0 +15m [duty]",
            "0.1 +60m [lead, counsel]",
            "1.0 +75m [duty]",
            "1.1 +120m [lead, counsel]");
  }

  @Test
  void whoever_looks_late_finds_all_that_fell_due() {
    assertThat(look(ALERT, null, T0.plus(Duration.ofMinutes(80))))
        .isEqualTo(T0.plus(Duration.ofMinutes(120)));
    assertThat(told).hasSize(3);
  }

  @Test
  void an_acknowledgement_stops_it_and_its_end_begins_it_anew() {
    look(ALERT, null, T0.plus(Duration.ofMinutes(15)));
    Acknowledgement ack = ack(T0.plus(Duration.ofMinutes(20)), T0.plus(Duration.ofMinutes(50)));

    assertThat(look(ALERT, ack, T0.plus(Duration.ofMinutes(30))))
        .isEqualTo(T0.plus(Duration.ofMinutes(50)));
    assertThat(look(ALERT, ack, T0.plus(Duration.ofMinutes(50))))
        .isEqualTo(T0.plus(Duration.ofMinutes(65)));
    look(ALERT, ack, T0.plus(Duration.ofMinutes(65)));
    look(ALERT, ack, T0.plus(Duration.ofMinutes(110)));

    assertThat(told)
        .containsExactly("0.0 +15m [duty]", "0.0 +65m [duty]", "0.1 +110m [lead, counsel]");
  }

  @Test
  void one_without_an_end_stops_it_until_the_alert_moves() {
    Acknowledgement ack = ack(T0.plus(Duration.ofMinutes(1)), null);

    assertThat(look(ALERT, ack, T0.plus(Duration.ofMinutes(90)))).isNull();
    assertThat(told).isEmpty();

    Alert moved = alert("a").revision(2, Change.ESCALATED).status(Status.EXPANDED).build();
    assertThat(look(moved, ack, T0.plus(Duration.ofMinutes(100))))
        .isEqualTo(T0.plus(Duration.ofMinutes(115)));
  }

  @Test
  void what_is_withdrawn_or_no_longer_matches_has_no_further_steps() {
    Instant late = T0.plus(Duration.ofMinutes(90));

    assertThat(look(alert("a").revision(2, Change.WITHDRAWN).build(), null, late)).isNull();
    assertThat(look(alert("a").severity(Severity.LOW).build(), null, late)).isNull();
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "steps: []|steps: must hold 1 to 20 steps, not 0",
        "steps: [{after: 0s, notify: a}]|steps[0].after: must be 1s or more",
        "steps: [{after: 2h, notify: a}, {after: 1h, notify: b}]|steps[1].after: must be longer",
        "steps: [{after: 2h, notify: []}]|steps[0].notify: names nobody",
        "{steps: [{after: 2h, notify: a}], repeat: 6}|repeat: must lie between 0 and 5, not 6",
      })
  void a_mistake_is_named(String fields, String complaint) {
    String text = fields.startsWith("{") ? fields.substring(1, fields.length() - 1) : fields;

    assertThatThrownBy(() -> read(text.replace(", repeat", "\nrepeat")))
        .hasMessageContaining(complaint);
  }

  private Instant look(Alert alert, Acknowledgement ack, Instant now) {
    Escalations.Result result = Escalations.due(escalation, run, alert, ack, now);
    run = result.next();
    for (Escalations.Due due : result.steps()) {
      told.add(
          due.round()
              + "."
              + due.number()
              + " +"
              + Duration.between(T0, due.at()).toMinutes()
              + "m "
              + due.subscriptions());
    }
    return result.nextAt();
  }

  private static Acknowledgement ack(Instant at, Instant until) {
    return new Acknowledgement("a", "jo", "on it", at, until, 1, Status.AGREED);
  }

  private static Escalation read(String fields) {
    return Escalation.read(Yaml.parse("some.yaml", "id: one\nmatchers: severity=high\n" + fields));
  }
}
