package dev.pactwatch.notify.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Who changed what of the notifier, and when. Only ever added to; each row seals the one before.
 */
public final class AuditTable {

  /**
   * @param action such as {@code put}, {@code removed}, {@code silenced}
   * @param subject what was changed
   * @param detail what it is now, without secrets; may be null
   */
  public record Row(
      long seq,
      Instant at,
      String who,
      String action,
      String subject,
      String detail,
      String previous,
      String hash) {}

  private static final String FIRST = "";

  private AuditTable() {}

  public static void add(
      Handle handle, Instant at, String who, String action, String subject, String detail) {
    String previous =
        handle.createQuery("SELECT hash FROM audit_head FOR UPDATE").mapTo(String.class).one();
    String hash = hash(previous, at.toEpochMilli(), who, action, subject, detail);
    handle.createUpdate("UPDATE audit_head SET hash = :hash").bind("hash", hash).execute();
    handle
        .createUpdate(
            "INSERT INTO audit (at, who, action, subject, detail, previous, hash)"
                + " VALUES (:at, :who, :action, :subject, :detail, :previous, :hash)")
        .bind("at", at.toEpochMilli())
        .bind("who", who)
        .bind("action", action)
        .bind("subject", subject)
        .bind("detail", detail)
        .bind("previous", previous)
        .bind("hash", hash)
        .execute();
  }

  /** Newest first. */
  public static List<Row> list(Handle handle, int limit) {
    return handle
        .createQuery("SELECT * FROM audit ORDER BY seq DESC LIMIT :limit")
        .bind("limit", limit)
        .map(
            (row, context) ->
                new Row(
                    row.getLong("seq"),
                    Instant.ofEpochMilli(row.getLong("at")),
                    row.getString("who"),
                    row.getString("action"),
                    row.getString("subject"),
                    row.getString("detail"),
                    row.getString("previous"),
                    row.getString("hash")))
        .list();
  }

  /** Numbers of the rows that were changed, or before which one is missing. */
  public static List<Long> broken(Handle handle) {
    List<Long> broken = new ArrayList<>();
    String previous = FIRST;
    List<Row> rows = new ArrayList<>(list(handle, Integer.MAX_VALUE));
    java.util.Collections.reverse(rows);
    for (Row row : rows) {
      String expected =
          hash(
              row.previous(),
              row.at().toEpochMilli(),
              row.who(),
              row.action(),
              row.subject(),
              row.detail());
      if (!row.previous().equals(previous) || !row.hash().equals(expected)) {
        broken.add(row.seq());
      }
      previous = row.hash();
    }
    return broken;
  }

  private static String hash(
      String previous, long at, String who, String action, String subject, String detail) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part :
          List.of(
              previous, Long.toString(at), who, action, subject, detail == null ? "" : detail)) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
