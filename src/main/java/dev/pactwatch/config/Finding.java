package dev.pactwatch.config;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pactwatch.json.Kebab;

/**
 * What somebody who set this up should know.
 *
 * @param check what was looked at, in kebab-case
 * @param state how it is
 * @param what one line
 * @param mend how to mend it, one line; null where there is nothing to mend
 */
public record Finding(String check, State state, String what, String mend) {

  /** How something is. */
  public enum State {
    OK,
    /** Could not be looked at; why is said. */
    SKIPPED,
    /** Works less well than it should, or not at all. */
    WRONG,
    /** Running like this would lose or repeat news: the program refuses to start. */
    FATAL;

    @JsonValue
    public String label() {
      return Kebab.of(this);
    }
  }

  public static Finding ok(String check, String what) {
    return new Finding(check, State.OK, what, null);
  }

  public static Finding skipped(String check, String why) {
    return new Finding(check, State.SKIPPED, why, null);
  }

  public static Finding wrong(String check, String what, String mend) {
    return new Finding(check, State.WRONG, what, mend);
  }

  public static Finding fatal(String check, String what, String mend) {
    return new Finding(check, State.FATAL, what, mend);
  }

  /** Whether something is to be mended. */
  public boolean bad() {
    return state == State.WRONG || state == State.FATAL;
  }
}
