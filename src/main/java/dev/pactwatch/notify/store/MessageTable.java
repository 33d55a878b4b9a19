package dev.pactwatch.notify.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.pactwatch.json.Json;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.notify.channel.Message;
import dev.pactwatch.notify.channel.Notification;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The outbox: messages that are owed, on their way, or done. */
public final class MessageTable {

  /**
   * @param alertId what must arrive in its order: id of the alert, or what a group or the digests
   *     of a subscription have in common; null for what stands by itself
   * @param attempts made so far
   * @param manual whether a person asked for the next attempt
   * @param due null once nothing is left to do
   * @param problem why the last attempt failed; null where it did not
   */
  public record Row(
      Message message,
      long seq,
      String subscription,
      String alertId,
      Notification.Kind kind,
      MessageState state,
      int attempts,
      boolean manual,
      Instant due,
      Instant leaseUntil,
      Instant made,
      Instant done,
      String problem) {

    public String id() {
      return message.id();
    }
  }

  /**
   * A message to be.
   *
   * @param alertId as in {@link Row}
   */
  public record New(
      Message message,
      String subscription,
      String alertId,
      Notification.Kind kind,
      Instant due,
      Instant made) {}

  /**
   * Which messages.
   *
   * @param subscription null for any
   * @param state null for any
   * @param since made at or after; null for any time
   * @param until made before; null for any time
   * @param beforeSeq for the next page; null for the first
   */
  public record Wanted(
      String subscription,
      String alertId,
      MessageState state,
      Instant since,
      Instant until,
      Long beforeSeq,
      int limit) {}

  private static final TypeReference<TreeMap<String, String>> HEADERS = new TypeReference<>() {};

  private static final String COLUMNS =
      "id, seq, subscription, alert_id, kind, state, attempts, manual, due_at, lease_until,"
          + " content_type, headers, body, made_at, done_at, problem";

  /** Due, held by nobody, and with no earlier message of its alert and subscription left. */
  private static final String FREE =
      "due_at BETWEEN 0 AND :now AND (lease_until IS NULL OR lease_until < :now) AND (alert_id IS NULL OR"
          + " NOT EXISTS (SELECT 1 FROM message e WHERE e.subscription = m.subscription"
          + " AND e.alert_id = m.alert_id AND e.seq < m.seq AND e.due_at IS NOT NULL))";

  private static final int CANDIDATES = 32;

  private MessageTable() {}

