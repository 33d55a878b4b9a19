package dev.pactwatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** What Prometheus and Grafana are set up with, against the figures there are and each other. */
class MonitoringFilesTest {

  private static final Path PROMETHEUS = Path.of("docker/prometheus");
  private static final Path RUNBOOKS = Path.of("docs/runbooks");
  private static final Pattern ROW =
      Pattern.compile("\\| `(pactwatch_[a-z_]+)` \\| (\\w+) \\|([^|]*)\\|.*");
  private static final Pattern FIGURE = Pattern.compile("pactwatch_[a-z_]+");
  private static final Pattern LABELS =
      Pattern.compile("(pactwatch_[a-z_]+)\\{([^}]*)}|(?:by|topk\\(\\d+,) \\(([a-z_, ]+)\\)");

  private record Rule(String name, String expression, Map<String, Object> all) {}

  /** Names that a query may use, with the labels of each. */
  private static Map<String, Set<String>> figures() throws IOException {
    Map<String, Set<String>> figures = new java.util.TreeMap<>();
    for (String line : Files.readAllLines(Path.of("docs/operations.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Set<String> labels = new TreeSet<>();
        Matcher label = Pattern.compile("`([a-z]+)`").matcher(row.group(3));
        while (label.find()) {
          labels.add(label.group(1));
        }
        if (row.group(2).equals("histogram")) {
          labels.add("le");
          for (String part : List.of("_bucket", "_sum", "_count")) {
            figures.put(row.group(1) + part, labels);
          }
        } else {
          figures.put(row.group(1), labels);
        }
      }
    }
    return figures;
  }

  @Test
  void every_figure_and_label_that_a_rule_names_is_in_the_table() throws IOException {
    assertThat(rules()).hasSizeGreaterThanOrEqualTo(9);
    for (Rule rule : rules()) {
      check(rule.name(), rule.expression());
    }
  }

  @Test
  void every_figure_and_label_that_a_panel_names_is_in_the_table() throws IOException {
    List<JsonNode> panels = new ArrayList<>();
    dashboard().path("panels").forEach(panels::add);
    assertThat(panels).hasSizeGreaterThan(10);
    for (JsonNode panel : panels) {
      assertThat(panel.path("targets")).as(panel.path("title").asText()).isNotEmpty();
      for (JsonNode target : panel.path("targets")) {
        check(panel.path("title").asText(), target.path("expr").asText());
      }
    }
  }

  @Test
  void a_figure_or_label_that_is_not_there_is_noticed() throws IOException {
    Map<String, Set<String>> figures = figures();
    assertThat(problems("sum(pactwatch_nothing_total)", figures)).isNotEmpty();
    assertThat(problems("pactwatch_ready{role=\"x\"}", figures)).isNotEmpty();
    assertThat(problems("sum by (colour) (pactwatch_ready)", figures)).isNotEmpty();
    assertThat(problems("pactwatch_lag_seconds > 1", figures)).isNotEmpty();
    assertThat(problems("sum by (check) (pactwatch_ready{check=\"a\"})", figures)).isEmpty();
  }

  private static void check(String where, String expression) throws IOException {
    assertThat(problems(expression, figures())).as(where + ": " + expression).isEmpty();
  }

  private static List<String> problems(String expression, Map<String, Set<String>> figures) {
    List<String> problems = new ArrayList<>();
    Set<String> labels = new TreeSet<>(Set.of("instance", "job"));
    Matcher figure = FIGURE.matcher(expression);
    while (figure.find()) {
      if (figures.containsKey(figure.group())) {
        labels.addAll(figures.get(figure.group()));
      } else {
        problems.add("no figure " + figure.group());
      }
    }
    Matcher used = LABELS.matcher(expression);
    while (used.find()) {
      String names =
          used.group(2) == null ? used.group(3) : used.group(2).replaceAll("[=!~]+\"[^\"]*\"", "");
      for (String name : names.split(",")) {
        if (!labels.contains(name.strip())) {
          problems.add("no label " + name.strip());
        }
      }
    }
    return problems;
  }

  @Test
  void every_rule_has_its_page_and_every_page_its_rule() throws IOException {
    Set<String> pages = new TreeSet<>();
    try (Stream<Path> files = Files.list(RUNBOOKS)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("README.md"))
          .forEach(pages::add);
    }
    Set<String> named = new TreeSet<>();
    String index = Files.readString(RUNBOOKS.resolve("README.md"));
    for (Rule rule : rules()) {
      Map<String, Object> notes = map(rule.all().get("annotations"));
      assertThat(notes).as(rule.name()).containsKeys("summary", "description", "runbook");
      Path page = Path.of(notes.get("runbook").toString());
      assertThat(page).as(rule.name()).exists().hasParent(RUNBOOKS);
      assertThat(Files.readString(page))
          .startsWith("# " + rule.name() + ":")
          .contains("## Look", "## Mend");
      named.add(page.getFileName().toString());
      assertThat(index).contains("(" + page.getFileName() + ")");
      assertThat(map(rule.all().get("labels")).get("severity")).isIn("critical", "warning", "info");
    }
    assertThat(pages).isEqualTo(named);
  }

