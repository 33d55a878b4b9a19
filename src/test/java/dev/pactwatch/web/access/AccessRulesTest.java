package dev.pactwatch.web.access;

import static dev.pactwatch.web.access.AccessRules.Needs.ADMIN;
import static dev.pactwatch.web.access.AccessRules.Needs.EDITOR;
import static dev.pactwatch.web.access.AccessRules.Needs.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessRulesTest {

  @ParameterizedTest
  @CsvSource({
    "GET, /, VIEWER",
    "HEAD, /api/alerts, VIEWER",
    "GET, /api/alerts/, VIEWER",
    "GET, /api/alerts/x/history, VIEWER",
    "GET, /alerts/stream, VIEWER",
    "POST, /api/alerts/x/ack, EDITOR",
    "PUT, /api/agreements/x, EDITOR",
    "GET, /api/agreements/audit, ADMIN",
    "GET, /api/agreements/%61udit, ADMIN",
    "GET, /api/agreements/audit/, ADMIN",
    "GET, /api/agreements/x/audit, ADMIN",
    "DELETE, /api/tokens/x, ADMIN",
    "GET, /q/health, NOTHING",
    "GET, /q/health/ready, NOTHING",
    "GET, /q/metrics, VIEWER",
    "POST, /websub/a/b/c, SECRET",
    "GET, /feeds/alerts/secret/atom.xml, SECRET",
    "POST, /unsubscribe/secret, SECRET",
  })
  void aRequestNeeds(String method, String path, AccessRules.Needs needs) {
    assertThat(AccessRules.needs(method, AccessRules.segments(path).orElseThrow())).hasValue(needs);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nowhere",
    "GET, /q",
    "GET, /q/dev",
    "GET, /q/healthy",
    "GET, /q/openapi",
    "POST, /q/metrics",
    "POST, /",
    "TRACE, /",
    "OPTIONS, /api/alerts",
    "get, /",
    "GET, /websub/a/b",
    "GET, /unsubscribe",
    "GET, /unsubscribe/a/b",
    "GET, /API/alerts",
  })
  void whatIsNotListedIsForNobody(String method, String path) {
    assertThat(AccessRules.needs(method, AccessRules.segments(path).orElseThrow())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//api/alerts",
        "/api//alerts",
        "/api/agreements/audit;x=1",
        "/api/agreements/audit%3Bx",
        "/api/agreements%2Faudit",
        "/api/agreements/x%5Caudit",
        "/q/health/%2e%2e/metrics",
        "/q/health/..",
        "/q/health/./x",
        "/a/%00",
        "/a/%zz",
        "/a/%",
      })
  void aPathThatCanBeReadInTwoWaysIsNotRead(String path) {
    assertThat(AccessRules.segments(path)).isEmpty();
  }

  @Test
  void aRoleMayWhatThoseBelowItMay() {
    for (AccessRole role : AccessRole.values()) {
      assertThat(VIEWER.isMetBy(role)).isTrue();
      assertThat(EDITOR.isMetBy(role)).isEqualTo(role != AccessRole.VIEWER);
      assertThat(ADMIN.isMetBy(role)).isEqualTo(role == AccessRole.ADMIN);
    }
    for (AccessRules.Needs needs : List.of(VIEWER, EDITOR, ADMIN)) {
      assertThat(needs.isMetBy(null)).isFalse();
    }
  }
}
