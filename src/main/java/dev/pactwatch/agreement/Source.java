package dev.pactwatch.agreement;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * Where a record comes from.
 *
 * @param date as given, of year, month or day precision; may be null
 * @param type such as {@code primary} or {@code secondary}, may be null
 * @param access how it was read, may be null
 */
public record Source(
    String title, String publisher, String date, String url, String type, String access) {

  /** The text, where it is the address of a page. */
  public static Optional<String> address(String text) {
    try {
      URI uri = new URI(text.strip());
      boolean page =
          uri.getHost() != null
              && ("http".equalsIgnoreCase(uri.getScheme())
                  || "https".equalsIgnoreCase(uri.getScheme()));
      return page ? Optional.of(text.strip()) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
