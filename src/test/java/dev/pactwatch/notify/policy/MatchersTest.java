package dev.pactwatch.notify.policy;

import static dev.pactwatch.notify.subscription.AlertBuilder.alert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.tagging.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatchersTest {

  private static final Alert ALERT =
      alert("a1")
          .severity(Severity.HIGH)
          .status(Status.FILED)
          .parties("lumen", "tidewater-cloud")
          .counterparties("tidewater-cloud")
          .publishers("Harbour Wire", "The Ledger")
          .build();

  private static final Alert BARE = alert("a2").counterparties().build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "alert=a1",
        "alert=\"a1\"",
        "{ alert = \"a1\" , severity=high, }",
        "agreement=pact",
        "agreement=\"pact-1\"",
        "agreement!=pact-2",
        "relation=conflict",
        "event-type=litigation",
        "status=filed",
        "severity!=low",
        "severity=~\"high|critical\"",
        "certainty=certain",
        "change=opened",
        "organisation=lumen",
        "organisation=borealis",
        "organisation=~\".*-cloud\"",
        "organisation!=else",
        "organisation!~\"cloud\"",
        "counterparty=tidewater-cloud",
        "counterparty!=lumen",
        "publisher=\"The Ledger\"",
        "publisher=\"Harbour Wire group\"",
        "publisher=~\"(?i)the ledger\"",
        "organisation=~\"x\\\\.y|lumen\"",
      })
  void what_holds_of_an_alert_matches(String text) {
    assertThat(Matchers.parse(text).matches(ALERT)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alert=a2",
        "alert=a1, severity=low",
        "agreement!=pact",
        "organisation!=lumen",
        "organisation=~\"lum\"",
        "organisation=~\"ume\"",
        "organisation!~\"tide.*\"",
        "counterparty=\"\"",
        "publisher=ledger",
        "alert=~\"A1\"",
        "counterparty!~\".+\"",
      })
  void what_does_not_hold_of_it_does_not(String text) {
    assertThat(Matchers.parse(text).matches(ALERT)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "counterparty=\"\"|true",
        "counterparty!=\"\"|false",
        "counterparty=~\".*\"|true",
        "counterparty=~\".+\"|false",
        "counterparty!~\".+\"|true",
        "counterparty!=tidewater|true",
      })
  void a_missing_label_is_an_empty_one(String text, boolean matches) {
    assertThat(Matchers.parse(text).matches(BARE)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "severity|at character 9: one of = != =~ !~ is expected",
        "severity>low|at character 9: one of = != =~ !~ is expected, not '>'",
        "severity=|at character 10: a value is expected",
        "severity=loud|at character 10: 'loud' is no value of severity; one of low, medium, high",
        "alert=a, size=3|at character 10: 'size' is no label; one of alert, agreement, relation",
        "alert=\"a|at character 7: the quotation mark is not closed",
        "alert=a severity=low|at character 9: ',' or the end is expected, not 's'",
        "{alert=a|at character 9: '}' is missing",
        "alert=a}|at character 8: ',' or the end is expected, not '}'",
        "=a|at character 1: the name of a label is expected, not '='",
        ",|at character 1: the name of a label is expected, not ','",
        "alert=a, organisation=~\"a(b\"|at character 10: organisation is no regular expression",
        "organisation=~\"(a{40}){40}\"|at character 1: organisation repeats parts of the",
        "organisation=~\"(?=a)b\"|at character 1: organisation is no regular expression",
      })
  void a_mistake_is_named_with_its_place(String text, String complaint) {
    assertThatThrownBy(() -> Matchers.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(complaint);
  }

  @Test
  void what_is_written_is_read_again() {
    Matchers read =
        Matchers.parse("publisher=\"a \\\"b\\\" \\\\ c\\nd\", organisation=~\"x\\\\.y\", alert!=z");

    assertThat(Matchers.parse(read.toString())).isEqualTo(read);
    assertThat(read.all().get(0).value()).isEqualTo("a \"b\" \\ c\nd");
    assertThat(read.all().get(1).value()).isEqualTo("x\\.y");
  }

  @Test
  void a_field_names_its_line() {
    Yaml root = Yaml.parse("some.yaml", "one:\n  - alert=a\n  - severity=loud\ntwo: []\n");

    assertThatThrownBy(() -> Matchers.read(root.need("one")))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("some.yaml:3: one[1]: at character 10: 'loud'");
    assertThatThrownBy(() -> Matchers.read(root.need("two")))
        .hasMessageStartingWith("some.yaml:4: two: names no condition");
  }
}
