package dev.pactwatch.notify.admin;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.delivery.Catalogue;
import dev.pactwatch.notify.policy.Matchers;
import dev.pactwatch.notify.policy.Reason;
import dev.pactwatch.notify.policy.Silence;
import dev.pactwatch.notify.policy.TimeInterval;
import dev.pactwatch.notify.store.AlertTable;
import dev.pactwatch.notify.store.MatchTable;
import dev.pactwatch.notify.store.NotifyDatabase;
import dev.pactwatch.notify.store.SilenceTable;
import dev.pactwatch.notify.subscription.Durations;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Silences: made, looked at, ended. */
public final class SilenceAdmin {

  private static final String KIND = "silence";

  /** More open alerts than that are not asked whether a silence would match them. */
  private static final int MAX_OPEN = 10_000;

  private static final int MAX_SHOWN = 100;
  private static final int MAX_REQUEST = 200;

  /**
   * A silence and where it stands.
   *
   * @param next when its state is another; null for never
   * @param expireAfterIdle such as {@code 2h}; null for never
   */
  public record Shown(
      String id,
      Silence.State state,
      Instant next,
      String matchers,
      Instant startsAt,
      Instant endsAt,
      String createdBy,
      String comment,
      List<String> during,
      String expireAfterIdle,
      Silence.AtEnd atEnd,
      Instant lastMatched) {}

  /**
   * What conditions would match.
   *
   * @param total alerts that are open now and match
   * @param alerts the newest of them
   */
  public record Matching(int total, List<Alert> alerts) {}

  private final NotifyDatabase database;
  private final Catalogue catalogue;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  SilenceAdmin(NotifyDatabase database, Catalogue catalogue, InstantSource clock) {
    this.database = database;
    this.catalogue = catalogue;
    this.clock = clock;
  }

  /**
   * Makes a silence.
   *
   * @param document as {@link Silence#read} reads it, in JSON or YAML
   * @param request what the client calls its request: sent twice it makes one silence; null for
   *     nothing
   * @throws ConfigException naming the field that cannot be used
   */
  public Shown add(String document, String who, String request) {
    if (request != null && (request.isBlank() || request.length() > MAX_REQUEST)) {
      throw new ConfigException(
          "the key of a request must be a text of up to " + MAX_REQUEST + " characters");
    }
    Map<String, TimeInterval> intervals = intervals();
    Instant now = clock.instant();
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    String id = "s-" + HexFormat.of().formatHex(bytes);
    Silence wanted =
        Silence.read(
            Yaml.parse(KIND, document), id, NotifyAdmin.name(who), now, intervals::containsKey);
    Silence made =
        database.inTransaction(
            handle -> {
              Silence standing = SilenceTable.add(handle, wanted, request, now);
              if (standing.id().equals(id)) {
                NotifyAdmin.note(handle, clock, who, "silenced", id, Json.write(standing));
              }
              return standing;
            });
    return shown(made, now, intervals);
  }

  /** Which open alerts these conditions match: a text, or a list of texts. */
  public Matching preview(String document) {
    Yaml root = Yaml.parse(KIND, document);
    Matchers matchers = Matchers.read(root.isMap() ? root.need("matchers") : root);
    List<Alert> found =
        database.read(handle -> AlertTable.open(handle, MAX_OPEN)).stream()
            .map(AlertTable.Row::alert)
            .filter(matchers::matches)
            .toList();
    return new Matching(found.size(), found.stream().limit(MAX_SHOWN).toList());
  }

  /**
   * The newest first.
   *
   * @param states which; empty for all
   */
  public List<Shown> list(Set<Silence.State> states, int limit) {
    Map<String, TimeInterval> intervals = intervals();
    Instant now = clock.instant();
    return database.read(handle -> SilenceTable.list(handle, limit)).stream()
        .map(silence -> shown(silence, now, intervals))
        .filter(one -> states.isEmpty() || states.contains(one.state()))
        .toList();
  }

  /**
   * @throws UnknownIdException when there is none
   */
  public Shown show(String id) {
    return shown(find(id), clock.instant(), intervals());
  }

  /**
   * Ends it now. What it held back is told if it is still open, unless the silence was to drop it.
   *
   * @throws UnknownIdException when there is none
   */
  public Shown expire(String id, String who) {
    Map<String, TimeInterval> intervals = intervals();
    Instant now = clock.instant();
    Silence silence = find(id);
    if (silence.state(now, intervals) == Silence.State.EXPIRED) {
      return shown(silence, now, intervals);
    }
    Silence ended = endedAt(silence, now);
    database.useTransaction(
        handle -> {
          SilenceTable.change(handle, ended);
          if (silence.atEnd() == Silence.AtEnd.SEND) {
            MatchTable.review(handle, Reason.SILENCE.label(), id, now);
          }
          NotifyAdmin.note(handle, clock, who, "expired", id, null);
        });
    return shown(ended, now, intervals);
  }

  /** One that has not begun yet never does. */
  private static Silence endedAt(Silence silence, Instant now) {
    if (!silence.startsAt().isAfter(now)) {
      return silence.endedAt(now);
    }
    return new Silence(
        silence.id(),
        silence.matchers(),
        now,
        now,
        silence.createdBy(),
        silence.comment(),
        silence.during(),
        silence.expireAfterIdle(),
        silence.atEnd(),
        silence.lastMatched());
  }

  private Silence find(String id) {
    return database
        .read(handle -> SilenceTable.find(handle, id))
        .orElseThrow(() -> new UnknownIdException(KIND, id));
  }

  private Map<String, TimeInterval> intervals() {
    return catalogue.refresh().file().intervals();
  }

  private static Shown shown(Silence silence, Instant now, Map<String, TimeInterval> intervals) {
    return new Shown(
        silence.id(),
        silence.state(now, intervals),
        silence.nextChange(now, intervals).orElse(null),
        silence.matchers().toString(),
        silence.startsAt(),
        silence.endsAt(),
        silence.createdBy(),
        silence.comment(),
        silence.during(),
        silence.expireAfterIdle() == null ? null : Durations.format(silence.expireAfterIdle()),
        silence.atEnd(),
        silence.lastMatched());
  }
}
