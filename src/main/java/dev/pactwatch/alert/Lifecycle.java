package dev.pactwatch.alert;

import dev.pactwatch.tagging.Status;

/**
 * How far statuses have come. A deal goes from talks over agreement and change to its end; a
 * litigation from threat over filing, hearing and ruling to its outcome. A report never takes an
 * alert back.
 */
public final class Lifecycle {

  private Lifecycle() {}

  /** Whether the second status lies beyond the first. */
  public static boolean advances(Status from, Status to) {
    return from.type() == to.type() && rank(to) > rank(from);
  }

  static int rank(Status status) {
    return switch (status) {
      case DENIED -> -1;
      case IN_TALKS, THREATENED -> 0;
      case AGREED, FILED -> 1;
      case EXPANDED, AMENDED, ONGOING -> 2;
      case ENDED, RULED -> 3;
      case DISMISSED -> 4;
      case APPEALED -> 5;
      case SETTLED, DROPPED -> 6;
    };
  }
}
