package dev.pactwatch.hostile.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Has Jazzer look for inputs that break a target, one target after the other, each in a process of
 * its own. Ends with status 1 when one was found, and also when hardly any input got through or
 * hardly any code was reached: then nothing was tried.
 */
public final class FuzzRun {

  private static final String JAZZER = "com.code_intelligence.jazzer.Jazzer";
  private static final Pattern COVERAGE = Pattern.compile("cov: (\\d+)");

  /** A run that reaches no more than this has not been told what to watch. */
  private static final int MIN_COVERAGE = 200;

  private FuzzRun() {}

  /**
   * @param args seconds for each target, then labels of targets with commas; all where there is
   *     none
   */
  public static void main(String[] args) throws Exception {
    int seconds = Integer.parseInt(args[0]);
    List<String> asked =
        args.length < 2 || args[1].isBlank() ? List.of() : List.of(args[1].split(","));
    boolean well = true;
    System.out.printf("%-10s %10s %8s %9s%n", "target", "inputs", "through", "coverage");
    for (FuzzTarget target : FuzzTarget.values()) {
      if (asked.isEmpty() || asked.contains(target.label())) {
        well &= run(target, seconds);
      }
    }
    System.exit(well ? 0 : 1);
  }

  private static boolean run(FuzzTarget target, int seconds)
      throws IOException, InterruptedException {
    Path folder =
        Files.createDirectories(Path.of("target", "fuzz", target.label())).toAbsolutePath();
    Path found = Files.createDirectories(folder.resolve("corpus"));
    Path result = folder.resolve("result.txt");
    Path log = folder.resolve("log.txt");
    Files.deleteIfExists(result);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Xss1m",
                "-D" + Fuzz.TARGET + "=" + target.label(),
                "-D" + Fuzz.RESULT + "=" + result,
                "-Dfuzz.planted=" + Boolean.getBoolean("fuzz.planted"),
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("java.class.path"),
                JAZZER,
                "--target_class=" + Fuzz.class.getName(),
                // Left to itself it watches our classes only, and the readers below them unwatched.
                "--instrumentation_includes=dev.pactwatch.**:com.rometools.**:org.jdom2.**"
                    + ":org.snakeyaml.**",
                "--custom_hook_includes=dev.pactwatch.**",
                // This one makes every XML parser fail, which looks like a feed that is none.
                "--disabled_hooks="
                    + "com.code_intelligence.jazzer.sanitizers.XmlParserSsrfGuidance",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-max_total_time=" + seconds,
                "-timeout=20",
                "-max_len=4096",
                found.toString()));
    Path corpus = Path.of("src", "test", "resources", "fuzz", target.label());
    if (Files.isDirectory(corpus)) {
      command.add(corpus.toString());
    }
    int status =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    return judge(target, status, result, Files.readString(log, StandardCharsets.ISO_8859_1));
  }

  private static boolean judge(FuzzTarget target, int status, Path result, String log)
      throws IOException {
    long[] counts =
        Files.exists(result)
            ? Arrays.stream(Files.readString(result).split(" "))
                .mapToLong(Long::parseLong)
                .toArray()
            : new long[] {0, 0};
    long share = counts[0] == 0 ? 0 : 100 * counts[1] / counts[0];
    int coverage = 0;
    Matcher told = COVERAGE.matcher(log);
    while (told.find()) {
      coverage = Integer.parseInt(told.group(1));
    }
    System.out.printf(
        Locale.ROOT, "%-10s %10d %7d%% %9d%n", target.label(), counts[0], share, coverage);
    if (status != 0) {
      System.out.println("  broke; see target/fuzz/" + target.label() + "/log.txt");
      return false;
    }
    // The search strays from what is good on its own: half of what any bytes give is enough.
    if (share < target.share() / 2 || coverage < MIN_COVERAGE) {
      System.out.println("  hardly anything was tried");
      return false;
    }
    return true;
  }
}
