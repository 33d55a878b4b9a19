package dev.pactwatch.notify.store;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The alert revisions that were read from the topic. */
public final class AlertTable {

  /**
   * A revision as it was read.
   *
   * @param seq grows in the order of reading, with gaps
   * @param json the record's value
   */
  public record Row(
      Alert alert, byte[] json, long seq, int partition, long offset, Instant received) {}

  private static final String COLUMNS = "seq, partition_no, offset_no, received_at, json";

  private AlertTable() {}

  /**
   * What is measured of a revision's way, where an article brought it forth that is news.
   *
   * @param published event time of the latest report; null where nothing is measured
   * @param observed when the article was observed; null where nothing is measured
   * @param trace context of the trace it was taken in with, as {@code traceparent}; null for none
   */
  public record Way(Instant published, Instant observed, String trace) {

    /** Nothing is measured. */
    public static final Way UNKNOWN = new Way(null, null, null);
  }

  /** Whether the revision is new; one that is known is left as it is. */
  public static boolean insert(
      Handle handle, Alert alert, byte[] json, int partition, long offset, Instant now, Way way) {
    int inserted =
        handle
            .createUpdate(
                "INSERT INTO alert_revision"
                    + " (alert_id, revision, partition_no, offset_no, received_at, withdrawn, json,"
                    + " published_at, observed_at, trace)"
                    + " VALUES (:id, :revision, :partition, :offset, :now, :withdrawn, :json,"
                    + " :published, :observed, :trace)"
                    + " ON CONFLICT DO NOTHING")
            .bind("id", alert.id())
            .bind("revision", alert.revision())
            .bind("partition", partition)
            .bind("offset", offset)
            .bind("now", now.toEpochMilli())
            .bind("withdrawn", alert.change() == Change.WITHDRAWN)
            .bind("json", json)
            .bind("published", MatchTable.millis(way.published()))
            .bind("observed", MatchTable.millis(way.observed()))
            .bind("trace", way.trace())
            .execute();
    if (inserted == 0) {
      return false;
    }
    boolean withdrawn = alert.change() == Change.WITHDRAWN;
    int known =
        handle
            .createUpdate(
                "UPDATE alert_latest SET revision = :revision, withdrawn = :withdrawn,"
                    + " received_at = :now WHERE alert_id = :id AND revision < :revision")
            .bind("id", alert.id())
            .bind("revision", alert.revision())
            .bind("withdrawn", withdrawn)
            .bind("now", now.toEpochMilli())
            .execute();
    if (known == 0) {
      handle
          .createUpdate(
              "INSERT INTO alert_latest (alert_id, revision, withdrawn, received_at)"
                  + " VALUES (:id, :revision, :withdrawn, :now) ON CONFLICT DO NOTHING")
          .bind("id", alert.id())
          .bind("revision", alert.revision())
          .bind("withdrawn", withdrawn)
          .bind("now", now.toEpochMilli())
          .execute();
    }
    return true;
  }

  /**
   * The ways of the revisions that messages tell, by message; those of which nothing is known are
   * left out.
   */
  public static Map<String, List<Way>> ways(Handle handle, Collection<String> messages) {
    Map<String, List<Way>> ways = new HashMap<>();
    if (messages.isEmpty()) {
      return ways;
    }
    handle
        .createQuery(
            "SELECT m.message, r.published_at, r.observed_at, r.trace FROM matched m"
                + " JOIN alert_revision r ON r.alert_id = m.alert_id AND r.revision = m.revision"
                + " WHERE m.message IN (<messages>)"
                + " AND (r.observed_at IS NOT NULL OR r.trace IS NOT NULL)")
        .bindList("messages", List.copyOf(messages))
        .map(
            (row, context) ->
                Map.entry(
                    row.getString(1),
                    new Way(
                        MatchTable.instant(row, "published_at"),
                        MatchTable.instant(row, "observed_at"),
                        row.getString(4))))
        .forEach(
            one ->
                ways.computeIfAbsent(one.getKey(), any -> new ArrayList<>()).add(one.getValue()));
    return ways;
  }

