package dev.pactwatch.replay;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * What is known of a replay; {@code manifest.json} in its folder.
 *
 * @param id name of the folder
 * @param state as it was written last: a process that was killed cannot say so
 * @param finished null while it is not
 * @param asked what the replay is of
 * @param input the news; null before it was read
 * @param first the pass with the first set
 * @param second the pass with the set that is compared; null where none is
 * @param differences of the two; null before they were compared
 * @param problem why it failed; null where it did not
 */
public record ReplayManifest(
    String id,
    State state,
    Instant created,
    Instant finished,
    Asked asked,
    Input input,
    Side first,
    Side second,
    Differences differences,
    String problem) {

  /** How far a replay is. */
  public enum State {
    /** Made, and not begun. */
    NEW,
    /** Under way, or interrupted: see {@link ReplayStore.Entry#state}. */
    RUNNING,
    /** Nobody works on it; it can be resumed. */
    INTERRUPTED,
    DONE,
    FAILED;

    @JsonValue
    public String label() {
      return Kebab.of(this);
    }
  }

  /**
   * What somebody asked for.
   *
   * @param sources as {@link ReplaySources#of} reads them
   * @param from first day, null for all
   * @param to last day, null for all
   * @param speed event time per wall time; 0 for as fast as it goes
   * @param touches whether an event that merely names a party alerts
   * @param notified the one subscription that is told; null for nobody
   * @param by who asked, may be null
   */
  public record Asked(
      List<String> sources,
      LocalDate from,
      LocalDate to,
      double speed,
      boolean touches,
      String notified,
      String by) {

    public Asked {
      sources = List.copyOf(sources);
    }
  }

  /**
   * The news, as {@link ReplayInput} has it.
   *
   * @param sha256 the same hash is the same news
   */
  public record Input(
      long articles,
      Instant oldest,
      Instant newest,
      String sha256,
      int files,
      int refused,
      int rejected) {}

  /**
   * One pass.
   *
   * @param name where the set was taken from, for people
   * @param pass null before it ended
   */
  public record Side(String name, ReplaySet.Versions versions, Pass pass) {}

  /**
   * What a pass gave.
   *
   * @param events found
   * @param eventful articles with events
   * @param alerts that hold at the end
   * @param revisions of them
   * @param seconds of work on articles, those before an interruption not counted
   * @param eventsHash SHA-256 of {@code events.jsonl}
   * @param alertsHash SHA-256 of {@code alerts.jsonl}
   */
  public record Pass(
      long events,
      long eventful,
      long alerts,
      long revisions,
      double seconds,
      String eventsHash,
      String alertsHash) {}

  /** How many alerts come, go and change with the second set. */
  public record Differences(int added, int removed, int changed) {

    public boolean none() {
      return added == 0 && removed == 0 && changed == 0;
    }
  }

  ReplayManifest with(State next, Instant at, String why) {
    return new ReplayManifest(id, next, created, at, asked, input, first, second, differences, why);
  }

  ReplayManifest with(Input read) {
    return new ReplayManifest(
        id, state, created, finished, asked, read, first, second, differences, problem);
  }

  ReplayManifest withFirst(Side side) {
    return new ReplayManifest(
        id, state, created, finished, asked, input, side, second, differences, problem);
  }

  ReplayManifest withSecond(Side side) {
    return new ReplayManifest(
        id, state, created, finished, asked, input, first, side, differences, problem);
  }

  ReplayManifest with(Differences found) {
    return new ReplayManifest(
        id, state, created, finished, asked, input, first, second, found, problem);
  }
}