  @Test
  void runbooks_name_only_figures_commands_and_pages_that_are_there() throws IOException {
    Map<String, Set<String>> figures = figures();
    Pattern link = Pattern.compile("\\]\\(([^)#]+)\\)");
    try (Stream<Path> files = Files.list(RUNBOOKS)) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        Matcher figure = FIGURE.matcher(text);
        while (figure.find()) {
          assertThat(figures).as(file.toString()).containsKey(figure.group());
        }
        Matcher links = link.matcher(text);
        while (links.find()) {
          assertThat(file.resolveSibling(links.group(1)).normalize()).as(file.toString()).exists();
        }
      }
    }
  }

  @Test
  void panels_do_not_overlap_and_have_ids_of_their_own() throws IOException {
    Set<Integer> ids = new TreeSet<>();
    Set<String> cells = new TreeSet<>();
    for (JsonNode panel : dashboard().path("panels")) {
      assertThat(ids.add(panel.path("id").asInt())).isTrue();
      JsonNode at = panel.path("gridPos");
      assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(24);
      for (int x = at.path("x").asInt(); x < at.path("x").asInt() + at.path("w").asInt(); x++) {
        for (int y = at.path("y").asInt(); y < at.path("y").asInt() + at.path("h").asInt(); y++) {
          assertThat(cells.add(x + " " + y)).as(panel.path("title").asText()).isTrue();
        }
      }
    }
  }

  @Test
  void grafana_asks_the_prometheus_that_is_set_up_and_it_asks_every_role() throws IOException {
    Map<String, Object> source =
        map(
            list(map(yaml(Path.of("docker/grafana/provisioning/datasources/prometheus.yml")))
                    .get("datasources"))
                .get(0));
    assertThat(source).containsEntry("url", "http://prometheus:9090");
    for (JsonNode panel : dashboard().path("panels")) {
      assertThat(panel.path("datasource").path("uid").asText()).isEqualTo(source.get("uid"));
    }
    String mounts = Files.readString(Path.of("docker-compose.yml"));
    String dashboards =
        map(map(list(map(yaml(Path.of("docker/grafana/provisioning/dashboards/pactwatch.yml")))
                        .get("providers"))
                    .get(0))
                .get("options"))
            .get("path")
            .toString();
    assertThat(mounts).contains("./docker/grafana/dashboards:" + dashboards + ":ro");
    Map<String, Object> prometheus = map(yaml(PROMETHEUS.resolve("prometheus.yml")));
    assertThat(list(prometheus.get("rule_files"))).containsExactly("/etc/prometheus/rules.yml");
    assertThat(mounts).contains("./docker/prometheus/rules.yml:/etc/prometheus/rules.yml:ro");
    Map<String, Object> job = map(list(prometheus.get("scrape_configs")).get(0));
    assertThat(list(map(list(job.get("static_configs")).get(0)).get("targets")))
        .isEqualTo(List.of("ingest:9464", "detect:9464", "notify:9464", "web-proxy:9464"));
    assertThat(Files.readString(PROMETHEUS.resolve("Caddyfile")))
        .contains(":9464 {", "handle " + job.get("metrics_path") + " {", "127.0.0.1:8081");
  }

  private static List<Rule> rules() throws IOException {
    List<Rule> rules = new ArrayList<>();
    for (Object group : list(map(yaml(PROMETHEUS.resolve("rules.yml"))).get("groups"))) {
      for (Object rule : list(map(group).get("rules"))) {
        Map<String, Object> all = map(rule);
        rules.add(new Rule(all.get("alert").toString(), all.get("expr").toString(), all));
      }
    }
    return rules;
  }

  private static JsonNode dashboard() throws IOException {
    return Json.mapper()
        .readTree(Files.readString(Path.of("docker/grafana/dashboards/pactwatch.json")));
  }

  private static Object yaml(Path file) throws IOException {
    return new Load(LoadSettings.builder().setSchema(new CoreSchema()).build())
        .loadFromString(Files.readString(file));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }
}
