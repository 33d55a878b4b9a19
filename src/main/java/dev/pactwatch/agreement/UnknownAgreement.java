package dev.pactwatch.agreement;

/** There is no agreement of this id. */
public final class UnknownAgreement extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UnknownAgreement(String id) {
    super("no agreement '" + id + "'");
  }
}
