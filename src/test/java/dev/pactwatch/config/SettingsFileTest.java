package dev.pactwatch.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What users read about settings, against the settings there are. */
class SettingsFileTest {

  private static final Path FILE = Path.of("config/application.properties");
  private static final Path README = Path.of("README.md");

  private static final Pattern ASSIGNMENT = Pattern.compile("#?([a-z][A-Za-z0-9.-]*)\\s*=\\s*(.*)");

  /** {@code | `pactwatch.http.port` | `8080` | text |}, without a value where nothing is set. */
  private static final Pattern TABLE_ROW =
      Pattern.compile("\\| `(pactwatch\\.[a-z.-]+)` \\| (?:`([^`]*)`|none)[^|]* \\|.*");

  @Test
  void the_settings_file_holds_every_setting_with_its_default_and_no_other() throws IOException {
    Map<String, String> written =
        assignments().stream()
            .filter(line -> line.group(1).startsWith("pactwatch."))
            .collect(
                Collectors.toMap(
                    line -> line.group(1), line -> line.group(2), (a, b) -> a, TreeMap::new));
    assertThat(written).isEqualTo(defaults());
  }

  @Test
  void every_line_of_the_settings_file_is_commented_out_and_explained() throws IOException {
    List<String> lines = Files.readAllLines(FILE);
    for (int i = 0; i < lines.size(); i++) {
      if (ASSIGNMENT.matcher(lines.get(i)).matches()) {
        assertThat(lines.get(i)).startsWith("#");
        assertThat(lines.get(i - 1)).as("line before %s", lines.get(i)).startsWith("# ");
      } else {
        assertThat(lines.get(i)).matches("(# .*|#)?");
      }
    }
  }

  @Test
  void uncommented_as_it_stands_the_settings_file_changes_nothing() throws IOException {
    Map<String, String> all =
        assignments().stream()
            .filter(line -> line.group(1).startsWith("pactwatch."))
            .collect(Collectors.toMap(line -> line.group(1), line -> line.group(2)));
    assertThat(values(all)).isEqualTo(values(Map.of()));
  }

  @Test
  void the_readme_lists_every_setting_with_its_default_and_no_other() throws IOException {
    Map<String, String> listed = new TreeMap<>();
    for (String line : Files.readAllLines(README)) {
      Matcher row = TABLE_ROW.matcher(line);
      if (row.matches()) {
        String value = row.group(2) == null ? "" : row.group(2);
        assertThat(listed.put(row.group(1), value)).as("%s twice", row.group(1)).isNull();
      }
    }
    assertThat(listed).isEqualTo(defaults());
  }

  private static List<Matcher> assignments() throws IOException {
    return Files.readAllLines(FILE).stream()
        .map(ASSIGNMENT::matcher)
        .filter(Matcher::matches)
        .toList();
  }

  /** Name to default, empty where there is none. */
  private static Map<String, String> defaults() {
    return settings(
        method -> {
          WithDefault value = method.getAnnotation(WithDefault.class);
          return value == null ? "" : value.value();
        });
  }

  private static Map<String, String> settings(Function<Method, String> value) {
    Map<String, String> found = new TreeMap<>();
    collect("pactwatch", Settings.class, value, found);
    return found;
  }

  private static void collect(
      String prefix, Class<?> group, Function<Method, String> value, Map<String, String> into) {
    for (Method method : group.getMethods()) {
      if (Modifier.isStatic(method.getModifiers())) {
        continue;
      }
      WithName given = method.getAnnotation(WithName.class);
      String name = prefix + "." + (given == null ? kebab(method.getName()) : given.value());
      if (method.getReturnType().getEnclosingClass() == Settings.class) {
        collect(name, method.getReturnType(), value, into);
      } else {
        into.put(name, value.apply(method));
      }
    }
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** What the mapping answers to every question, when it is given these settings. */
  private static List<String> values(Map<String, String> given) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(new PropertiesConfigSource(given, "given", 100))
            .withMapping(Settings.class)
            .build();
    List<String> values = new ArrayList<>();
    collectValues(config.getConfigMapping(Settings.class), Settings.class, values);
    return values;
  }

  private static void collectValues(Object group, Class<?> type, List<String> into) {
    List<Method> methods =
        Arrays.stream(type.getMethods())
            .filter(method -> !Modifier.isStatic(method.getModifiers()))
            .sorted(Comparator.comparing(Method::getName))
            .toList();
    for (Method method : methods) {
      Object value;
      try {
        value = method.invoke(group);
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(method.getName() + " does not answer", e);
      }
      if (method.getReturnType().getEnclosingClass() == Settings.class) {
        collectValues(value, method.getReturnType(), into);
      } else {
        into.add(type.getSimpleName() + "." + method.getName() + "=" + value);
      }
    }
  }
}
