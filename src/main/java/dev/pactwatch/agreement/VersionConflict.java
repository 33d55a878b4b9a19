package dev.pactwatch.agreement;

/** Somebody else changed what was to be changed; the message says what stands there now. */
public final class VersionConflict extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String version;

  VersionConflict(String what, String expected, String version) {
    super(
        what
            + " is at version "
            + version
            + ", not "
            + expected
            + ": somebody changed it meanwhile; read it again");
    this.version = version;
  }

  /** The version that stands there. */
  public String version() {
    return version;
  }
}
