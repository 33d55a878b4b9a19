package dev.pactwatch.notify.subscription;

import com.google.common.base.Suppliers;
import dev.pactwatch.config.Yaml;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What ids there are, so that a misspelt one is refused rather than never matched. Read when the
 * first one is to be checked.
 */
public final class KnownIds {

  /** Takes every id. */
  public static final KnownIds UNCHECKED = new KnownIds(null, null);

  private final Supplier<Set<String>> organisations;
  private final Supplier<Set<String>> agreements;

  private KnownIds(Supplier<Set<String>> organisations, Supplier<Set<String>> agreements) {
    this.organisations = organisations;
    this.agreements = agreements;
  }

  /**
   * @param organisations of the lexicon; null where they are not checked
   * @param agreements ids and chains of the registry; null where they are not checked
   */
  public static KnownIds of(Supplier<Set<String>> organisations, Supplier<Set<String>> agreements) {
    return new KnownIds(memoized(organisations), memoized(agreements));
  }

  private static Supplier<Set<String>> memoized(Supplier<Set<String>> ids) {
    return ids == null ? null : Suppliers.memoize(ids::get);
  }

  void checkOrganisation(Yaml field) {
    check(field, "organisation", organisations);
  }

  void checkAgreement(Yaml field) {
    check(field, "agreement", agreements);
  }

  private static void check(Yaml field, String kind, Supplier<Set<String>> ids) {
    if (ids == null) {
      return;
    }
    Set<String> known = ids.get();
    if (!known.contains(field.text())) {
      throw field.problem(
          "'"
              + field.text()
              + "' is no known "
              + kind
              + nearest(field.text(), known)
                  .map(near -> "; did you mean '" + near + "'?")
                  .orElse(""));
    }
  }

  /** The known name that looks most alike; empty where none does. */
  static Optional<String> nearest(String wanted, Set<String> known) {
    int atMost = Math.max(1, wanted.length() / 3);
    return known.stream()
        .filter(name -> Math.abs(name.length() - wanted.length()) <= atMost)
        .filter(name -> distance(wanted, name) <= atMost)
        .min(
            Comparator.<String>comparingInt(name -> distance(wanted, name))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** Letters to be put in, taken out or changed, whatever the case. */
  private static int distance(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int column = 0; column <= to.length(); column++) {
      above[column] = column;
    }
    for (int row = 1; row <= from.length(); row++) {
      int[] line = new int[to.length() + 1];
      line[0] = row;
      for (int column = 1; column <= to.length(); column++) {
        boolean same =
            Character.toLowerCase(from.charAt(row - 1))
                == Character.toLowerCase(to.charAt(column - 1));
        line[column] =
            Math.min(
                above[column - 1] + (same ? 0 : 1), Math.min(above[column], line[column - 1]) + 1);
      }
      above = line;
    }
    return above[to.length()];
  }
}
