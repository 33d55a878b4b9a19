package dev.pactwatch.notify.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** What subscriptions' filters let through, and what became of it. */
public final class MatchTable {

  /** Reason of a revision that a newer one of its alert has overtaken. */
  public static final String SUPERSEDED = "superseded";

  /**
   * @param reason why it waits or is not told; null where it is on its way or told
   * @param ref what stands behind the reason, such as a silence's id; null where nothing does
   * @param message null until there is one
   * @param due when it is looked at again; null where nothing is left to decide
   */
  public record Row(
      String alertId,
      int revision,
      String subscription,
      long seq,
      MatchState state,
      String reason,
      String ref,
      String message,
      Instant due,
      Instant changed) {}

  /** A row to be. */
  public record New(
      String alertId,
      int revision,
      String subscription,
      MatchState state,
      String reason,
      String ref,
      String message,
      Instant due) {}

  private static final String COLUMNS =
      "alert_id, revision, subscription, seq, state, reason, ref, message, due_at, changed_at";

  private MatchTable() {}

  /** Rows that are known already stay as they are. */
  public static void insert(Handle handle, Collection<New> rows, Instant now) {
    if (rows.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO matched (alert_id, revision, subscription, state, reason, ref, message,"
                + " due_at, changed_at) VALUES (:alert, :revision, :subscription, :state, :reason,"
                + " :ref, :message, :due, :now) ON CONFLICT DO NOTHING");
    for (New row : rows) {
      batch
          .bind("alert", row.alertId())
          .bind("revision", row.revision())
          .bind("subscription", row.subscription())
          .bind("state", row.state().label())
          .bind("reason", row.reason())
          .bind("ref", row.ref())
          .bind("message", row.message())
          .bind("due", millis(row.due()))
          .bind("now", now.toEpochMilli())
          .add();
    }
    var unused = batch.execute();
  }

  /** Changes what is known of one. */
  public static void set(
      Handle handle,
      Row row,
      MatchState state,
      String reason,
      String ref,
      String message,
      Instant due,
      Instant now) {
    handle
        .createUpdate(
            "UPDATE matched SET state = :state, reason = :reason, ref = :ref, message = :message,"
                + " due_at = :due, changed_at = :now WHERE alert_id = :alert AND revision ="
                + " :revision AND subscription = :subscription")
        .bind("state", state.label())
        .bind("reason", reason)
        .bind("ref", ref)
        .bind("message", message)
        .bind("due", millis(due))
        .bind("now", now.toEpochMilli())
        .bind("alert", row.alertId())
        .bind("revision", row.revision())
        .bind("subscription", row.subscription())
        .execute();
  }

  /** It is looked at later. */
  public static void postpone(Handle handle, Row row, Instant until) {
    set(handle, row, row.state(), row.reason(), row.ref(), row.message(), until, row.changed());
  }

  /** Locks rows that are to be looked at; what another instance has locked is left out. */
  public static List<Row> due(Handle handle, Instant now, int limit) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM matched WHERE due_at BETWEEN 0 AND :now ORDER BY due_at, seq LIMIT :limit"
                + " FOR UPDATE SKIP LOCKED")
        .bind("now", now.toEpochMilli())
        .bind("limit", limit)
        .map((row, context) -> row(row))
        .list();
  }

  /** What waits in a group or digest of a subscription, oldest first, locked. */
  public static List<Row> waiting(Handle handle, String subscription, String reason, String ref) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM matched WHERE subscription = :subscription AND state = 'pending'"
                + " AND message IS NULL AND reason = :reason"
                + (ref == null ? "" : " AND ref = :ref")
                + " ORDER BY seq FOR UPDATE")
        .bind("subscription", subscription)
        .bind("reason", reason)
        .bindMap(ref == null ? Map.of() : Map.of("ref", ref))
        .map((row, context) -> row(row))
        .list();
  }

  /** What a message tells has come to an end with it. */
  public static void settle(Handle handle, String message, MatchState state, Instant now) {
    handle
        .createUpdate(
            "UPDATE matched SET state = :state, changed_at = :now WHERE message = :message"
                + " AND state <> 'suppressed'")
        .bind("state", state.label())
        .bind("now", now.toEpochMilli())
        .bind("message", message)
        .execute();
  }

  /** Everything that one reason holds back is looked at now. */
  public static void review(Handle handle, String reason, String ref, Instant now) {
    handle
        .createUpdate(
            "UPDATE matched SET due_at = :now WHERE ref = :ref AND reason = :reason"
                + " AND message IS NULL")
        .bind("now", now.toEpochMilli())
        .bind("ref", ref)
        .bind("reason", reason)
        .execute();
  }

  /** Everything of one alert that one reason holds back is looked at now. */
  public static void reviewAlert(Handle handle, String alertId, String reason, Instant now) {
    handle
        .createUpdate(
            "UPDATE matched SET due_at = :now WHERE alert_id = :alert AND reason = :reason"
                + " AND message IS NULL")
        .bind("now", now.toEpochMilli())
        .bind("alert", alertId)
        .bind("reason", reason)
        .execute();
  }

  /** Subscriptions for which this revision was taken in before. */
  public static Set<String> known(Handle handle, String alertId, int revision) {
    return handle
        .createQuery(
            "SELECT subscription FROM matched WHERE alert_id = :alert AND revision = :revision")
        .bind("alert", alertId)
        .bind("revision", revision)
        .mapTo(String.class)
        .collect(Collectors.toSet());
  }

  /** One row. */
  public static Optional<Row> find(
      Handle handle, String alertId, int revision, String subscription) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM matched WHERE alert_id = :alert AND revision = :revision"
                + " AND subscription = :subscription")
        .bind("alert", alertId)
        .bind("revision", revision)
        .bind("subscription", subscription)
        .map((row, context) -> row(row))
        .findFirst();
  }

  /** Whether a subscription was told of an alert, or is about to be. */
  public static boolean told(Handle handle, String subscription, String alertId) {
    return handle
        .createQuery(
            "SELECT 1 FROM matched WHERE alert_id = :alert AND subscription = :subscription"
                + " AND (state IN ('sent', 'dead') OR (state = 'pending' AND message IS NOT NULL))"
                + " LIMIT 1")
        .bind("alert", alertId)
        .bind("subscription", subscription)
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  /** Subscriptions that were told of an alert, or are about to be. */
  public static List<String> toldOf(Handle handle, String alertId) {
    return handle
        .createQuery(
            "SELECT DISTINCT subscription FROM matched WHERE alert_id = :alert"
                + " AND (state IN ('sent', 'dead') OR (state = 'pending' AND message IS NOT NULL))"
                + " ORDER BY subscription")
        .bind("alert", alertId)
        .mapTo(String.class)
        .list();
  }

  /** What a message that gave way to a newer one was to tell. */
  public static void supersede(Handle handle, String message, Instant now) {
    handle
        .createUpdate(
            "UPDATE matched SET state = 'suppressed', reason = :reason, message = NULL,"
                + " due_at = NULL, changed_at = :now WHERE message = :message")
        .bind("reason", SUPERSEDED)
        .bind("now", now.toEpochMilli())
        .bind("message", message)
        .execute();
  }

  /** The rows of one alert, or of one subscription, or of both; newest first. */
  public static List<Row> list(
      Handle handle, String alertId, String subscription, Long beforeSeq, int limit) {
    List<String> where = new ArrayList<>();
    if (alertId != null) {
      where.add("alert_id = :alert");
    }
    if (subscription != null) {
      where.add("subscription = :subscription");
    }
    if (beforeSeq != null) {
      where.add("seq < :before");
    }
    var query =
        handle
            .createQuery(
                "SELECT "
                    + COLUMNS
                    + " FROM matched"
                    + (where.isEmpty() ? "" : " WHERE " + String.join(" AND ", where))
                    + " ORDER BY seq DESC LIMIT :limit")
            .bind("limit", limit);
    if (alertId != null) {
      query.bind("alert", alertId);
    }
    if (subscription != null) {
      query.bind("subscription", subscription);
    }
    if (beforeSeq != null) {
      query.bind("before", beforeSeq);
    }
    return query.map((row, context) -> row(row)).list();
  }

  /**
   * How many rows stand where.
   *
   * @param subscription null for all
   */
  public static Map<MatchState, Long> counts(Handle handle, String subscription) {
    Map<MatchState, Long> counts = new EnumMap<>(MatchState.class);
    var query =
        handle.createQuery(
            "SELECT state, COUNT(*) AS n FROM matched"
                + (subscription == null ? "" : " WHERE subscription = :subscription")
                + " GROUP BY state");
    if (subscription != null) {
      query.bind("subscription", subscription);
    }
    query
        .map((row, context) -> Map.entry(MatchState.of(row.getString(1)), row.getLong(2)))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  /** The same of every subscription that has any. */
  public static Map<String, Map<MatchState, Long>> countsBySubscription(Handle handle) {
    Map<String, Map<MatchState, Long>> counts = new java.util.TreeMap<>();
    handle
        .createQuery(
            "SELECT subscription, state, COUNT(*) AS n FROM matched GROUP BY subscription, state")
        .map(
            (row, context) ->
                counts
                    .computeIfAbsent(row.getString(1), id -> new EnumMap<>(MatchState.class))
                    .put(MatchState.of(row.getString(2)), row.getLong(3)))
        .list();
    return counts;
  }

  /** What a subscription was told, newest first. */
  public static List<Row> sent(Handle handle, String subscription, Long beforeSeq, int limit) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM matched WHERE subscription = :subscription AND state = 'sent'"
                + " AND seq < :before ORDER BY seq DESC LIMIT :limit")
        .bind("subscription", subscription)
        .bind("before", beforeSeq == null ? Long.MAX_VALUE : beforeSeq)
        .bind("limit", limit)
        .map((row, context) -> row(row))
        .list();
  }

  /** What a message tells. */
  public static List<Row> ofMessage(Handle handle, String message) {
    return handle
        .createQuery("SELECT " + COLUMNS + " FROM matched WHERE message = :message ORDER BY seq")
        .bind("message", message)
        .map((row, context) -> row(row))
        .list();
  }

  /** How many are not told, by reason. */
  public static Map<String, Long> suppressions(Handle handle, String subscription) {
    Map<String, Long> counts = new java.util.TreeMap<>();
    var query =
        handle.createQuery(
            "SELECT reason, COUNT(*) AS n FROM matched WHERE state = 'suppressed'"
                + (subscription == null ? "" : " AND subscription = :subscription")
                + " GROUP BY reason");
    if (subscription != null) {
      query.bind("subscription", subscription);
    }
    query
        .map((row, context) -> Map.entry(String.valueOf(row.getString(1)), row.getLong(2)))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  static Long millis(Instant instant) {
    return instant == null ? null : instant.toEpochMilli();
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getString("alert_id"),
        row.getInt("revision"),
        row.getString("subscription"),
        row.getLong("seq"),
        MatchState.of(row.getString("state")),
        row.getString("reason"),
        row.getString("ref"),
        row.getString("message"),
        instant(row, "due_at"),
        instant(row, "changed_at"));
  }
}
