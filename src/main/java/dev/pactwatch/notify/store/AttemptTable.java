package dev.pactwatch.notify.store;

import dev.pactwatch.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** The delivery log. */
public final class AttemptTable {

  /**
   * One attempt.
   *
   * @param outcome {@code delivered}, {@code failed}, {@code refused} or {@code gone}
   * @param reason class of failure; null where there was none
   * @param headers as sent, secrets hidden; null where there were none
   * @param answer the beginning of the receiver's answer; hostile
   * @param next when the next attempt was due; null for none
   */
  public record Row(
      long seq,
      String message,
      String subscription,
      int number,
      boolean manual,
      Instant started,
      long millis,
      String outcome,
      String reason,
      String detail,
      String address,
      Integer status,
      String headers,
      String answer,
      String bodySha256,
      Instant next) {}

  private static final String COLUMNS =
      "seq, message, subscription, number_no, manual, started_at, took_millis, outcome, reason,"
          + " detail, address, status, headers, answer, body_sha256, next_at";

  private static final int MAX_TEXT = 1000;
  private static final int MAX_HEADERS = 10_000;

  private AttemptTable() {}

  /** Adds one; its {@code seq} is given by the database. */
  public static void insert(Handle handle, Row row) {
    handle
        .createUpdate(
            "INSERT INTO attempt (message, subscription, number_no, manual, started_at,"
                + " took_millis, outcome, reason, detail, address, status, headers, answer,"
                + " body_sha256, next_at) VALUES (:message, :subscription, :number, :manual,"
                + " :started, :millis, :outcome, :reason, :detail, :address, :status, :headers,"
                + " :answer, :sha, :next)")
        .bind("message", row.message())
        .bind("subscription", row.subscription())
        .bind("number", row.number())
        .bind("manual", row.manual())
        .bind("started", row.started().toEpochMilli())
        .bind("millis", row.millis())
        .bind("outcome", row.outcome())
        .bind("reason", row.reason())
        .bind("detail", clip(row.detail(), MAX_TEXT))
        .bind("address", clip(row.address(), 300))
        .bind("status", row.status())
        .bind("headers", clip(row.headers(), MAX_HEADERS))
        .bind("answer", printable(row.answer()))
        .bind("sha", row.bodySha256())
        .bind("next", MatchTable.millis(row.next()))
        .execute();
  }

  /** Of one message, oldest first. */
  public static List<Row> ofMessage(Handle handle, String message) {
    return handle
        .createQuery("SELECT " + COLUMNS + " FROM attempt WHERE message = :message ORDER BY seq")
        .bind("message", message)
        .map((row, context) -> row(row))
        .list();
  }

  /** Of one subscription, newest first. */
  public static List<Row> ofSubscription(
      Handle handle, String subscription, Long beforeSeq, int limit) {
    var query =
        handle
            .createQuery(
                "SELECT "
                    + COLUMNS
                    + " FROM attempt WHERE subscription = :subscription"
                    + (beforeSeq == null ? "" : " AND seq < :before")
                    + " ORDER BY seq DESC LIMIT :limit")
            .bind("subscription", subscription)
            .bind("limit", limit);
    if (beforeSeq != null) {
      query.bind("before", beforeSeq);
    }
    return query.map((row, context) -> row(row)).list();
  }

  /** As the log keeps headers. */
  public static String headers(Map<String, String> headers) {
    return headers.isEmpty() ? null : Json.write(new TreeMap<>(headers));
  }

  private static String clip(String text, int length) {
    return text == null || text.length() <= length ? text : text.substring(0, length - 1) + "…";
  }

  /** PostgreSQL takes no NUL in a text. */
  private static String printable(String answer) {
    return answer == null ? null : answer.replace('\0', '\uFFFD');
  }

  private static Row row(ResultSet row) throws SQLException {
    int status = row.getInt("status");
    Integer known = row.wasNull() ? null : status;
    return new Row(
        row.getLong("seq"),
        row.getString("message"),
        row.getString("subscription"),
        row.getInt("number_no"),
        row.getBoolean("manual"),
        MatchTable.instant(row, "started_at"),
        row.getLong("took_millis"),
        row.getString("outcome"),
        row.getString("reason"),
        row.getString("detail"),
        row.getString("address"),
        known,
        row.getString("headers"),
        row.getString("answer"),
        row.getString("body_sha256"),
        MatchTable.instant(row, "next_at"));
  }
}
