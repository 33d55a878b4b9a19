package dev.pactwatch.notify.store;

import dev.pactwatch.json.Json;
import dev.pactwatch.notify.policy.Escalations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** When digests and steps of escalations are due. */
public final class ScheduleTable {

  /**
   * @param escalation its id
   * @param run how far it has come
   */
  public record Step(String alertId, String escalation, Escalations.Run run) {}

  private ScheduleTable() {}

  /** Subscriptions whose digest is due, locked; what another instance has locked is left out. */
  public static List<String> dueDigests(Handle handle, Instant now, int limit) {
    return handle
        .createQuery(
            "SELECT subscription FROM digest WHERE next_at <= :now ORDER BY next_at LIMIT :limit"
                + " FOR UPDATE SKIP LOCKED")
        .bind("now", now.toEpochMilli())
        .bind("limit", limit)
        .mapTo(String.class)
        .list();
  }

  /** When the next digest of a subscription is due. */
  public static Optional<Instant> digest(Handle handle, String subscription) {
    return handle
        .createQuery("SELECT next_at FROM digest WHERE subscription = :subscription")
        .bind("subscription", subscription)
        .mapTo(Long.class)
        .findFirst()
        .map(Instant::ofEpochMilli);
  }

  /** Sets when the next digest is due; null for none. */
  public static void digest(Handle handle, String subscription, Instant next) {
    handle
        .createUpdate("DELETE FROM digest WHERE subscription = :subscription")
        .bind("subscription", subscription)
        .execute();
    if (next != null) {
      handle
          .createUpdate("INSERT INTO digest (subscription, next_at) VALUES (:subscription, :next)")
          .bind("subscription", subscription)
          .bind("next", next.toEpochMilli())
          .execute();
    }
  }

  /** Steps that are due, locked; what another instance has locked is left out. */
  public static List<Step> dueSteps(Handle handle, Instant now, int limit) {
    return handle
        .createQuery(
            "SELECT alert_id, escalation, state FROM escalation WHERE next_at <= :now"
                + " ORDER BY next_at LIMIT :limit FOR UPDATE SKIP LOCKED")
        .bind("now", now.toEpochMilli())
        .bind("limit", limit)
        .map((row, context) -> step(row))
        .list();
  }

  /** Begins an escalation of an alert where none has begun; otherwise it is looked at anew. */
  public static void escalate(Handle handle, String alertId, String escalation, Instant now) {
    int known =
        handle
            .createUpdate(
                "UPDATE escalation SET next_at = :now WHERE alert_id = :alert"
                    + " AND escalation = :escalation")
            .bind("alert", alertId)
            .bind("escalation", escalation)
            .bind("now", now.toEpochMilli())
            .execute();
    if (known == 0) {
      handle
          .createUpdate(
              "INSERT INTO escalation (alert_id, escalation, state, next_at)"
                  + " VALUES (:alert, :escalation, :state, :now) ON CONFLICT DO NOTHING")
          .bind("state", Json.write(new Escalations.Run(now, 0)))
          .bind("alert", alertId)
          .bind("escalation", escalation)
          .bind("now", now.toEpochMilli())
          .execute();
    }
  }

  /** All escalations of an alert are looked at now, because it was acknowledged, or is no more. */
  public static void reviewSteps(Handle handle, String alertId, Instant now) {
    handle
        .createUpdate("UPDATE escalation SET next_at = :now WHERE alert_id = :alert")
        .bind("alert", alertId)
        .bind("now", now.toEpochMilli())
        .execute();
  }

  /**
   * @param next null where nothing but a change of the alert can bring more
   */
  public static void step(
      Handle handle, String alertId, String escalation, Escalations.Run run, Instant next) {
    handle
        .createUpdate(
            "UPDATE escalation SET state = :state, next_at = :next WHERE alert_id = :alert"
                + " AND escalation = :escalation")
        .bind("alert", alertId)
        .bind("escalation", escalation)
        .bind("state", Json.write(run))
        .bind("next", MatchTable.millis(next))
        .execute();
  }

  private static Step step(ResultSet row) throws SQLException {
    try {
      return new Step(
          row.getString("alert_id"),
          row.getString("escalation"),
          Json.read(row.getString("state"), Escalations.Run.class));
    } catch (IOException e) {
      throw new UncheckedIOException("an escalation cannot be read back", e);
    }
  }
}
