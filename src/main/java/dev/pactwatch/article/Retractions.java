package dev.pactwatch.article;

import dev.pactwatch.config.Yaml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Tells an article that its publisher took back, by the words of {@code config/retractions.yaml}.
 * Immutable.
 */
public final class Retractions {

  /** Recognises none. */
  public static final Retractions NONE = new Retractions(List.of(), List.of());

  /** A notice stands before what it takes back. */
  private static final int NOTICE_WITHIN = 400;

  private final Pattern mark;
  private final List<String> notices;

  private Retractions(List<String> marks, List<String> notices) {
    String any = marks.stream().map(Pattern::quote).collect(Collectors.joining("|"));
    this.mark =
        marks.isEmpty()
            ? null
            : Pattern.compile(
                "^\\s*(?:" + any + ")\\s*[:\\u2013\\u2014-]|[\\[(]\\s*(?:" + any + ")\\s*[\\])]",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    this.notices = notices.stream().map(Retractions::folded).toList();
  }

  /**
   * @param file may be missing: then none is recognised
   * @throws dev.pactwatch.config.ConfigException when the file cannot be used
   */
  public static Retractions load(Path file) {
    if (!Files.exists(file)) {
      return NONE;
    }
    Yaml root = Yaml.read(file);
    root.map(Set.of("marks", "notices"));
    return new Retractions(
        root.get("marks").map(Yaml::texts).orElse(List.of()),
        root.get("notices").map(Yaml::texts).orElse(List.of()));
  }

  /** Whether this version of the article takes the article back. */
  public boolean retracted(Article article) {
    return (mark != null && mark.matcher(article.headline()).find())
        || noticed(article.summary())
        || noticed(article.body());
  }

  private boolean noticed(String text) {
    if (text == null) {
      return false;
    }
    String start = folded(text.substring(0, Math.min(text.length(), NOTICE_WITHIN)));
    return notices.stream().anyMatch(start::contains);
  }

  /** In small letters, each run of white space one space. */
  private static String folded(String text) {
    char[] folded = new char[text.length()];
    int length = 0;
    boolean gap = false;
    for (int i = 0; i < folded.length; i++) {
      char letter = text.charAt(i);
      if (Character.isWhitespace(letter)) {
        gap = length > 0;
      } else {
        if (gap) {
          folded[length++] = ' ';
          gap = false;
        }
        folded[length++] = Character.toLowerCase(letter);
      }
    }
    return new String(folded, 0, length);
  }
}
