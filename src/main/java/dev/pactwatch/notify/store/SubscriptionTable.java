package dev.pactwatch.notify.store;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Subscriptions made over REST, and the state of all. */
public final class SubscriptionTable {

  /** Where a subscription is kept. */
  public enum Origin {
    /** In {@code subscriptions.yaml}, and changed there. */
    FILE,
    /** Here. */
    API;

    @JsonValue
    public String label() {
      return Kebab.of(this);
    }
  }

  /** Whether it is sent to. */
  public enum State {
    ACTIVE,
    /** By hand. What matches is kept. */
    PAUSED,
    /** By the program, because the receiver has gone or failed for days. What matches is kept. */
    DISABLED,
    /** No longer in the file, or taken out. Nothing matches. */
    REMOVED;

    @JsonValue
    public String label() {
      return Kebab.of(this);
    }
  }

  /**
   * @param spec the encrypted document of one made over REST; null for one of the file
   * @param reason why it is in its state; may be null
   * @param version changes with every change by a person
   * @param failingSince the first failure after the last success; null where there is none
   * @param noticed the share of the time until it is disabled, in percent, of which the owner was
   *     told
   * @param pausedUntil until when the breaker holds everything back; null for not at all
   */
  public record Row(
      String id,
      Origin origin,
      byte[] spec,
      State state,
      String reason,
      long version,
      Instant changed,
      Instant failingSince,
      int noticed,
      Instant pausedUntil) {}

  private static final String COLUMNS =
      "id, origin, spec, state, reason, version, changed_at, failing_since, noticed, paused_until";

  private SubscriptionTable() {}

  /** All but those that were removed, by id. */
  public static List<Row> all(Handle handle) {
    return handle
        .createQuery(
            "SELECT " + COLUMNS + " FROM subscription WHERE state <> 'removed' ORDER BY id")
        .map((row, context) -> row(row))
        .list();
  }

  /** Also one that was removed. */
  public static Optional<Row> find(Handle handle, String id) {
    return handle
        .createQuery("SELECT " + COLUMNS + " FROM subscription WHERE id = :id")
        .bind("id", id)
        .map((row, context) -> row(row))
        .findFirst();
  }

  /** The same, locked until the transaction ends. */
  public static Optional<Row> lock(Handle handle, String id) {
    return handle
        .createQuery("SELECT " + COLUMNS + " FROM subscription WHERE id = :id FOR UPDATE")
        .bind("id", id)
        .map((row, context) -> row(row))
        .findFirst();
  }

  /** What tells whether anything has changed since it was last asked. */
  public static String version(Handle handle) {
    return handle
        .createQuery(
            "SELECT COUNT(*) AS n, SUM(version) AS v, MAX(changed_at) AS c FROM subscription")
        .map((row, context) -> row.getLong(1) + "." + row.getLong(2) + "." + row.getLong(3))
        .one();
  }

  /** Makes it, or changes it; one that was removed or had ended is active again. */
  public static void put(Handle handle, String id, Origin origin, byte[] spec, Instant now) {
    int changed =
        handle
            .createUpdate(
                "UPDATE subscription SET origin = :origin, spec = :spec, state = CASE WHEN state IN"
                    + " ('removed', 'disabled') THEN 'active' ELSE state END, reason = NULL,"
                    + " failing_since = NULL, noticed = 0, paused_until = NULL,"
                    + " version = version + 1, changed_at = :now WHERE id = :id")
            .bind("id", id)
            .bind("origin", origin.label())
            .bind("spec", spec)
            .bind("now", now.toEpochMilli())
            .execute();
    if (changed == 0) {
      handle
          .createUpdate(
              "INSERT INTO subscription (id, origin, spec, state, version, changed_at)"
                  + " VALUES (:id, :origin, :spec, 'active', 1, :now)")
          .bind("id", id)
          .bind("origin", origin.label())
          .bind("spec", spec)
          .bind("now", now.toEpochMilli())
          .execute();
    }
  }

