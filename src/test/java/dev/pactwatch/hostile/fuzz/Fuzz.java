package dev.pactwatch.hostile.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the fuzzer calls, with the target by the property {@code fuzz.target}. */
public final class Fuzz {

  static final String TARGET = "fuzz.target";
  static final String RESULT = "fuzz.result";

  private static FuzzTarget target;
  private static long inputs;
  private static long through;

  private Fuzz() {}

  public static void fuzzerInitialize() {
    target = FuzzTarget.valueOf(System.getProperty(TARGET).toUpperCase(Locale.ROOT));
    Runtime.getRuntime().addShutdownHook(new Thread(Fuzz::report));
  }

  public static void fuzzerTestOneInput(byte[] input) {
    inputs++;
    if (target.use(input)) {
      through++;
    }
    // A process that is ended may not come to its hooks.
    if (inputs % 5_000 == 0) {
      report();
    }
  }

  private static void report() {
    try {
      Files.writeString(Path.of(System.getProperty(RESULT)), inputs + " " + through);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