  /** Messages that are known already stay as they are. */
  public static void insert(Handle handle, Collection<New> messages) {
    if (messages.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO message (id, subscription, alert_id, kind, state, due_at, content_type,"
                + " headers, body, made_at) VALUES (:id, :subscription, :alert, :kind, 'pending',"
                + " :due, :type, :headers, :body, :made) ON CONFLICT DO NOTHING");
    for (New message : messages) {
      batch
          .bind("id", message.message().id())
          .bind("subscription", message.subscription())
          .bind("alert", message.alertId())
          .bind("kind", Kebab.of(message.kind()))
          .bind("due", message.due().toEpochMilli())
          .bind("type", message.message().contentType())
          .bind("headers", Json.write(new TreeMap<>(message.message().headers())))
          .bind("body", message.message().body())
          .bind("made", message.made().toEpochMilli())
          .add();
    }
    var unused = batch.execute();
  }

  /** Subscriptions with something to send, and when the first of it is due. */
  public static Map<String, Instant> dueBySubscription(Handle handle) {
    Map<String, Instant> due = new TreeMap<>();
    handle
        .createQuery(
            // Between bounds, as an index is read from its beginning for "is not null", and that is
            // where everything stands that was ever delivered.
            "SELECT subscription, MIN(due_at) AS due FROM message WHERE due_at BETWEEN 0 AND "
                + Long.MAX_VALUE
                + " GROUP BY subscription")
        .map((row, context) -> Map.entry(row.getString(1), Instant.ofEpochMilli(row.getLong(2))))
        .forEach(entry -> due.put(entry.getKey(), entry.getValue()));
    return due;
  }

  /** Those of some subscriptions for which something is due that nobody holds. */
  public static Set<String> due(Handle handle, Collection<String> subscriptions, Instant now) {
    return handle
        .createQuery(
            "SELECT DISTINCT subscription FROM message WHERE subscription IN (<ids>)"
                + " AND due_at BETWEEN 0 AND :now"
                + " AND (lease_until IS NULL OR lease_until < :now)")
        .bindList("ids", List.copyOf(subscriptions))
        .bind("now", now.toEpochMilli())
        .mapTo(String.class)
        .set();
  }

  /**
   * Takes up to so many due messages of a subscription for one instance. A message is only taken
   * when no earlier one of the same alert and subscription is left, so that revisions arrive in
   * order; what another instance holds is left out.
   */
  public static List<Row> lease(
      Handle handle, String subscription, String owner, Instant now, Instant until, int limit) {
    // Found first and locked then: with FOR UPDATE, H2 reads and locks the whole queue. More than
    // are wanted, since another instance may be about to take the first ones.
    List<String> candidates =
        handle
            .createQuery(
                "SELECT id FROM message m WHERE subscription = :subscription AND "
                    + FREE
                    + " ORDER BY subscription, due_at, seq LIMIT :limit")
            .bind("subscription", subscription)
            .bind("now", now.toEpochMilli())
            .bind("limit", limit + CANDIDATES)
            .mapTo(String.class)
            .list();
    if (candidates.isEmpty()) {
      return List.of();
    }
    List<Row> rows =
        handle
            .createQuery(
                "SELECT "
                    + COLUMNS
                    + " FROM message m WHERE id IN (<ids>) AND "
                    + FREE
                    + " ORDER BY due_at, seq LIMIT :limit FOR UPDATE SKIP LOCKED")
            .bindList("ids", candidates)
            .bind("now", now.toEpochMilli())
            .bind("limit", limit)
            .map((row, context) -> row(row))
            .list();
    if (rows.isEmpty()) {
      return rows;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "UPDATE message SET lease_owner = :owner, lease_until = :until WHERE id = :id");
    for (Row row : rows) {
      batch.bind("owner", owner).bind("until", until.toEpochMilli()).bind("id", row.id()).add();
    }
    var unused = batch.execute();
    return rows;
  }

  /** Gives back what this instance has not sent. */
  public static void release(Handle handle, String owner) {
    handle
        .createUpdate(
            "UPDATE message SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = :owner")
        .bind("owner", owner)
        .execute();
  }

  /**
   * Writes down how an attempt ended.
   *
   * @param next when the next one is due; null for none
   * @return whether the message was still this instance's to write down
   */
  public static boolean attempted(
      Handle handle,
      String id,
      String owner,
      MessageState state,
      int attempts,
      Instant next,
      String problem,
      Instant now) {
    return handle
            .createUpdate(
                "UPDATE message SET state = :state, attempts = :attempts, manual = FALSE,"
                    + " due_at = :next, lease_owner = NULL, lease_until = NULL, problem = :problem,"
                    + " done_at = :done WHERE id = :id AND lease_owner = :owner")
            .bind("state", state.label())
            .bind("attempts", attempts)
            .bind("next", MatchTable.millis(next))
            .bind("problem", problem)
            .bind("done", next == null ? now.toEpochMilli() : null)
            .bind("id", id)
            .bind("owner", owner)
            .execute()
        == 1;
  }

  /** Takes back messages of an alert that wait while a newer revision stands ready. */
  public static List<String> supersede(
      Handle handle, String subscription, String alertId, Instant now) {
    List<String> ids =
        handle
            .createQuery(
                "SELECT id FROM message WHERE subscription = :subscription AND alert_id = :alert"
                    + " AND due_at IS NOT NULL AND (lease_until IS NULL OR lease_until < :now)"
                    + " FOR UPDATE SKIP LOCKED")
            .bind("subscription", subscription)
            .bind("alert", alertId)
            .bind("now", now.toEpochMilli())
            .mapTo(String.class)
            .list();
    for (String id : ids) {
      handle
          .createUpdate(
              "UPDATE message SET state = 'superseded', due_at = NULL, done_at = :now"
                  + " WHERE id = :id")
          .bind("now", now.toEpochMilli())
          .bind("id", id)
          .execute();
    }
    return ids;
  }

  /** Takes back a message that waits; false where it is under way or done. */
  public static boolean supersede(Handle handle, String id, Instant now) {
    return handle
            .createUpdate(
                "UPDATE message SET state = 'superseded', due_at = NULL, done_at = :now"
                    + " WHERE id = :id AND due_at IS NOT NULL"
                    + " AND (lease_until IS NULL OR lease_until < :now)")
            .bind("now", now.toEpochMilli())
            .bind("id", id)
            .execute()
        == 1;
  }

  /**
   * Sends messages again that are done, with their keys and bytes.
   *
   * @return their ids
   */
  public static List<String> again(Handle handle, Wanted wanted, Instant now) {
    List<String> ids = list(handle, wanted).stream().map(Row::id).toList();
    for (String id : ids) {
      again(handle, id, now);
    }
    return ids;
  }

  /** Whether there is such a message; one that is on its way is not sent twice. */
  public static boolean again(Handle handle, String id, Instant now) {
    handle
        .createUpdate(
            "UPDATE message SET state = 'pending', manual = TRUE, due_at = :now, done_at = NULL"
                + " WHERE id = :id AND (lease_until IS NULL OR lease_until < :now)")
        .bind("now", now.toEpochMilli())
        .bind("id", id)
        .execute();
    return find(handle, id).isPresent();
  }

  public static Optional<Row> find(Handle handle, String id) {
    return handle
        .createQuery("SELECT " + COLUMNS + " FROM message WHERE id = :id")
        .bind("id", id)
        .map((row, context) -> row(row))
        .findFirst();
  }

  /** Newest first. */
  public static List<Row> list(Handle handle, Wanted wanted) {
    List<String> where = new ArrayList<>();
    Map<String, Object> values = new TreeMap<>();
    add(where, values, "subscription = :subscription", "subscription", wanted.subscription());
    add(where, values, "alert_id = :alert", "alert", wanted.alertId());
    add(
        where,
        values,
        "state = :state",
        "state",
        wanted.state() == null ? null : wanted.state().label());
    add(where, values, "made_at >= :since", "since", MatchTable.millis(wanted.since()));
    add(where, values, "made_at < :until", "until", MatchTable.millis(wanted.until()));
    add(where, values, "seq < :before", "before", wanted.beforeSeq());
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM message"
                + (where.isEmpty() ? "" : " WHERE " + String.join(" AND ", where))
                + " ORDER BY seq DESC LIMIT :limit")
        .bind("limit", wanted.limit())
        .bindMap(values)
        .map((row, context) -> row(row))
        .list();
  }

