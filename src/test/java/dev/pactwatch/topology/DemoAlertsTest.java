package dev.pactwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.article.Article;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.JsonSerde;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.replay.DemoFeeds;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.TaggedArticle;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The bundled history through the rules that the product ships with, held against what a careful
 * person lists for it ({@code demo/expected-alerts.yaml}). What differs stands in {@code
 * target/demo-alerts.txt}, with the events that the articles in question gave.
 */
class DemoAlertsTest {

  /** So many of the expected alerts are there. Raise it when more are. */
  private static final int FOUND_AT_LEAST = 16;

  /** So many alerts are neither expected nor borderline. Lower it when fewer are. */
  private static final int FALSE_AT_MOST = 0;

  /** So many details of the alerts found are not as expected. Lower it when fewer are. */
  private static final int DIFFERENT_AT_MOST = 18;

  private static final Topics TOPICS = new Topics("test.", 2, (short) 1);
  private static final Path REPORT = Path.of("target", "demo-alerts.txt");
  private static final Set<String> ONE_STAGE = Set.of("agreed", "expanded", "amended");

  @TempDir static Path folder;

  private static Outcome outcome;
  private static List<Alert> revisions;
  private static List<Alert> revisionsOfClosed;
  private static int keptOpen;
  private static int keptClosed;

  /** Everything about the comparison. */
  private record Outcome(
      List<String> found, List<String> missing, List<String> wrong, List<String> different) {

    String summary(int expected) {
      int right = found.size();
      int shown = right + wrong.size();
      return String.format(
          Locale.ROOT,
          "recall %d/%d = %.2f, precision %d/%d = %.2f, details different %d",
          right,
          expected,
          (double) right / expected,
          right,
          shown,
          shown == 0 ? 0.0 : (double) right / shown,
          different.size());
    }
  }

  @BeforeAll
  static void runTheHistory() throws IOException {
    ProductRules rules =
        ProductRules.load(Path.of("config", "lexicon"), Path.of("config", "topics.yaml"), false);
    List<Article> articles = DemoFeeds.articles(Instant.parse("2026-05-01T00:00:00Z"));
    List<TaggedArticle> tagged = new ArrayList<>();
    Collection<Agreement> agreements = AgreementFiles.load(Path.of("config", "agreements")).all();
    List<String> open = new ArrayList<>();
    revisions = run(rules, articles, tagged, null, open);
    compare(articles, tagged);
    List<String> closed = new ArrayList<>();
    revisionsOfClosed =
        run(rules, articles, new ArrayList<>(), Detector.organisations(agreements, rules), closed);
    keptOpen = open.size();
    keptClosed = closed.size();
  }

  /** As in a replay, to which nobody adds agreements. */
  @Test
  void whereAllAgreementsAreKnownLessIsKeptAndTheAlertsAreTheSame() {
    assertThat(revisionsOfClosed).isEqualTo(revisions);
    assertThat(keptClosed).isPositive().isLessThan(keptOpen);
  }

  @Test
  void theAlertsThatACarefulPersonListsAreThere() {
    assertThat(outcome.found()).as(report()).hasSizeGreaterThanOrEqualTo(FOUND_AT_LEAST);
  }

  @Test
  void hardlyAnyOtherAlertIs() {
    assertThat(outcome.wrong()).as(report()).hasSizeLessThanOrEqualTo(FALSE_AT_MOST);
  }

  @Test
  void theirDetailsAreAsReported() {
    assertThat(outcome.different()).as(report()).hasSizeLessThanOrEqualTo(DIFFERENT_AT_MOST);
  }

  @Test
  void everyAlertOpensOnceAndItsRevisionsGrowByOne() {
    Map<String, List<Alert>> histories =
        revisions.stream().collect(Collectors.groupingBy(Alert::id));

    assertThat(histories).isNotEmpty();
    histories.forEach(
        (id, history) -> {
          for (int i = 0; i < history.size(); i++) {
            Alert alert = history.get(i);
            assertThat(alert.revision()).as(id).isEqualTo(i + 1);
            assertThat(alert.change() == Change.OPENED)
                .as(id + " " + alert.revision())
                .isEqualTo(i == 0);
          }
        });
  }

