package dev.pactwatch.notify.policy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/** Moments that a clock on a wall shows. */
final class LocalTimes {

  private LocalTimes() {}

  /**
   * When the clock shows this: the first time where it does so twice, and the first moment after it
   * where the clock is put forward over it.
   */
  static Instant first(LocalDateTime local, ZoneId zone) {
    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
    return offsets.isEmpty()
        ? zone.getRules().getTransition(local).getInstant()
        : local.toInstant(offsets.get(0));
  }
}
