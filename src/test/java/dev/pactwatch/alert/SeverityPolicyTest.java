package dev.pactwatch.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.matching.Certainty;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.Status;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeverityPolicyTest {

  @ParameterizedTest
  @CsvSource({
    "DISPUTE, FILED, CERTAIN, 1, CRITICAL",
    "DISPUTE, APPEALED, CERTAIN, 1, CRITICAL",
    "DISPUTE, FILED, POSSIBLE, 1, HIGH",
    "DISPUTE, FILED, POSSIBLE, 5, HIGH",
    "DISPUTE, THREATENED, CERTAIN, 1, HIGH",
    "DISPUTE, THREATENED, CERTAIN, 9, HIGH",
    "DISPUTE, SETTLED, CERTAIN, 1, HIGH",
    "CONFLICT, AGREED, CERTAIN, 1, HIGH",
    "CONFLICT, EXPANDED, CERTAIN, 3, HIGH",
    "CONFLICT, AGREED, POSSIBLE, 1, MEDIUM",
    "CONFLICT, AGREED, POSSIBLE, 3, HIGH",
    "CONFLICT, IN_TALKS, CERTAIN, 2, MEDIUM",
    "CONFLICT, IN_TALKS, CERTAIN, 3, HIGH",
    "CONFLICT, IN_TALKS, POSSIBLE, 1, LOW",
    "CONFLICT, IN_TALKS, POSSIBLE, 3, MEDIUM",
    "ENDING, ENDED, CERTAIN, 1, HIGH",
    "ENDING, IN_TALKS, POSSIBLE, 1, LOW",
    "AMENDMENT, AMENDED, CERTAIN, 1, MEDIUM",
    "AMENDMENT, EXPANDED, POSSIBLE, 1, LOW",
    "TOUCHES, AGREED, CERTAIN, 9, LOW",
  })
  void severityFollowsTheTable(
      Relation relation, Status status, Certainty certainty, int independent, Severity severity) {
    assertThat(SeverityPolicy.of(relation, status, certainty, independent)).isEqualTo(severity);
  }
}
