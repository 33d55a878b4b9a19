package dev.pactwatch.agreement;

import java.time.LocalDate;

/**
 * What to ask the registry.
 *
 * @param date the day
 * @param grantor organisation id or name, null for any
 * @param beneficiary organisation id or name, null for any
 * @param topic null for any
 * @param covering false: only terms on exactly this topic, as the record words it. True: also terms
 *     on a broader topic that the tree puts above it and that do not carve it out. A narrow
 *     question answered by a broad term is a reading, so it must be asked for.
 */
public record AsOf(
    LocalDate date, String grantor, String beneficiary, String topic, boolean covering) {

  /** Everything that holds on a day. */
  public static AsOf on(LocalDate date) {
    return new AsOf(date, null, null, null, false);
  }
}
