package dev.pactwatch.web;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Status;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The way an event goes, and how far it has come. */
final class StatusPath {

  /** A station of the way. */
  enum State {
    /** It was reported there. */
    SEEN,
    /** It lies before where the event is, and nobody reported it. */
    PASSED,
    /** Where the event is. */
    HERE,
    /** It has not come so far, and may never. */
    AHEAD
  }

  /**
   * @param state {@code seen}, {@code passed}, {@code here} or {@code ahead}
   */
  public record Step(String label, String state) {}

  private StatusPath() {}

  static List<Step> of(Alert alert) {
    Status status = alert.event().status();
    Set<Status> reported = EnumSet.noneOf(Status.class);
    alert.articles().forEach(article -> reported.add(article.status()));
    List<Status> way = way(alert.event().type(), status);
    int here = way.indexOf(status);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < way.size(); i++) {
      Status one = way.get(i);
      State state =
          i == here
              ? State.HERE
              : i > here ? State.AHEAD : reported.contains(one) ? State.SEEN : State.PASSED;
      steps.add(new Step(one.label().replace('-', ' '), state.name().toLowerCase(Locale.ROOT)));
    }
    return List.copyOf(steps);
  }

  /** The usual way, with the station that the event is at where that lies aside of it. */
  private static List<Status> way(EventType type, Status status) {
    if (type == EventType.CLOUD_PARTNERSHIP) {
      return switch (status) {
        case DENIED -> List.of(Status.IN_TALKS, Status.DENIED);
        case EXPANDED, AMENDED -> List.of(Status.IN_TALKS, Status.AGREED, status, Status.ENDED);
        default -> List.of(Status.IN_TALKS, Status.AGREED, Status.ENDED);
      };
    }
    return switch (status) {
      case ONGOING ->
          List.of(Status.THREATENED, Status.FILED, status, Status.RULED, Status.SETTLED);
      case APPEALED ->
          List.of(Status.THREATENED, Status.FILED, Status.RULED, status, Status.SETTLED);
      case DISMISSED, DROPPED -> List.of(Status.THREATENED, Status.FILED, Status.RULED, status);
      default -> List.of(Status.THREATENED, Status.FILED, Status.RULED, Status.SETTLED);
    };
  }
}