  /** One revision. */
  public static Optional<Row> find(Handle handle, String alertId, int revision) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM alert_revision WHERE alert_id = :id AND revision = :revision")
        .bind("id", alertId)
        .bind("revision", revision)
        .map((row, context) -> row(row))
        .findFirst();
  }

  /** The latest revision of an alert. */
  public static Optional<Row> latest(Handle handle, String alertId) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM alert_revision WHERE alert_id = :id ORDER BY revision DESC LIMIT 1")
        .bind("id", alertId)
        .map((row, context) -> row(row))
        .findFirst();
  }

  /** Number of the latest revision, 0 where there is none. */
  public static int latestRevision(Handle handle, String alertId) {
    return handle
        .createQuery("SELECT revision FROM alert_latest WHERE alert_id = :id")
        .bind("id", alertId)
        .mapTo(Integer.class)
        .findFirst()
        .orElse(0);
  }

  /** The latest revisions of alerts that are not withdrawn, newest first. */
  public static List<Row> open(Handle handle, int limit) {
    return handle
        .createQuery(
            "SELECT r.seq, r.partition_no, r.offset_no, r.received_at, r.json FROM alert_latest l"
                + " JOIN alert_revision r ON r.alert_id = l.alert_id AND r.revision = l.revision"
                + " WHERE NOT l.withdrawn ORDER BY r.seq DESC LIMIT :limit")
        .bind("limit", limit)
        .map((row, context) -> row(row))
        .list();
  }

  /** Number of the latest revision by id, of alerts that are not withdrawn. */
  public static Map<String, Integer> openRevisions(Handle handle) {
    Map<String, Integer> open = new HashMap<>();
    handle
        .createQuery("SELECT alert_id, revision FROM alert_latest WHERE NOT withdrawn")
        .map((row, context) -> Map.entry(row.getString(1), row.getInt(2)))
        .forEach(entry -> open.put(entry.getKey(), entry.getValue()));
    return open;
  }

  /** Revisions of one partition in the order in which they were read. */
  public static List<Row> ofPartition(Handle handle, int partition, long afterSeq, int limit) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM alert_revision WHERE seq > :seq AND partition_no = :partition"
                + " ORDER BY seq LIMIT :limit")
        .bind("seq", afterSeq)
        .bind("partition", partition)
        .bind("limit", limit)
        .map((row, context) -> row(row))
        .list();
  }

  /** Revisions in the order in which they were read, for what looks back. */
  public static List<Row> after(Handle handle, long seq, int limit) {
    return handle
        .createQuery(
            "SELECT " + COLUMNS + " FROM alert_revision WHERE seq > :seq ORDER BY seq LIMIT :limit")
        .bind("seq", seq)
        .bind("limit", limit)
        .map((row, context) -> row(row))
        .list();
  }

  /** Ids that begin so, in order. */
  public static List<String> ids(Handle handle, String prefix, int limit) {
    return handle
        .createQuery(
            "SELECT alert_id FROM alert_latest WHERE SUBSTRING(alert_id, 1, :length) = :prefix"
                + " ORDER BY alert_id LIMIT :limit")
        .bind("length", prefix.length())
        .bind("prefix", prefix)
        .bind("limit", limit)
        .mapTo(String.class)
        .list();
  }

  private static Row row(ResultSet row) throws SQLException {
    byte[] json = row.getBytes("json");
    try {
      return new Row(
          Json.read(json, Alert.class),
          json,
          row.getLong("seq"),
          row.getInt("partition_no"),
          row.getLong("offset_no"),
          Instant.ofEpochMilli(row.getLong("received_at")));
    } catch (IOException e) {
      throw new UncheckedIOException("alert " + row.getLong("seq") + " cannot be read back", e);
    }
  }
}
