package dev.pactwatch.config;

import java.util.Optional;

/**
 * Something a user wrote cannot be used. The message is one line that names the file and, where
 * known, line and field, and is meant to be shown as it is.
 */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Place place;

  /**
   * Where the complaint is about, for those who show it in another form than a line.
   *
   * @param line 1-based
   * @param field path such as {@code agreements[0].title}, empty for the whole text
   * @param problem the message without the place
   */
  public record Place(int line, String field, String problem) {}

  public ConfigException(String message) {
    super(message);
    this.place = null;
  }

  public ConfigException(String message, Throwable cause) {
    super(message, cause);
    this.place = null;
  }

  /** A complaint about one place of a file. */
  public ConfigException(String file, Place place) {
    super(
        file
            + ":"
            + place.line()
            + ": "
            + (place.field().isEmpty() ? "" : place.field() + ": ")
            + place.problem());
    this.place = place;
  }

  /** Empty where the complaint is about a file as a whole, or about no file. */
  public Optional<Place> place() {
    return Optional.ofNullable(place);
  }
}
