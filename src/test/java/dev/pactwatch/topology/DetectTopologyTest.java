package dev.pactwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.agreement.TopicTree;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.article.Article;
import dev.pactwatch.article.Publisher;
import dev.pactwatch.json.Json;
import dev.pactwatch.kafka.JsonSerde;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.matching.Kinship;
import dev.pactwatch.matching.Match;
import dev.pactwatch.matching.Matcher;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Evidence;
import dev.pactwatch.tagging.Exclusivity;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.Role;
import dev.pactwatch.tagging.Status;
import dev.pactwatch.tagging.TaggedArticle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DetectTopologyTest {

  private static final Topics TOPICS = new Topics("test.", 2, (short) 1);
  private static final TopicTree TREE = TopicTree.load(Path.of("config", "topics.yaml"));

  static final String EXCLUSIVE =
      """
      agreements:
        - id: lab-cumulus-1
          title: Cumulus is the lab's only cloud
          chain: {id: lab-cumulus, rev: '1'}
          parties:
            - {entity: lab, name: The Lab, role: grantor}
            - {entity: cumulus, name: Cumulus, role: beneficiary}
          terms:
            - {kind: exclusive, topic: compute, grantor: lab, beneficiary: cumulus}
          effective_from: '2024-01-01'
          status: in-force
          checked_to: '2026-01-01'
          confidence: high
          sources:
            - {title: A page, publisher: Somebody, date: '2024-01-01', url: 'https://cumulus.example/lab'}
      """;

  @TempDir Path folder;

  @Test
  void describesItselfAsInTheGoldenFile() throws IOException {
    String description = topology(null).describe().toString();

    // Another name of a node or a store orphans what running systems have stored under the old one.
    assertThat(description).isEqualToIgnoringNewLines(resource("/topology/detect.txt"));
  }

  @Test
  void aDealAgainstAnExclusiveTermIsAConflictInEitherOrderOfArrival() {
    try (Driver eventFirst = new Driver();
        Driver agreementFirst = new Driver()) {
      eventFirst.article("deal", "2025-03-01", 1);
      eventFirst.agreements(EXCLUSIVE);
      agreementFirst.agreements(EXCLUSIVE);
      agreementFirst.article("deal", "2025-03-01", 1);

      assertThat(agreementFirst.alerts())
          .singleElement()
          .satisfies(alert -> assertThat(alert.relation()).isEqualTo(Relation.CONFLICT))
          .satisfies(alert -> assertThat(alert.change()).isEqualTo(Change.OPENED));
      assertThat(eventFirst.alerts()).isEqualTo(agreementFirst.alerts());
    }
  }

  @Test
  void aDealAfterTheEndOfTheTermIsNone() {
    try (Driver driver = new Driver()) {
      driver.agreements(
          EXCLUSIVE.replace("status: in-force", "effective_to: '2025-02-01'\n    status: ended"));
      driver.article("deal", "2025-03-01", 1);

      assertThat(driver.alerts()).isEmpty();
    }
  }

  @Test
  void anErasedAgreementWithdrawsItsAlerts() {
    try (Driver driver = new Driver()) {
      driver.agreements(EXCLUSIVE);
      driver.article("deal", "2025-03-01", 1);
      driver.erase("lab-cumulus-1");

      assertThat(driver.alerts())
          .extracting(Alert::change)
          .containsExactly(Change.OPENED, Change.WITHDRAWN);
      assertThat(driver.alerts()).extracting(Alert::revision).containsExactly(1, 2);
    }
  }

  @Test
  void anEditThatTakesTheDealBackWithdrawsTheAlert() {
    try (Driver driver = new Driver()) {
      driver.agreements(EXCLUSIVE);
      driver.article("deal", "2025-03-01", 1);
      driver.article("deal", "2025-03-01", 2, "nothing");

      assertThat(driver.alerts()).last().extracting(Alert::change).isEqualTo(Change.WITHDRAWN);
    }
  }

  @Test
  void anEndRecordedLaterWithdrawsTheAlertsOnWhatCameAfterIt() {
    try (Driver driver = new Driver()) {
      driver.agreements(EXCLUSIVE);
      driver.article("deal", "2025-03-01", 1);
      driver.article("talks", "2025-01-10", 1);
      driver.agreements(
          EXCLUSIVE.replace("status: in-force", "effective_to: '2025-02-01'\n    status: ended"));

      assertThat(driver.latest())
          .singleElement()
          .satisfies(
              alert -> {
                assertThat(alert.change()).isNotEqualTo(Change.WITHDRAWN);
                assertThat(alert.articles())
                    .extracting(Alert.ArticleRef::uri)
                    .containsExactly("talks");
              });
    }
  }

  @Test
  void anAmendmentThatTakesTheTopicOutWithdrawsAndOneThatBringsItBackUpdates() {
    try (Driver driver = new Driver()) {
      driver.agreements(EXCLUSIVE);
      driver.article("deal", "2025-03-01", 1);
      driver.agreements(EXCLUSIVE.replace("topic: compute", "topic: model-api"));
      driver.agreements(EXCLUSIVE);

      assertThat(driver.alerts())
          .extracting(Alert::change)
          .containsExactly(Change.OPENED, Change.WITHDRAWN, Change.UPDATED);
    }
  }

  @Test
  void anEditThatChangesTheDateJudgesByTheNewDate() {
    String ended =
        EXCLUSIVE.replace("status: in-force", "effective_to: '2025-02-01'\n    status: ended");
    try (Driver driver = new Driver()) {
      driver.agreements(ended);
      driver.article("deal", "2025-03-01", 1);
      assertThat(driver.alerts()).isEmpty();
      driver.article("deal", "2025-01-15", 2);
      assertThat(driver.alerts()).extracting(Alert::change).containsExactly(Change.OPENED);
      driver.article("deal", "2025-03-02", 3);
      assertThat(driver.alerts()).last().extracting(Alert::change).isEqualTo(Change.WITHDRAWN);
    }
  }

  @Test
  void anEditOfOneOfTwoReportsLeavesTheAlertToTheOther() {
    try (Driver driver = new Driver()) {
      driver.agreements(EXCLUSIVE);
      driver.article("first", "2025-03-01", 1, "deal");
      driver.article("second", "2025-03-02", 1, "deal");
      driver.article("first", "2025-03-01", 2, "nothing");

      assertThat(driver.latest())
          .singleElement()
          .satisfies(
              alert -> {
                assertThat(alert.change()).isNotEqualTo(Change.WITHDRAWN);
                assertThat(alert.independentPublishers()).isOne();
                assertThat(alert.articles())
                    .extracting(Alert.ArticleRef::uri)
                    .containsExactly("second");
              });
    }
  }

  // ---- what a change of the registry would do

  static List<Arguments> changesOfTheRegistry() {
    String ended =
        EXCLUSIVE.replace("status: in-force", "effective_to: '2025-02-01'\n    status: ended");
    String second =
        EXCLUSIVE
            .substring(EXCLUSIVE.indexOf("  - id"))
            .replace("lab-cumulus-1", "lab-cumulus-2")
            .replace("rev: '1'", "rev: '2'")
            .replace("2024-01-01'\n    status", "2025-02-15'\n    status");
    String none = "agreements: []";
    return List.of(
        Arguments.of("registered", none, EXCLUSIVE),
        Arguments.of("erased", EXCLUSIVE, none),
        Arguments.of("ended", EXCLUSIVE, ended),
        Arguments.of("taken back to life", ended, EXCLUSIVE),
        Arguments.of("on another topic", EXCLUSIVE, EXCLUSIVE.replace("compute", "model-api")),
        Arguments.of("of another kind", EXCLUSIVE, EXCLUSIVE.replace("exclusive", "preferred")),
        Arguments.of("checked later", EXCLUSIVE, EXCLUSIVE.replace("2026-01-01", "2026-02-01")),
        Arguments.of(
            "moved to another chain", EXCLUSIVE, EXCLUSIVE.replace("id: lab-cumulus,", "id: l,")),
        Arguments.of("revised", EXCLUSIVE, EXCLUSIVE + second));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changesOfTheRegistry")
  void aTrialOfAChangeSaysWhatTheTopologyThenDoes(String what, String before, String after) {
    Map<String, String> reports =
        new TreeMap<>(
            Map.of(
                "deal", "2025-03-01",
                "talks", "2025-01-10",
                "threat", "2025-04-01",
                "suit", "2025-05-01",
                "elsewhere", "2025-06-10"));
    ScriptedRules rules = new ScriptedRules();
    Registry was = AgreementFiles.parse("before.yaml", before);
    Registry is = AgreementFiles.parse("after.yaml", after);
    RegistryTrial.Outcome outcome =
        new RegistryTrial(rules)
            .run(
                reports.entrySet().stream()
                    .map(
                        one ->
                            rules.tag(report(one.getKey(), one.getValue(), 1, one.getKey()), null))
                    .toList(),
                was,
                is,
                null,
                Instant.parse("2025-06-10T00:00:00Z"));

    List<String> opened = new ArrayList<>();
    List<String> revised = new ArrayList<>();
    List<String> withdrawn = new ArrayList<>();
    try (Driver driver = new Driver()) {
      driver.agreements(before);
      reports.forEach((uri, date) -> driver.article(uri, date, 1));
      Map<String, Integer> numbers = new TreeMap<>();
      driver.latest().forEach(alert -> numbers.put(alert.id(), alert.revision()));
      was.all().stream()
          .filter(one -> is.find(one.id()).isEmpty())
          .forEach(one -> driver.erase(one.id()));
      driver.agreements(after);
      for (Alert alert : driver.latest()) {
        if (alert.change() == Change.WITHDRAWN) {
          withdrawn.add(alert.id());
        } else if (!numbers.containsKey(alert.id())) {
          opened.add(unnumbered(alert));
        } else if (alert.revision() > numbers.get(alert.id())) {
          revised.add(unnumbered(alert));
        }
      }
    }

    assertThat(outcome.opened())
        .extracting(DetectTopologyTest::unnumbered)
        .containsExactlyInAnyOrderElementsOf(opened);
    assertThat(outcome.revised())
        .extracting(change -> unnumbered(change.after()))
        .containsExactlyInAnyOrderElementsOf(revised);
    assertThat(outcome.withdrawn())
        .extracting(Alert::id)
        .containsExactlyInAnyOrderElementsOf(withdrawn);
    assertThat(opened.size() + revised.size() + withdrawn.size()).as(what).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"2025-03-12, 1, 0", "2025-03-11, 0, 1"})
  void aTrialLeavesAloneWhatTheTopologyHasForgotten(String date, int opened, int forgotten) {
    ScriptedRules rules = new ScriptedRules();

    RegistryTrial.Outcome outcome =
        new RegistryTrial(rules)
            .run(
                List.of(rules.tag(report("deal", date, 1, "deal"), null)),
                Registry.of(List.of()),
                AgreementFiles.parse("after.yaml", EXCLUSIVE),
                NINETY_DAYS,
                Instant.parse("2025-06-10T00:00:00Z"));

    assertThat(outcome.judged()).isOne();
    assertThat(outcome.opened()).hasSize(opened);
    assertThat(outcome.forgotten()).isEqualTo(forgotten);
  }

  private static String unnumbered(Alert alert) {
    return Json.write(dev.pactwatch.alert.AlertFold.renumbered(alert, 0, Change.UPDATED));
  }

  // ---- how long events wait for agreements

  private static final Duration NINETY_DAYS = Duration.ofDays(90);

  @ParameterizedTest
  @CsvSource({"2025-03-12, 1", "2025-03-11, 0", "2025-06-09, 1", "2024-01-01, 0"})
  void anAgreementOfTodayMeetsTheEventsOfTheRetentionAndNoOlderOnes(String date, int alerts) {
    try (Driver driver = new Driver(NINETY_DAYS)) {
      driver.article("deal", date, 1);
      driver.article("elsewhere", "2025-06-10", 1);
      driver.agreements(EXCLUSIVE);

      assertThat(driver.alerts()).hasSize(alerts);
    }
  }

  @ParameterizedTest
  @CsvSource({"2025-03-12, 1", "2025-03-11, 0"})
  void itDoesNotMatterInWhichOrderTheEventsArrived(String date, int alerts) {
    try (Driver driver = new Driver(NINETY_DAYS)) {
      driver.article("elsewhere", "2025-06-10", 1);
      driver.article("deal", date, 1);
      driver.agreements(EXCLUSIVE);

      assertThat(driver.alerts()).hasSize(alerts);
    }
  }

  @Test
  void anOldReportIsStillJudgedByTheAgreementsThatAreKnown() {
    try (Driver driver = new Driver(NINETY_DAYS)) {
      driver.agreements(EXCLUSIVE);
      driver.article("elsewhere", "2025-06-10", 1);
      driver.article("deal", "2024-06-01", 1);

      assertThat(driver.alerts()).extracting(Alert::change).containsExactly(Change.OPENED);
    }
  }

  @Test
  void anEditOfAReportThatIsNoLongerKeptStillWithdrawsItsAlert() {
    try (Driver driver = new Driver(NINETY_DAYS)) {
      driver.agreements(EXCLUSIVE);
      driver.article("deal", "2025-01-10", 1);
      driver.article("elsewhere", "2025-06-10", 1);
      driver.article("deal", "2025-01-10", 2, "nothing");

      assertThat(driver.alerts())
          .extracting(Alert::change)
          .containsExactly(Change.OPENED, Change.WITHDRAWN);
    }
  }

  @Test
  void anErasedOrEndedAgreementLeavesTheAlertsOnOlderEventsAsTheyWere() {
    try (Driver driver = new Driver(NINETY_DAYS)) {
      driver.agreements(EXCLUSIVE);
      driver.article("old", "2025-01-10", 1, "deal");
      driver.article("elsewhere", "2025-06-10", 1);
      driver.article("new", "2025-06-11", 1, "talks");
      driver.erase("lab-cumulus-1");

      assertThat(driver.latest())
          .extracting(alert -> alert.articles().get(0).uri() + " " + alert.change())
          .containsExactlyInAnyOrder("old OPENED", "new WITHDRAWN");
    }
  }

  @Test
  void whatIsOlderLeavesTheState() {
    try (Driver driver = new Driver(NINETY_DAYS)) {
      for (int day = 10; day < 30; day++) {
        driver.article("deal-" + day, "2025-01-" + day, 1, "deal");
      }
      int before = driver.kept();
      driver.article("elsewhere", "2025-06-10", 1);

      assertThat(before).isGreaterThan(40);
      assertThat(driver.kept()).as("two parties, each with its entry by time").isEqualTo(4);
    }
  }

  @Test
  void aStaleVersionChangesNothing() {
    try (Driver driver = new Driver()) {
      driver.agreements(EXCLUSIVE);
      driver.article("deal", "2025-03-01", 2);
      driver.article("deal", "2025-03-01", 1, "nothing");

      assertThat(driver.alerts()).hasSize(1);
    }
  }

  @Test
  void anEditThatArrivesBeforeWhatItTakesBackStillTakesItBack() {
    try (Driver driver = new Driver()) {
      driver.agreements(EXCLUSIVE);
      driver.article("deal", "2025-03-01", 2, "nothing");
      driver.article("deal", "2025-03-01", 1);

      assertThat(driver.alerts()).isEmpty();
    }
  }

  @Test
  void anArticleAgainstTwoRevisionsOfAChainIsOneRevisionOfOneAlert() {
    try (Driver driver = new Driver()) {
      driver.agreements(EXCLUSIVE);
      driver.agreements(EXCLUSIVE.replace("lab-cumulus-1", "lab-cumulus-2"));
      driver.article("deal", "2025-03-01", 1);

      assertThat(driver.alerts()).extracting(Alert::change).containsExactly(Change.OPENED);
    }
  }

  @Test
  void aRevisionOfTheChainThatIsRegisteredLaterUpdatesTheAlert() {
    try (Driver driver = new Driver()) {
      driver.agreements(EXCLUSIVE);
      driver.article("deal", "2025-03-01", 1);
      driver.agreements(EXCLUSIVE.replace("lab-cumulus-1", "lab-cumulus-2"));

      assertThat(driver.alerts())
          .extracting(Alert::change)
          .containsExactly(Change.OPENED, Change.UPDATED);
      assertThat(driver.alerts()).extracting(Alert::revision).containsExactly(1, 2);
    }
  }

  @Test
  void aChangedAgreementIsOneRevisionHoweverManyReportsAreJudgedAnew() {
    try (Driver driver = new Driver()) {
      driver.agreements(EXCLUSIVE);
      for (int day = 10; day < 20; day++) {
        driver.article("deal-" + day, "2025-03-" + day, 1, "deal");
      }
      int before = driver.alerts().size();
      driver.agreements(EXCLUSIVE.replace("Somebody", "Somebody else"));
      int amended = driver.alerts().size();
      driver.erase("lab-cumulus-1");

      assertThat(before).isEqualTo(10);
      assertThat(amended).isEqualTo(11);
      assertThat(driver.alerts()).hasSize(12);
      assertThat(driver.alerts()).last().extracting(Alert::change).isEqualTo(Change.WITHDRAWN);
    }
  }

  @Test
  void anAlertThatComesBackIsAnUpdate() {
    try (Driver driver = new Driver()) {
      driver.agreements(EXCLUSIVE);
      driver.article("deal", "2025-03-01", 1);
      driver.article("deal", "2025-03-01", 2, "nothing");
      driver.article("deal", "2025-03-01", 3, "deal");

      assertThat(driver.alerts())
          .extracting(Alert::change)
          .containsExactly(Change.OPENED, Change.WITHDRAWN, Change.UPDATED);
      assertThat(driver.alerts()).extracting(Alert::revision).containsExactly(1, 2, 3);
    }
  }

  @Test
  void aSecondPublisherCorroboratesAndASuitEscalates() {
    try (Driver driver = new Driver()) {
      driver.agreements(EXCLUSIVE);
      driver.article("threat", "2025-03-01", 1);
      driver.article("threat-elsewhere", "2025-03-02", 1, "threat");
      driver.article("suit", "2025-03-09", 1);

      assertThat(driver.alerts())
          .extracting(Alert::change)
          .containsExactly(Change.OPENED, Change.CORROBORATED, Change.ESCALATED);
      assertThat(driver.alerts()).extracting(Alert::id).containsOnly(driver.alerts().get(0).id());
      assertThat(driver.alerts()).last().extracting(a -> a.relation()).isEqualTo(Relation.DISPUTE);
    }
  }

  @Test
  void theLatestRevisionsDoNotDependOnTheOrderOfArrival() {
    List<Runnable0> arrivals = new ArrayList<>();
    arrivals.add(driver -> driver.agreements(EXCLUSIVE));
    arrivals.add(driver -> driver.agreements(EXCLUSIVE.replace("lab-cumulus-1", "lab-cumulus-2")));
    for (String text : List.of("deal", "threat", "suit", "nothing", "talks")) {
      for (int day = 1; day < 4; day++) {
        String uri = text + "-" + day;
        String date = "2025-03-0" + day;
        arrivals.add(driver -> driver.article(uri, date, 1, text));
      }
    }
    Random random = new Random(20250301);
    Map<String, String> expected = null;
    for (int round = 0; round < 40; round++) {
      try (Driver driver = new Driver()) {
        arrivals.forEach(arrival -> arrival.on(driver));
        Map<String, String> latest = driver.latestWithoutNumbers();
        if (expected == null) {
          expected = latest;
          assertThat(expected).isNotEmpty();
        }
        assertThat(latest).isEqualTo(expected);
      }
      Collections.shuffle(arrivals, random);
    }
  }

  @Test
  void whatCannotBeReadIsSetAsideWithItsReasonAndTheRestGoesOn() {
    try (Driver driver = new Driver()) {
      driver.raw(TOPICS.articles(), "broken", "{\"uri\": 1");
      driver.raw(TOPICS.agreements(), "broken", "[]");
      driver.agreements(EXCLUSIVE);
      driver.article("deal", "2025-03-01", 1);

      assertThat(driver.alerts()).hasSize(1);
      TestRecord<String, byte[]> letter = driver.deadLetter(TOPICS.articles());
      assertThat(new String(letter.value(), StandardCharsets.UTF_8)).isEqualTo("{\"uri\": 1");
      assertThat(header(letter, "__streams.errors.topic")).isEqualTo("test.articles.v1");
      assertThat(header(letter, "__streams.errors.offset")).isEqualTo("0");
      assertThat(header(letter, "__streams.errors.message")).contains("is no Article");
      assertThat(driver.deadLetter(TOPICS.agreements()).value())
          .isEqualTo("[]".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void anArticleThatTheRulesFailOnIsSetAside() {
    try (Driver driver = new Driver()) {
      driver.agreements(EXCLUSIVE);
      driver.article("poison", "2025-03-01", 1);
      driver.article("deal", "2025-03-01", 1);

      assertThat(driver.alerts()).hasSize(1);
      assertThat(header(driver.deadLetter(TOPICS.articles()), "__streams.errors.message"))
          .contains("no rule for poison");
    }
  }

  @Test
  void everyRecordCarriesItsIdentityInItsHeaders() {
    try (Driver driver = new Driver()) {
      driver.agreements(EXCLUSIVE);
      driver.article("deal", "2025-03-01", 1);

      TestRecord<String, byte[]> alert = driver.read(TOPICS.alerts()).get(0);
      assertThat(header(alert, "ce_id")).isEqualTo(alert.key() + ".1");
      assertThat(header(alert, "ce_type")).isEqualTo("dev.pactwatch.alert.v1");
      assertThat(alert.getRecordTime()).isEqualTo(Instant.parse("2025-03-01T00:00:00Z"));
    }
  }

  /** One arrival. */
  private interface Runnable0 {
    void on(Driver driver);
  }

  private static String header(TestRecord<String, byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static String resource(String name) throws IOException {
    try (var in = DetectTopologyTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Topology topology(Duration retention) {
    return DetectTopology.build(
        TOPICS, new ScriptedRules(), new TopologyConfig(config()), retention, true);
  }

  private static StreamsConfig config() {
    Properties p = new Properties();
    p.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.applicationId());
    p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    p.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    p.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
        DeadLetterHandler.class.getName());
    p.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class.getName());
    p.put(DeadLetterHandler.PREFIX, TOPICS.prefix());
    return new StreamsConfig(p);
  }

  static Article report(String uri, String date, int version, String headline) {
    Instant published = Instant.parse(date + "T00:00:00Z");
    return new Article(
        uri,
        version,
        headline,
        null,
        null,
        "en",
        "https://" + uri + ".example/",
        published,
        date,
        published,
        new Publisher(uri, uri + ".example", uri + ".example"),
        "test",
        uri,
        "00",
        false,
        null);
  }

  /** Real matching; the events of an article are given by its headline. */
  static final class ScriptedRules implements Rules {

    private final Matcher matcher = new Matcher(TREE, Kinship.NONE);

    @Override
    public TaggedArticle tag(Article article, String lexicon) {
      List<Event> events =
          switch (article.headline()) {
            case "deal" -> List.of(deal(Status.AGREED));
            case "talks" -> List.of(deal(Status.IN_TALKS));
            case "threat" -> List.of(suit(Status.THREATENED));
            case "suit" -> List.of(suit(Status.FILED));
            case "elsewhere" ->
                List.of(
                    event(
                        EventType.CLOUD_PARTNERSHIP,
                        Status.AGREED,
                        new Party("works", "The Works", Role.CUSTOMER, null, null),
                        new Party("stratus", "Stratus", Role.PROVIDER, null, null)));
            case "nothing" -> List.of();
            default -> throw new IllegalStateException("no rule for " + article.headline());
          };
      return new TaggedArticle(
          article.uri(),
          article.version(),
          article.headline(),
          article.link(),
          article.publisher(),
          article.published(),
          article.observed(),
          false,
          "scripted",
          null,
          events);
    }

    @Override
    public Optional<Match> match(Event event, LocalDate date, Agreement agreement) {
      return matcher.match(event, date, agreement);
    }

    @Override
    public Kinship kinship() {
      return Kinship.NONE;
    }

    private static Event deal(Status status) {
      return event(
          EventType.CLOUD_PARTNERSHIP,
          status,
          new Party("lab", "The Lab", Role.CUSTOMER, null, null),
          new Party("nimbus", "Nimbus", Role.PROVIDER, null, null));
    }

    private static Event suit(Status status) {
      return event(
          EventType.LITIGATION,
          status,
          new Party("cumulus", "Cumulus", Role.PLAINTIFF, null, null),
          new Party("lab", "The Lab", Role.DEFENDANT, null, null));
    }

    private static Event event(EventType type, Status status, Party... parties) {
      boolean deal = type == EventType.CLOUD_PARTNERSHIP;
      return new Event(
          type,
          status,
          List.of(parties),
          null,
          deal ? Exclusivity.NONE : null,
          null,
          deal ? "compute" : null,
          false,
          0.9,
          List.of(new Evidence("type", "headline", 0, 4, "deal", null)));
    }
  }

  private final class Driver implements AutoCloseable {

    private final TopologyTestDriver driver;
    private List<Alert> alerts;

    Driver() {
      this(null);
    }

    Driver(Duration retention) {
      driver =
          new TopologyTestDriver(
              topology(retention), withState(), Instant.parse("2025-01-01T00:00:00Z"));
    }

    private Properties withState() {
      Properties p = StreamsSettings.properties(config());
      p.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
      return p;
    }

    void agreements(String yaml) {
      TestInputTopic<String, Agreement> topic =
          driver.createInputTopic(
              TOPICS.agreements(),
              new StringSerializer(),
              new JsonSerde<>(Agreement.class).serializer());
      AgreementFiles.parse("test.yaml", yaml).all().forEach(a -> topic.pipeInput(a.id(), a));
    }

    void erase(String id) {
      raw(TOPICS.agreements(), id, null);
    }

    void article(String uri, String date, int version) {
      article(uri, date, version, uri);
    }

    void article(String uri, String date, int version, String headline) {
      Article article = report(uri, date, version, headline);
      driver
          .createInputTopic(
              TOPICS.articles(),
              new StringSerializer(),
              new JsonSerde<>(Article.class).serializer())
          .pipeInput(uri, article, article.published());
    }

    void raw(String topic, String key, String value) {
      driver
          .createInputTopic(topic, new StringSerializer(), new ByteArraySerializer())
          .pipeInput(key, value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    /** All revisions written so far. */
    List<Alert> alerts() {
      List<Alert> found = new ArrayList<>(alerts == null ? List.of() : alerts);
      for (TestRecord<String, byte[]> record : read(TOPICS.alerts())) {
        try {
          found.add(Json.read(record.value(), Alert.class));
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      }
      alerts = found;
      return found;
    }

    /** The latest revision of each alert, by id. */
    List<Alert> latest() {
      Map<String, Alert> latest = new TreeMap<>();
      alerts().forEach(alert -> latest.put(alert.id(), alert));
      return List.copyOf(latest.values());
    }

    /** Entries of the join's store. */
    int kept() {
      int entries = 0;
      try (var all = driver.getKeyValueStore(JoinProcessor.STORE).all()) {
        while (all.hasNext()) {
          all.next();
          entries++;
        }
      }
      return entries;
    }

    Map<String, String> latestWithoutNumbers() {
      Map<String, String> latest = new TreeMap<>();
      for (Alert alert : alerts()) {
        latest.put(
            alert.id(),
            Json.write(dev.pactwatch.alert.AlertFold.renumbered(alert, 0, Change.UPDATED)));
      }
      return latest;
    }

    TestRecord<String, byte[]> deadLetter(String topic) {
      return read(TOPICS.deadLetters(topic)).get(0);
    }

    List<TestRecord<String, byte[]>> read(String topic) {
      return driver
          .createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer())
          .readRecordsToList();
    }

    @Override
    public void close() {
      driver.close();
    }
  }
}
