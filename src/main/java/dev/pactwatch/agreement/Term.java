package dev.pactwatch.agreement;

import java.util.List;

/**
 * One thing an agreement grants.
 *
 * @param topic node of the topic tree that the term covers with all that lies under it
 * @param grantor organisation id of the party that is bound
 * @param beneficiary organisation id of the party that enjoys the term
 * @param scope in words, may be null
 * @param carveOuts topics under {@code topic} that the term does not cover
 */
public record Term(
    TermKind kind,
    String topic,
    String grantor,
    String beneficiary,
    String scope,
    List<String> carveOuts) {

  public Term {
    carveOuts = carveOuts == null ? List.of() : List.copyOf(carveOuts);
  }
}
