package dev.pactwatch.lexicon;

import java.time.LocalDate;
import java.util.List;

/**
 * One way to write an organisation.
 *
 * @param text as written
 * @param letters how capitals are compared
 * @param needs words of which one must stand in the item; empty for none
 * @param not words of which none may stand in the item
 * @param from first day on which the alias means the organisation, may be null
 * @param to first day on which it no longer does, may be null
 * @param as what the alias is; null for a name
 */
public record Alias(
    String text,
    Letters letters,
    List<String> needs,
    List<String> not,
    LocalDate from,
    LocalDate to,
    As as) {

  public Alias {
    needs = List.copyOf(needs);
    not = List.copyOf(not);
  }

  /** How capitals are compared. */
  public enum Letters {
    /** A name: starts with a capital where the alias does; short acronyms are all capitals. */
    NAME,
    /** Letter for letter. */
    EXACT,
    /** Any case. */
    FOLD,
    /** All capitals in the text. */
    CAPS
  }

  /** What an alias is, if not a name. */
  public enum As {
    UNIT,
    PRODUCT,
    FORMER,
    DESCRIPTOR,
    PLACE
  }

  /** True where the alias means the organisation on this day; a null day accepts all. */
  public boolean holds(LocalDate day) {
    return day == null
        || ((from == null || !day.isBefore(from)) && (to == null || day.isBefore(to)));
  }
}
