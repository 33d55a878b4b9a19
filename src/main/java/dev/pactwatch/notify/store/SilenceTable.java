package dev.pactwatch.notify.store;

import dev.pactwatch.json.Json;
import dev.pactwatch.notify.policy.Matchers;
import dev.pactwatch.notify.policy.Silence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The silences. One that has ended is kept for a while, for who asks why something was quiet. */
public final class SilenceTable {

  /** A silence as it is kept; matchers stand as their text. */
  private record Kept(
      String matchers,
      Instant startsAt,
      Instant endsAt,
      String createdBy,
      String comment,
      List<String> during,
      Duration expireAfterIdle,
      Silence.AtEnd atEnd,
      Instant lastMatched) {}

  private SilenceTable() {}

  /**
   * Adds it.
   *
   * @param idempotency what the client calls its request, so that one sent twice counts once; null
   *     for none
   * @return the silence that now stands for the request: this one, or the one made before
   */
  public static Silence add(Handle handle, Silence silence, String idempotency, Instant now) {
    Optional<Silence> before =
        idempotency == null ? Optional.empty() : byRequest(handle, idempotency);
    if (before.isPresent()) {
      return before.get();
    }
    handle
        .createUpdate(
            "INSERT INTO silence (id, json, created_at, ends_at, idempotency)"
                + " VALUES (:id, :json, :now, :ends, :request) ON CONFLICT DO NOTHING")
        .bind("id", silence.id())
        .bind("json", json(silence))
        .bind("now", now.toEpochMilli())
        .bind("ends", ends(silence))
        .bind("request", idempotency)
        .execute();
    return idempotency == null ? silence : byRequest(handle, idempotency).orElse(silence);
  }

  /** Puts a changed one in the place of the one with its id; false where there is none. */
  public static boolean change(Handle handle, Silence silence) {
    return handle
            .createUpdate("UPDATE silence SET json = :json, ends_at = :ends WHERE id = :id")
            .bind("id", silence.id())
            .bind("json", json(silence))
            .bind("ends", ends(silence))
            .execute()
        == 1;
  }

  public static Optional<Silence> find(Handle handle, String id) {
    return handle
        .createQuery("SELECT id, json FROM silence WHERE id = :id")
        .bind("id", id)
        .map((row, context) -> row(row))
        .findFirst();
  }

  /** Those that have not ended by this time, the oldest first. */
  public static List<Silence> standing(Handle handle, Instant now) {
    return handle
        .createQuery("SELECT id, json FROM silence WHERE ends_at > :now ORDER BY created_at, id")
        .bind("now", now.toEpochMilli())
        .map((row, context) -> row(row))
        .list();
  }

  /** All, the newest first. */
  public static List<Silence> list(Handle handle, int limit) {
    return handle
        .createQuery("SELECT id, json FROM silence ORDER BY created_at DESC, id LIMIT :limit")
        .bind("limit", limit)
        .map((row, context) -> row(row))
        .list();
  }

  private static Optional<Silence> byRequest(Handle handle, String idempotency) {
    return handle
        .createQuery("SELECT id, json FROM silence WHERE idempotency = :request")
        .bind("request", idempotency)
        .map((row, context) -> row(row))
        .findFirst();
  }

  private static long ends(Silence silence) {
    return silence.endsAt() == null ? Long.MAX_VALUE : silence.endsAt().toEpochMilli();
  }

  private static String json(Silence silence) {
    return Json.write(
        new Kept(
            silence.matchers().toString(),
            silence.startsAt(),
            silence.endsAt(),
            silence.createdBy(),
            silence.comment(),
            silence.during(),
            silence.expireAfterIdle(),
            silence.atEnd(),
            silence.lastMatched()));
  }

  private static Silence row(ResultSet row) throws SQLException {
    try {
      Kept kept = Json.read(row.getString("json"), Kept.class);
      return new Silence(
          row.getString("id"),
          Matchers.parse(kept.matchers()),
          kept.startsAt(),
          kept.endsAt(),
          kept.createdBy(),
          kept.comment(),
          kept.during(),
          kept.expireAfterIdle(),
          kept.atEnd(),
          kept.lastMatched());
    } catch (IOException e) {
      throw new UncheckedIOException("silence " + row.getString("id") + " cannot be read back", e);
    }
  }
}