  /** Names one of the file that is new here; one that is known keeps its state. */
  public static void name(Handle handle, String id, Instant now) {
    handle
        .createUpdate(
            "INSERT INTO subscription (id, origin, state, version, changed_at)"
                + " VALUES (:id, 'file', 'active', 1, :now) ON CONFLICT DO NOTHING")
        .bind("id", id)
        .bind("now", now.toEpochMilli())
        .execute();
    handle
        .createUpdate(
            "UPDATE subscription SET state = 'active', reason = NULL, version = version + 1,"
                + " changed_at = :now WHERE id = :id AND state = 'removed' AND origin = 'file'")
        .bind("id", id)
        .bind("now", now.toEpochMilli())
        .execute();
  }

  /** Changes whether it is sent to. */
  public static void state(Handle handle, String id, State state, String reason, Instant now) {
    handle
        .createUpdate(
            "UPDATE subscription SET state = :state, reason = :reason, failing_since = NULL,"
                + " noticed = 0, paused_until = NULL, version = version + 1, changed_at = :now"
                + " WHERE id = :id")
        .bind("id", id)
        .bind("state", state.label())
        .bind("reason", reason)
        .bind("now", now.toEpochMilli())
        .execute();
  }

  /** Remembers that it fails since, and how much of that the owner knows. */
  public static void failing(Handle handle, String id, Instant since, int noticed) {
    handle
        .createUpdate(
            "UPDATE subscription SET failing_since = :since, noticed = :noticed WHERE id = :id")
        .bind("id", id)
        .bind("since", MatchTable.millis(since))
        .bind("noticed", noticed)
        .execute();
  }

  /** Holds everything back until then; null ends that. */
  public static void pausedUntil(Handle handle, String id, Instant until) {
    handle
        .createUpdate("UPDATE subscription SET paused_until = :until WHERE id = :id")
        .bind("id", id)
        .bind("until", MatchTable.millis(until))
        .execute();
  }

  /** Where subscriptions take part in a partition: the first offset by id. */
  public static Map<String, Long> startsIn(Handle handle, int partition) {
    Map<String, Long> starts = new TreeMap<>();
    handle
        .createQuery(
            "SELECT subscription, first_offset FROM subscription_start"
                + " WHERE partition_no = :partition")
        .bind("partition", partition)
        .map((row, context) -> Map.entry(row.getString(1), row.getLong(2)))
        .forEach(entry -> starts.put(entry.getKey(), entry.getValue()));
    return starts;
  }

  /** First offset by partition from which on it takes part. */
  public static Map<Integer, Long> starts(Handle handle, String id) {
    Map<Integer, Long> starts = new TreeMap<>();
    handle
        .createQuery(
            "SELECT partition_no, first_offset FROM subscription_start WHERE subscription = :id")
        .bind("id", id)
        .map((row, context) -> Map.entry(row.getInt(1), row.getLong(2)))
        .forEach(entry -> starts.put(entry.getKey(), entry.getValue()));
    return starts;
  }

  /** Sets it where it is not set. */
  public static void start(Handle handle, String id, int partition, long offset) {
    handle
        .createUpdate(
            "INSERT INTO subscription_start (subscription, partition_no, first_offset)"
                + " VALUES (:id, :partition, :offset) ON CONFLICT DO NOTHING")
        .bind("id", id)
        .bind("partition", partition)
        .bind("offset", offset)
        .execute();
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getString("id"),
        Origin.valueOf(row.getString("origin").toUpperCase(Locale.ROOT)),
        row.getBytes("spec"),
        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getString("reason"),
        row.getLong("version"),
        MatchTable.instant(row, "changed_at"),
        MatchTable.instant(row, "failing_since"),
        row.getInt("noticed"),
        MatchTable.instant(row, "paused_until"));
  }
}
