package dev.pactwatch.ingest;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code Link} header of RFC 8288, as far as feeds need it. */
final class LinkHeader {

  private static final int LONGEST = 8192;

  private static final Pattern LINK =
      Pattern.compile(
          "<([^<>]{1,2048})>((?:\\s*;\\s*[\\w*-]+\\s*(?:=\\s*(?:\"[^\"]*\"|[^\\s;,\"]*))?)*)");
  private static final Pattern REL =
      Pattern.compile(";\\s*rel\\s*=\\s*(?:\"([^\"]*)\"|([^\\s;,\"]+))", Pattern.CASE_INSENSITIVE);

  private LinkHeader() {}

  /**
   * @param values of all {@code Link} headers of a response
   * @return the first target of this relation, as written
   */
  static Optional<String> target(List<String> values, String relation) {
    for (String value : values) {
      Matcher link = LINK.matcher(value.substring(0, Math.min(LONGEST, value.length())));
      while (link.find()) {
        Matcher rel = REL.matcher(link.group(2));
        if (rel.find()) {
          String names = rel.group(1) == null ? rel.group(2) : rel.group(1);
          if (List.of(names.toLowerCase(Locale.ROOT).split("\\s+")).contains(relation)) {
            return Optional.of(link.group(1).strip());
          }
        }
      }
    }
    return Optional.empty();
  }
}
