package dev.pactwatch.agreement;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;

/**
 * One thing an agreement grants.
 *
 * @param topic node of the topic tree that the term covers with all that lies under it
 * @param grantor organisation id of the party that is bound
 * @param beneficiary organisation id of the party that enjoys the term
 * @param scope in words, may be null
 * @param carveOuts topics under {@code topic} that the term does not cover
 * @param until when this term ends, where that is not when the agreement does; read like {@link
 *     Agreement#effectiveTo}; may be null
 * @param grantorSupplies true where the grantor is the one who supplies, such as a data centre
 *     leased to one tenant alone; null where it is the one who buys
 * @param products names to which the term is limited; empty for no such limit
 */
public record Term(
    TermKind kind,
    String topic,
    String grantor,
    String beneficiary,
    String scope,
    List<String> carveOuts,
    PartialDate until,
    Boolean grantorSupplies,
    List<String> products) {

  @JsonCreator
  public Term {
    carveOuts = carveOuts == null ? List.of() : List.copyOf(carveOuts);
    products = products == null ? List.of() : List.copyOf(products);
  }

  /** A term without an end of its own, by which the grantor buys, limited to no product. */
  public Term(
      TermKind kind,
      String topic,
      String grantor,
      String beneficiary,
      String scope,
      List<String> carveOuts) {
    this(kind, topic, grantor, beneficiary, scope, carveOuts, null, null, null);
  }
}
