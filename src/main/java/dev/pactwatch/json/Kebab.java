package dev.pactwatch.json;

import java.util.Locale;

/** How constants are written outside Java: {@code IN_TALKS} as {@code in-talks}. */
public final class Kebab {

  private Kebab() {}

  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
