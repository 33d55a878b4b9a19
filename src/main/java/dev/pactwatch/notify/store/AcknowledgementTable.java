package dev.pactwatch.notify.store;

import dev.pactwatch.json.Json;
import dev.pactwatch.notify.policy.Acknowledgement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Who has taken on which alert: the latest acknowledgement of each. */
public final class AcknowledgementTable {

  private AcknowledgementTable() {}

  /** Takes the place of an earlier one of the alert. */
  public static void put(Handle handle, Acknowledgement acknowledgement) {
    remove(handle, acknowledgement.alertId());
    handle
        .createUpdate(
            "INSERT INTO acknowledgement (alert_id, json, until_at) VALUES (:id, :json, :until)")
        .bind("id", acknowledgement.alertId())
        .bind("json", Json.write(acknowledgement))
        .bind("until", MatchTable.millis(acknowledgement.until()))
        .execute();
  }

  /** Whether there was one. */
  public static boolean remove(Handle handle, String alertId) {
    return handle
            .createUpdate("DELETE FROM acknowledgement WHERE alert_id = :id")
            .bind("id", alertId)
            .execute()
        == 1;
  }

  public static Optional<Acknowledgement> find(Handle handle, String alertId) {
    return handle
        .createQuery("SELECT json FROM acknowledgement WHERE alert_id = :id")
        .bind("id", alertId)
        .map((row, context) -> row(row))
        .findFirst();
  }

  /** By id of the alert, those that have ended among them. */
  public static Map<String, Acknowledgement> all(Handle handle) {
    Map<String, Acknowledgement> all = new TreeMap<>();
    handle
        .createQuery("SELECT json FROM acknowledgement")
        .map((row, context) -> row(row))
        .forEach(one -> all.put(one.alertId(), one));
    return all;
  }

  private static Acknowledgement row(ResultSet row) throws SQLException {
    try {
      return Json.read(row.getString("json"), Acknowledgement.class);
    } catch (IOException e) {
      throw new UncheckedIOException("an acknowledgement cannot be read back", e);
    }
  }
}