  /**
   * What is left to do.
   *
   * @param messages to active subscriptions that are not done
   * @param oldest when the oldest of them was made; null where there is none
   * @param dead messages that were given up
   */
  public record Owed(long messages, Instant oldest, long dead) {}

  /** What is left to do, and what nobody will do any more. */
  public static Owed owed(Handle handle) {
    long dead =
        handle
            .createQuery("SELECT COUNT(*) FROM message WHERE state = 'dead'")
            .mapTo(Long.class)
            .one();
    return handle
        .createQuery(
            "SELECT COUNT(*) AS n, MIN(m.made_at) AS oldest FROM message m"
                + " JOIN subscription s ON s.id = m.subscription AND s.state = 'active'"
                + " WHERE m.due_at BETWEEN 0 AND "
                + Long.MAX_VALUE)
        .map((row, context) -> new Owed(row.getLong("n"), MatchTable.instant(row, "oldest"), dead))
        .one();
  }

  /** How many messages stand where; of one subscription, or of all. */
  public static Map<MessageState, Long> counts(Handle handle, String subscription) {
    Map<MessageState, Long> counts = new java.util.EnumMap<>(MessageState.class);
    var query =
        handle.createQuery(
            "SELECT state, COUNT(*) AS n FROM message"
                + (subscription == null ? "" : " WHERE subscription = :subscription")
                + " GROUP BY state");
    if (subscription != null) {
      query.bind("subscription", subscription);
    }
    query
        .map((row, context) -> Map.entry(MessageState.of(row.getString(1)), row.getLong(2)))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  /** The same of every subscription that has any. */
  public static Map<String, Map<MessageState, Long>> countsBySubscription(Handle handle) {
    Map<String, Map<MessageState, Long>> counts = new TreeMap<>();
    handle
        .createQuery(
            "SELECT subscription, state, COUNT(*) AS n FROM message GROUP BY subscription, state")
        .map(
            (row, context) ->
                counts
                    .computeIfAbsent(
                        row.getString(1), id -> new java.util.EnumMap<>(MessageState.class))
                    .put(MessageState.of(row.getString(2)), row.getLong(3)))
        .list();
    return counts;
  }

  private static void add(
      List<String> where, Map<String, Object> values, String clause, String name, Object value) {
    if (value != null) {
      where.add(clause);
      values.put(name, value);
    }
  }

  private static Row row(ResultSet row) throws SQLException {
    Map<String, String> headers;
    try {
      headers = Json.mapper().readValue(row.getString("headers"), HEADERS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("headers of " + row.getString("id") + " are no JSON", e);
    }
    return new Row(
        new Message(
            row.getString("id"), row.getString("content_type"), headers, row.getBytes("body")),
        row.getLong("seq"),
        row.getString("subscription"),
        row.getString("alert_id"),
        Notification.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        MessageState.of(row.getString("state")),
        row.getInt("attempts"),
        row.getBoolean("manual"),
        MatchTable.instant(row, "due_at"),
        MatchTable.instant(row, "lease_until"),
        MatchTable.instant(row, "made_at"),
        MatchTable.instant(row, "done_at"),
        row.getString("problem"));
  }
}
