package dev.pactwatch.agreement;

/**
 * What is known of an agreement besides what it is judged by. Everything may be null.
 *
 * @param recordType {@code agreement}, {@code clarification}, or another word of the registry
 * @param cluster the field of business it belongs to
 * @param territory in words
 * @param dateBasis what {@link Agreement#effectiveFrom} rests on, such as {@code announcement}
 * @param amounts in words
 * @param mutual true where each side is bound to the other
 * @param disputed true where a party or a court contests the term
 */
public record AgreementFacts(
    String recordType,
    String cluster,
    String territory,
    String dateBasis,
    String amounts,
    Boolean mutual,
    Boolean disputed) {

  /** Nothing known. */
  public static final AgreementFacts NONE =
      new AgreementFacts(null, null, null, null, null, null, null);
}
