package dev.pactwatch.notify.store;

import com.google.common.hash.Hashing;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.policy.GroupState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Groups between two looks at them. */
public final class GroupTable {

  /**
   * @param key {@link dev.pactwatch.notify.policy.GroupKey}'s
   */
  public record Row(String subscription, String key, GroupState state) {}

  private static final int MAX_KEY = 500;

  private GroupTable() {}

  /** The group, locked until the transaction ends. */
  public static Optional<GroupState> lock(Handle handle, String subscription, String key) {
    return handle
        .createQuery(
            "SELECT subscription, group_key, state FROM alert_group"
                + " WHERE subscription = :subscription AND group_key = :key FOR UPDATE")
        .bind("subscription", subscription)
        .bind("key", shortened(key))
        .map((row, context) -> row(row).state())
        .findFirst();
  }

  /** The group as it stands. */
  public static Optional<GroupState> find(Handle handle, String subscription, String key) {
    return handle
        .createQuery(
            "SELECT subscription, group_key, state FROM alert_group"
                + " WHERE subscription = :subscription AND group_key = :key")
        .bind("subscription", subscription)
        .bind("key", shortened(key))
        .map((row, context) -> row(row).state())
        .findFirst();
  }

  /** Keeps the state; one without members is forgotten. */
  public static void put(Handle handle, String subscription, String key, GroupState state) {
    if (state.members().isEmpty()) {
      handle
          .createUpdate(
              "DELETE FROM alert_group WHERE subscription = :subscription AND group_key = :key")
          .bind("subscription", subscription)
          .bind("key", shortened(key))
          .execute();
      return;
    }
    int changed =
        handle
            .createUpdate(
                "UPDATE alert_group SET state = :state, flush_at = :flush"
                    + " WHERE subscription = :subscription AND group_key = :key")
            .bind("subscription", subscription)
            .bind("key", shortened(key))
            .bind("state", Json.write(state))
            .bind("flush", MatchTable.millis(state.next()))
            .execute();
    if (changed == 0) {
      handle
          .createUpdate(
              "INSERT INTO alert_group (subscription, group_key, state, flush_at)"
                  + " VALUES (:subscription, :key, :state, :flush)")
          .bind("subscription", subscription)
          .bind("key", shortened(key))
          .bind("state", Json.write(state))
          .bind("flush", MatchTable.millis(state.next()))
          .execute();
    }
  }

  /** Locks groups that are to be looked at; what another instance has locked is left out. */
  public static List<Row> due(Handle handle, Instant now, int limit) {
    return handle
        .createQuery(
            "SELECT subscription, group_key, state FROM alert_group WHERE flush_at <= :now"
                + " ORDER BY flush_at LIMIT :limit FOR UPDATE SKIP LOCKED")
        .bind("now", now.toEpochMilli())
        .bind("limit", limit)
        .map((row, context) -> row(row))
        .list();
  }

  /** It is looked at later. */
  public static void postpone(Handle handle, Row row, Instant until) {
    handle
        .createUpdate(
            "UPDATE alert_group SET flush_at = :until WHERE subscription = :subscription"
                + " AND group_key = :key")
        .bind("subscription", row.subscription())
        .bind("key", row.key())
        .bind("until", until.toEpochMilli())
        .execute();
  }

  /** Forgets one group. */
  public static void remove(Handle handle, String subscription, String key) {
    handle
        .createUpdate(
            "DELETE FROM alert_group WHERE subscription = :subscription AND group_key = :key")
        .bind("subscription", subscription)
        .bind("key", shortened(key))
        .execute();
  }

  /** Forgets all groups of a subscription. */
  public static void remove(Handle handle, String subscription) {
    handle
        .createUpdate("DELETE FROM alert_group WHERE subscription = :subscription")
        .bind("subscription", subscription)
        .execute();
  }

  /** A key is as long as an alert's organisations; the table's column is not. */
  public static String shortened(String key) {
    if (key.length() <= MAX_KEY) {
      return key;
    }
    String digest = Hashing.sha256().hashString(key, StandardCharsets.UTF_8).toString();
    return key.substring(0, MAX_KEY - digest.length() - 1) + "~" + digest;
  }

  private static Row row(ResultSet row) throws SQLException {
    try {
      return new Row(
          row.getString("subscription"),
          row.getString("group_key"),
          Json.read(row.getString("state"), GroupState.class));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "group " + row.getString("group_key") + " cannot be read back", e);
    }
  }
}
