package dev.pactwatch.config;

/**
 * Something a user wrote cannot be used. The message is one line that names the file and, where
 * known, line and field, and is meant to be shown as it is.
 */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }

  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
