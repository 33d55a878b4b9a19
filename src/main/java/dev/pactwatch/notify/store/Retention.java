package dev.pactwatch.notify.store;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** Throws away what is done and older than anybody asks for. What is owed or open stays. */
public final class Retention {

  private static final List<String> STATEMENTS =
      List.of(
          "DELETE FROM attempt WHERE started_at < :before",
          "DELETE FROM message WHERE due_at IS NULL AND made_at < :before",
          "DELETE FROM matched WHERE state <> 'pending' AND due_at IS NULL AND changed_at < :before",
          "DELETE FROM silence WHERE ends_at < :before",
          "DELETE FROM acknowledgement WHERE until_at < :before",
          "DELETE FROM alert_revision WHERE received_at < :before AND alert_id IN (SELECT alert_id"
              + " FROM alert_latest WHERE received_at < :before) AND NOT EXISTS (SELECT 1 FROM"
              + " matched m WHERE m.alert_id = alert_revision.alert_id)",
          "DELETE FROM escalation WHERE NOT EXISTS (SELECT 1 FROM alert_revision r"
              + " WHERE r.alert_id = escalation.alert_id)",
          "DELETE FROM alert_latest WHERE received_at < :before AND NOT EXISTS (SELECT 1 FROM"
              + " alert_revision r WHERE r.alert_id = alert_latest.alert_id)");

  private Retention() {}

  /** In one transaction. */
  public static void prune(Handle handle, Instant before) {
    for (String statement : STATEMENTS) {
      Update update = handle.createUpdate(statement);
      if (statement.contains(":before")) {
        update.bind("before", before.toEpochMilli());
      }
      update.execute();
    }
  }
}
