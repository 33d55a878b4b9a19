package dev.pactwatch.notify.subscription;

import java.util.Objects;

/** A text that must not be shown or logged: {@link #toString} hides it. */
public final class Secret {

  /** What stands in the place of a secret wherever one would be shown. */
  public static final String HIDDEN = "(hidden)";

  private final String value;

  public Secret(String value) {
    this.value = Objects.requireNonNull(value);
  }

  /** The text itself, for the one who sends or checks it. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && secret.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return HIDDEN;
  }
}
