package dev.pactwatch.agreement;

/** A term that holds on the day asked for, with the revision it stands in. */
public record InForce(Agreement agreement, Term term, Standing certainty) {

  /** The day up to which somebody looked, may be null. */
  public PartialDate checkedTo() {
    return agreement.checkedTo();
  }

  /** The source to cite, may be null. */
  public Source source() {
    return agreement.bestSource();
  }
}