  @Test
  void noArticleWritesTwoRevisionsOfAnAlert() {
    // The history arrives in the order of event time, with the registry known.
    assertThat(revisions)
        .extracting(alert -> alert.id() + " at " + alert.lastSeen())
        .doesNotHaveDuplicates();
  }

  /**
   * All that the topology writes: revisions of alerts returned, tagged articles added.
   *
   * @param organisations see {@link DetectTopology#build}
   * @param kept the keys of what the join keeps are added to it
   */
  private static List<Alert> run(
      ProductRules rules,
      List<Article> articles,
      List<TaggedArticle> tagged,
      Set<String> organisations,
      List<String> kept) {
    Properties p = new Properties();
    p.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.applicationId());
    p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    p.put(
        StreamsConfig.STATE_DIR_CONFIG,
        folder.resolve(organisations == null ? "open" : "closed").toString());
    try (TopologyTestDriver driver =
        new TopologyTestDriver(
            DetectTopology.build(
                TOPICS, rules, new TopologyConfig(new StreamsConfig(p)), null, true, organisations),
            p,
            Instant.parse("2019-01-01T00:00:00Z"))) {
      TestInputTopic<String, Agreement> registry =
          driver.createInputTopic(
              TOPICS.agreements(),
              new StringSerializer(),
              new JsonSerde<>(Agreement.class).serializer());
      AgreementFiles.load(Path.of("config", "agreements"))
          .all()
          .forEach(agreement -> registry.pipeInput(agreement.id(), agreement));
      TestInputTopic<String, Article> news =
          driver.createInputTopic(
              TOPICS.articles(),
              new StringSerializer(),
              new JsonSerde<>(Article.class).serializer());
      articles.forEach(article -> news.pipeInput(article.uri(), article, article.published()));
      tagged.addAll(
          driver
              .createOutputTopic(
                  TOPICS.events(),
                  new StringDeserializer(),
                  new JsonSerde<>(TaggedArticle.class).deserializer())
              .readValuesToList());
      try (KeyValueIterator<String, SideRecord> all =
          driver.<String, SideRecord>getKeyValueStore(JoinProcessor.STORE).all()) {
        all.forEachRemaining(entry -> kept.add(entry.key));
      }
      return driver
          .createOutputTopic(
              TOPICS.alerts(),
              new StringDeserializer(),
              new JsonSerde<>(Alert.class).deserializer())
          .readValuesToList();
    }
  }

  // ---- the comparison

  private static final List<String> details = new ArrayList<>();
  private static final Map<String, String> familyOf = new HashMap<>();
  private static int expectedCount;

  @SuppressWarnings("unchecked")
  private static void compare(List<Article> articles, List<TaggedArticle> tagged)
      throws IOException {
    Map<String, List<Map<String, Object>>> lists =
        (Map<String, List<Map<String, Object>>>)
            new Load(LoadSettings.builder().build())
                .loadFromString(
                    Files.readString(
                        Path.of("src", "test", "resources", "demo", "expected-alerts.yaml")));
    Map<String, String> guids =
        articles.stream().collect(Collectors.toMap(Article::uri, Article::guid));
    articles.forEach(article -> familyOf.put(article.guid(), article.publisher().family()));
    Map<String, Alert> latest = new LinkedHashMap<>();
    revisions.forEach(alert -> latest.put(alert.id(), alert));
    latest.values().removeIf(alert -> alert.change() == Change.WITHDRAWN);

    List<Map<String, Object>> wanted = lists.get("alerts");
    expectedCount = wanted.size();
    outcome =
        new Outcome(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Set<String> used = new HashSet<>();
    Set<String> inQuestion = new TreeSet<>();
    for (Map<String, Object> expected : wanted) {
      String name = (String) expected.get("name");
      // The one that shares most articles; those that share fewer are the same told twice.
      List<Alert> same =
          latest.values().stream()
              .filter(alert -> !used.contains(alert.id()) && isOf(expected, alert, guids))
              .sorted(
                  Comparator.comparingInt((Alert alert) -> -shared(expected, alert, guids).size())
                      .thenComparing(Alert::firstSeen))
              .limit(number(expected.getOrDefault("episodes", 1)))
              .toList();
      if (same.isEmpty()) {
        outcome.missing().add(name);
        inQuestion.addAll(strings(expected.get("articles")));
        continue;
      }
      outcome.found().add(name);
      same.forEach(alert -> used.add(alert.id()));
      int before = outcome.different().size();
      differences(name, expected, same, guids);
      if (outcome.different().size() > before) {
        inQuestion.addAll(strings(expected.get("articles")));
      }
    }
    List<Map<String, Object>> borderline = lists.get("borderline");
    for (Alert alert : latest.values()) {
      if (used.contains(alert.id())
          || borderline.stream().anyMatch(entry -> isOf(entry, alert, guids))) {
        continue;
      }
      outcome
          .wrong()
          .add(
              alert.relation().label()
                  + " "
                  + alert.agreement().id()
                  + " "
                  + alert.event().status().label()
                  + " "
                  + alert.event().counterparties()
                  + ": "
                  + alert.title()
                  + " "
                  + guidsOf(alert, guids));
      inQuestion.addAll(guidsOf(alert, guids));
    }
    for (TaggedArticle article : tagged) {
      String guid = guids.get(article.uri());
      if (inQuestion.contains(guid)) {
        details.add(guid + ": " + article.headline());
        article.events().forEach(event -> details.add("    " + brief(event)));
      }
    }
    Files.createDirectories(REPORT.getParent());
    Files.writeString(REPORT, report() + String.join("\n", details) + "\n");
    System.out.println(report());
  }

  private static boolean isOf(
      Map<String, Object> expected, Alert alert, Map<String, String> guids) {
    return expected.get("relation").equals(alert.relation().label())
        && expected.get("chain").equals(alert.agreement().chain())
        && (expected.get("counterparties") == null
            || alert.event().counterparties().containsAll(strings(expected.get("counterparties"))))
        && !shared(expected, alert, guids).isEmpty();
  }

  private static void differences(
      String name, Map<String, Object> expected, List<Alert> same, Map<String, String> guids) {
    Alert last = same.get(same.size() - 1);
    Set<String> told = new TreeSet<>();
    Set<String> families = new HashSet<>();
    Set<String> statuses = new TreeSet<>();
    Set<String> counterparties = new TreeSet<>();
    for (Alert alert : same) {
      told.addAll(guidsOf(alert, guids));
      counterparties.addAll(alert.event().counterparties());
      for (Alert.ArticleRef article : alert.articles()) {
        statuses.add(article.status().label());
        if (strings(expected.get("articles")).contains(guids.get(article.uri()))) {
          families.add(article.family());
        }
      }
    }
    Set<String> allowed = new TreeSet<>(strings(expected.get("articles")));
    allowed.addAll(strings(expected.get("mentions")));
    // One more of a publisher family that is listed already writes no revision of its own.
    Set<String> missing = new TreeSet<>();
    for (String guid : strings(expected.get("articles"))) {
      if (!told.contains(guid)
          && (expected.containsKey("episodes") || !families.contains(familyOf.get(guid)))) {
        missing.add(guid);
      }
    }
    Set<String> foreign = new TreeSet<>(told);
    foreign.removeAll(allowed);
    differ(name, "articles missing", Set.of(), missing);
    differ(name, "articles of another event", Set.of(), foreign);
    if (missing.isEmpty()) {
      differ(name, "families", expected.get("families"), families.size());
    }
    if (!strings(expected.get("agreements")).contains(last.agreement().id())) {
      differ(name, "agreement", expected.get("agreements"), last.agreement().id());
    }
    differ(name, "certainty", expected.get("certainty"), last.certainty().label());
    differ(name, "type", expected.get("type"), last.event().type().label());
    List<String> path = strings(expected.get("status"));
    Set<String> mayBe = new TreeSet<>(path);
    mayBe.addAll(strings(expected.get("or_status")));
    if (!last.relation().label().equals("conflict")
        && mayBe.stream().anyMatch(ONE_STAGE::contains)) {
      mayBe.addAll(ONE_STAGE);
    }
    String status = last.event().status().label();
    if (!mayBe.containsAll(statuses)
        || (mayBe.size() == path.size() && !status.equals(path.get(path.size() - 1)))) {
      differ(name, "status", path, statuses);
    }
    Set<String> others = new TreeSet<>(counterparties);
    others.removeAll(strings(expected.get("counterparties")));
    others.removeAll(strings(expected.get("or_counterparties")));
    differ(name, "further counterparties", Set.of(), others);
    @SuppressWarnings("unchecked")
    Map<String, Object> amount = (Map<String, Object>) expected.get("amount");
    differ(
        name,
        "amount",
        amount == null
            ? null
            : new BigDecimal(amount.get("value").toString()).toPlainString()
                + " "
                + amount.get("currency"),
        last.event().amount() == null
            ? null
            : last.event().amount().value().stripTrailingZeros().toPlainString()
                + " "
                + last.event().amount().currency());
    differ(name, "product", expected.get("product"), last.event().product());
    Object exclusivity =
        last.event().exclusivity() == null || last.event().exclusivity().label().equals("none")
            ? null
            : last.event().exclusivity().label();
    differ(name, "exclusivity", expected.get("exclusivity"), exclusivity);
    String topic = last.event().topic();
    if (topic == null || !strings(expected.get("or_topic")).contains(topic)) {
      differ(name, "topic", expected.get("topic"), topic);
    }
  }

  private static void differ(String name, String what, Object expected, Object found) {
    if (!Objects.equals(expected, found)) {
      outcome.different().add(name + ": " + what + ": expected " + expected + ", found " + found);
    }
  }

  private static Set<String> shared(
      Map<String, Object> expected, Alert alert, Map<String, String> guids) {
    Set<String> shared = guidsOf(alert, guids);
    shared.retainAll(strings(expected.get("articles")));
    return shared;
  }

  private static Set<String> guidsOf(Alert alert, Map<String, String> guids) {
    return alert.articles().stream()
        .map(article -> guids.get(article.uri()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> strings(Object value) {
    return value == null
        ? List.of()
        : ((Collection<?>) value).stream().map(String::valueOf).toList();
  }

  private static int number(Object value) {
    return ((Number) value).intValue();
  }

  private static String brief(Event event) {
    return Json.write(
        new HashMap<>(
            Map.of(
                "type", event.type().label(),
                "status", event.status().label(),
                "parties",
                    event.parties().stream()
                        .map(
                            party ->
                                party.name()
                                    + "="
                                    + party.organisation()
                                    + "/"
                                    + party.role().label())
                        .toList(),
                "background", event.background(),
                "more",
                    event.amount()
                        + " "
                        + event.exclusivity()
                        + " product="
                        + event.product()
                        + " topic="
                        + event.topic())));
  }

  private static String report() {
    StringBuilder text = new StringBuilder();
    text.append(outcome.summary(expectedCount)).append('\n');
    outcome.missing().forEach(name -> text.append("missing:   ").append(name).append('\n'));
    outcome.wrong().forEach(alert -> text.append("false:     ").append(alert).append('\n'));
    outcome.different().forEach(what -> text.append("different: ").append(what).append('\n'));
    return text.toString();
  }
}
