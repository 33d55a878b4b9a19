package dev.pactwatch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.pactwatch.kafka.EmbeddedBroker;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.lexicon.Organisation;
import dev.pactwatch.topology.RegistryTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which part of the product may know which, and what each must not do. */
class RoomsTest {

  private static final String ROOT = "dev.pactwatch";

  /** From words to alerts, in the order in which they build on each other. */
  private static final List<String> PLAIN =
      List.of("article", "text", "lexicon", "tagging", "agreement", "matching", "alert");

  /** The rooms around the plain ones. */
  private static final List<String> OTHERS =
      List.of(
          "json",
          "config",
          "feed",
          "http",
          "telemetry",
          "ingest",
          "kafka",
          "topology",
          "notify",
          "web",
          "replay",
          "cli");

  /** What tells the time without being given a clock. */
  private static final Set<String> CLOCKS =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.time.Clock.system",
          "java.time.Clock.systemDefaultZone",
          "java.time.Clock.systemUTC",
          "java.time.Instant.now",
          "java.time.InstantSource.system",
          "java.time.LocalDate.now",
          "java.time.LocalDateTime.now",
          "java.time.LocalTime.now",
          "java.time.OffsetDateTime.now",
          "java.time.Year.now",
          "java.time.YearMonth.now",
          "java.time.ZonedDateTime.now");

  private static JavaClasses product;

  @BeforeAll
  static void read() {
    product =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);
  }

  @Test
  void every_class_lives_in_a_known_room() {
    assertThat(product.stream().map(RoomsTest::room).distinct())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(PLAIN, OTHERS).flatMap(List::stream).toList());
  }

  @Test
  void the_plain_rooms_and_the_feed_parser_know_neither_kafka_nor_quarkus() {
    noClasses()
        .that()
        .resideInAnyPackage(rooms(PLAIN))
        .or()
        .resideInAnyPackage(ROOT + ".feed..", ROOT + ".json..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka..",
            "kafka..",
            "io.quarkus..",
            "io.vertx..",
            "jakarta..",
            ROOT + ".kafka..",
            ROOT + ".topology..",
            ROOT + ".telemetry..",
            "io.prometheus..",
            "io.opentelemetry..",
            ROOT + ".ingest..",
            ROOT + ".notify..",
            ROOT + ".web..",
            ROOT + ".replay..")
        .check(product);
  }

  @Test
  void the_plain_rooms_build_on_each_other_in_one_order() {
    for (int i = 0; i < PLAIN.size(); i++) {
      List<String> later = PLAIN.subList(i + 1, PLAIN.size());
      if (!later.isEmpty()) {
        noClasses()
            .that()
            .resideInAPackage(rooms(List.of(PLAIN.get(i)))[0])
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(rooms(later))
            .check(product);
      }
    }
  }

  @Test
  void no_two_rooms_know_each_other() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(product);
  }

  @Test
  void the_feed_parser_has_no_network() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".feed..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.net.http..", "org.apache.hc..", ROOT + ".http..")
                .or(nameMatching("java\\.net\\.(.*Socket.*|URLConnection|.*Address)")))
        .check(product);
  }

  @Test
  void nobody_knows_the_commands() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".cli..")
        .and()
        .resideInAPackage(ROOT + "..")
        .should()
        .dependOnClassesThat(resideInAPackage(ROOT + ".cli..").or(resideInAPackage("picocli..")))
        .check(product);
  }

  @Test
  void rome_is_known_to_the_feed_parser_alone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".feed..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.rometools..", "org.jdom2..")
        .check(product);
  }

  @Test
  void the_brokers_own_classes_are_known_to_the_embedded_broker_alone() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(EmbeddedBroker.class.getName())
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "kafka..",
            "org.apache.kafka.server..",
            "org.apache.kafka.metadata..",
            "org.apache.kafka.raft..",
            "org.apache.kafka.controller..",
            "org.apache.kafka.image..",
            "org.apache.kafka.storage..")
        .check(product);
    classes()
        .that()
        .haveFullyQualifiedName(EmbeddedBroker.class.getName())
        .should()
        .dependOnClassesThat()
        .resideInAPackage("kafka.server..")
        .check(product);
  }

  @Test
  void what_decides_reads_no_clock() {
    // The registry's topic is written by commands and at the start, not by the topology.
    noClasses()
        .that()
        .resideInAnyPackage(rooms(PLAIN))
        .or()
        .resideInAnyPackage(ROOT + ".feed..", ROOT + ".topology..")
        .and()
        .doNotHaveFullyQualifiedName(RegistryTopic.class.getName())
        .should()
        .callMethodWhere(
            describe(
                "asks for the time",
                call ->
                    CLOCKS.contains(
                        call.getTargetOwner().getName() + "." + call.getTarget().getName())))
        .check(product);
  }

  @Test
  void standard_output_belongs_to_the_commands_and_the_notifier() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".cli..", ROOT + ".notify..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(product);
  }

  /** Companies live in config/lexicon; code that knows one would treat it unlike the others. */
  @Test
  void no_source_names_a_company() throws IOException {
    // Ids of companies that are something else in code: suffixes, a node, a field, a time zone, a
    // cipher.
    Set<String> ordinary = Set.of("ing", "ee", "x", "fold", "meta", "adt", "AES");
    Map<String, String> names = new TreeMap<>();
    for (Organisation organisation :
        Lexicon.load(Path.of("config/lexicon")).organisations().all()) {
      if (Set.of("company", "unit").contains(organisation.kind())) {
        names.put(organisation.id(), organisation.id());
        names.put(organisation.name(), organisation.id());
      }
    }
    assertThat(names).containsKeys("OpenAI", "openai", "Microsoft", "amazon-aws", "Nvidia");
    names.keySet().removeAll(ordinary);

    List<String> found = new ArrayList<>();
    for (Path source : sources()) {
      for (String literal : literals(Files.readString(source))) {
        if (names.containsKey(literal)) {
          found.add(source + ": \"" + literal + "\"");
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void literals_are_found_in_code_and_not_in_comments() {
    assertThat(
            literals(
                """
                /* "no" */ String a = "one \\" two"; // "no"
                char c = '"'; String b = "http://x"; String d = \"""
                    three
                    \""";
                """))
        .containsExactly("one \\\" two", "http://x", "three");
  }

  private static final Pattern TOKEN =
      Pattern.compile(
          "/\\*.*?\\*/|//[^\\n]*|'(?:[^'\\\\]|\\\\.)+'|\"\"\"(?<block>.*?)\"\"\""
              + "|\"(?<text>(?:[^\"\\\\\\n]|\\\\.)*)\"",
          Pattern.DOTALL);

  private static List<String> literals(String source) {
    List<String> found = new ArrayList<>();
    Matcher token = TOKEN.matcher(source);
    while (token.find()) {
      String text = token.group("text") == null ? token.group("block") : token.group("text");
      if (text != null) {
        found.add(text.strip());
      }
    }
    return found;
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static String room(JavaClass type) {
    return type.getPackageName().substring(ROOT.length()).replaceFirst("\\.?([^.]*).*", "$1");
  }

  private static String[] rooms(List<String> names) {
    return names.stream().map(name -> ROOT + "." + name + "..").toArray(String[]::new);
  }
}
