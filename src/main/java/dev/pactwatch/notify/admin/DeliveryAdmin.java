package dev.pactwatch.notify.admin;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.notify.store.AttemptTable;
import dev.pactwatch.notify.store.MatchState;
import dev.pactwatch.notify.store.MatchTable;
import dev.pactwatch.notify.store.MessageState;
import dev.pactwatch.notify.store.MessageTable;
import dev.pactwatch.notify.store.NotifyDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** The delivery log, and sending again. */
public final class DeliveryAdmin {

  /** The longest time of which messages are sent again at once. */
  public static final Duration LONGEST = Duration.ofDays(30);

  /** Rows that are read at a time. */
  static final int PAGE = 1_000;

  private static final String KIND = "delivery";

  /**
   * A message.
   *
   * @param seq for the next page: those before it
   * @param alert null where it tells of several alerts or none
   * @param next when the next attempt is due; null for none
   * @param problem why the last attempt failed; null where it did not
   */
  public record Shown(
      String id,
      long seq,
      String subscription,
      String alert,
      String kind,
      MessageState state,
      int attempts,
      Instant made,
      Instant next,
      Instant done,
      String problem) {

    static Shown of(MessageTable.Row row) {
      return new Shown(
          row.id(),
          row.seq(),
          row.subscription(),
          row.alertId(),
          Kebab.of(row.kind()),
          row.state(),
          row.attempts(),
          row.made(),
          row.due(),
          row.done(),
          row.problem());
    }
  }

  /**
   * A page of the log.
   *
   * @param deliveries newest first
   * @param next what to ask the next page with; null where there is none
   */
  public record Listing(List<Shown> deliveries, Long next) {}

  /**
   * A message with all that is known of it.
   *
   * @param body as sent, in words; hostile
   * @param tells which revisions it tells of
   * @param log oldest first; the receivers' answers in it are hostile
   */
  public record Details(
      Shown delivery,
      String contentType,
      Map<String, String> headers,
      String body,
      List<MatchTable.Row> tells,
      List<AttemptTable.Row> log) {}

  /**
   * Which messages to send again.
   *
   * @param subscription null for all
   * @param state {@code dead} or {@code delivered}; null for the dead
   * @param since made at or after; null only for what is dead, and then for any time
   * @param until made before; null for now
   */
  public record Range(String subscription, MessageState state, Instant since, Instant until) {}

  /**
   * What matched, and what became of it.
   *
   * @param bySubscription of those that have any
   */
  public record Counts(
      SubscriptionAdmin.Counts all, Map<String, SubscriptionAdmin.Counts> bySubscription) {}

  private final NotifyDatabase database;
  private final InstantSource clock;

  DeliveryAdmin(NotifyDatabase database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** A page of the log; every filter may be null. */
  public Listing list(MessageTable.Wanted wanted) {
    List<MessageTable.Row> rows =
        database.read(
            handle ->
                MessageTable.list(
                    handle,
                    new MessageTable.Wanted(
                        wanted.subscription(),
                        wanted.alertId(),
                        wanted.state(),
                        wanted.since(),
                        wanted.until(),
                        wanted.beforeSeq(),
                        wanted.limit() + 1)));
    boolean more = rows.size() > wanted.limit();
    List<MessageTable.Row> page = more ? rows.subList(0, wanted.limit()) : rows;
    return new Listing(
        page.stream().map(Shown::of).toList(), more ? page.get(page.size() - 1).seq() : null);
  }

  /**
   * @throws UnknownIdException when there is none
   */
  public Details show(String id) {
    return database.read(
        handle -> {
          MessageTable.Row row = find(handle, id);
          return new Details(
              Shown.of(row),
              row.message().contentType(),
              new TreeMap<>(row.message().headers()),
              new String(row.message().body(), StandardCharsets.UTF_8),
              MatchTable.ofMessage(handle, id),
              AttemptTable.ofMessage(handle, id));
        });
  }

  /**
   * Sends one again, with its key and bytes; one that waits is sent now. One that is under way is
   * left alone.
   *
   * @throws UnknownIdException when there is none
   */
  public Shown retry(String id, String who) {
    return database.inTransaction(
        handle -> {
          MessageTable.Row row = find(handle, id);
          again(handle, row);
          NotifyAdmin.note(handle, clock, who, "sent-again", id, row.subscription());
          return Shown.of(find(handle, id));
        });
  }

  /**
   * Sends many again, with their keys and bytes, as fast as each subscription lets it.
   *
   * @return how many
   * @throws ConfigException when the range is too long, or lacks its beginning
   */
  public int retry(Range range, String who) {
    MessageState state = range.state() == null ? MessageState.DEAD : range.state();
    Instant now = clock.instant();
    Instant until = range.until() == null || range.until().isAfter(now) ? now : range.until();
    if (state != MessageState.DEAD && state != MessageState.DELIVERED) {
      throw new ConfigException(
          "state: only what is dead or delivered is sent again, not " + state.label());
    }
    if (range.since() == null && state == MessageState.DELIVERED) {
      throw new ConfigException("since: is needed for what was delivered");
    }
    if (range.since() != null
        && (!range.since().isBefore(until)
            || Duration.between(range.since(), until).compareTo(LONGEST) > 0)) {
      throw new ConfigException(
          "since: must lie before 'until', and no more than " + LONGEST.toDays() + " days");
    }
    return database.inTransaction(
        handle -> {
          List<MessageTable.Row> wanted = new ArrayList<>();
          Long before = null;
          while (true) {
            List<MessageTable.Row> page =
                MessageTable.list(
                    handle,
                    new MessageTable.Wanted(
                        range.subscription(), null, state, range.since(), until, before, PAGE));
            wanted.addAll(page);
            if (page.size() < PAGE) {
              break;
            }
            before = page.get(page.size() - 1).seq();
          }
          wanted.forEach(row -> again(handle, row));
          NotifyAdmin.note(
              handle,
              clock,
              who,
              "sent-again",
              range.subscription() == null ? "*" : range.subscription(),
              wanted.size()
                  + " "
                  + state.label()
                  + (range.since() == null ? "" : " since " + range.since())
                  + " until "
                  + until);
          return wanted.size();
        });
  }

  private void again(Handle handle, MessageTable.Row row) {
    Instant now = clock.instant();
    MessageTable.again(handle, row.id(), now);
    if (row.state() == MessageState.DEAD) {
      // What it tells is on its way once more.
      MatchTable.settle(handle, row.id(), MatchState.PENDING, now);
    }
  }

  /** What matched and what became of it, over all subscriptions there ever were. */
  public Counts counts() {
    return database.read(
        handle -> {
          Map<String, SubscriptionAdmin.Counts> each = new TreeMap<>();
          Map<String, Map<MessageState, Long>> messages = MessageTable.countsBySubscription(handle);
          MatchTable.countsBySubscription(handle)
              .forEach(
                  (id, matched) ->
                      each.put(
                          id,
                          SubscriptionAdmin.Counts.of(
                              matched,
                              MatchTable.suppressions(handle, id),
                              messages.getOrDefault(id, Map.of()))));
          return new Counts(
              SubscriptionAdmin.Counts.of(
                  MatchTable.counts(handle, null),
                  MatchTable.suppressions(handle, null),
                  MessageTable.counts(handle, null)),
              each);
        });
  }

  private static MessageTable.Row find(Handle handle, String id) {
    return MessageTable.find(handle, id).orElseThrow(() -> new UnknownIdException(KIND, id));
  }
}
