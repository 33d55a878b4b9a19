package dev.pactwatch.notify;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;

/** What standard output is connected to. */
final class Terminal {

  private static final int USUAL_COLUMNS = 80;

  private Terminal() {}

  /** {@code COLUMNS}, or the usual 80. */
  static int columns() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9][0-9]{0,3}")
        ? Integer.parseInt(columns)
        : USUAL_COLUMNS;
  }

  /** On a terminal only, and not when {@code NO_COLOR} is set or the terminal is dumb. */
  static boolean colour() {
    String noColor = System.getenv("NO_COLOR");
    return (noColor == null || noColor.isEmpty())
        && !"dumb".equals(System.getenv("TERM"))
        && isTerminal(System.console());
  }

  private static boolean isTerminal(Console console) {
    if (console == null) {
      return false;
    }
    try {
      // From Java 22 on there may be a console without a terminal, and this method to tell.
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (IllegalAccessException | InvocationTargetException e) {
      return false;
    }
  }
}
