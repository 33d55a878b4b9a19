package dev.pactwatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.pactwatch.config.Settings;
import dev.pactwatch.kafka.TopicSpec;
import dev.pactwatch.kafka.Topics;
import io.smallrye.config.WithName;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * What docker-compose.yml and the image's files promise. They are read and not run: no container
 * engine is needed to build the project.
 */
class ComposeTest {

  private static final List<String> ROLES = List.of("ingest", "detect", "notify", "web");

  /** A tag that names a release, to the minor version at least. */
  private static final Pattern PINNED =
      Pattern.compile("[a-z0-9./-]+:v?\\d+\\.\\d+[A-Za-z0-9._-]*");

  private static final Pattern SECRET_NAME =
      Pattern.compile(".*(PASSWORD|SECRET|TOKEN|CREDENTIAL|_KEY).*");

  private static final Pattern REQUIRED_VARIABLE = Pattern.compile("\\$\\{[A-Z_]+:\\?[^}]+}");

  private static Map<String, Object> root;
  private static Map<String, Map<String, Object>> services;

  @BeforeAll
  static void read() throws IOException {
    root =
        map(
            new Load(LoadSettings.builder().setSchema(new CoreSchema()).build())
                .loadFromString(Files.readString(Path.of("docker-compose.yml"))));
    services = new TreeMap<>();
    map(root.get("services")).forEach((name, service) -> services.put(name, map(service)));
  }

  @Test
  void startsOneServicePerRoleBesideKafkaPostgresqlAndTheProxy() {
    assertThat(withoutProfile())
        .containsExactlyInAnyOrder(
            "kafka", "postgres", "ingest", "detect", "notify", "web", "web-proxy");
    for (String role : ROLES) {
      assertThat(strings(services.get(role).get("command")))
          .as(role)
          .startsWith("run", "--roles", role);
    }
  }

  @Test
  void theProfileForMonitoringAddsAWayToTheFiguresOfEveryRolePrometheusAndGrafana() {
    List<String> added =
        services.keySet().stream().filter(name -> !withoutProfile().contains(name)).toList();
    assertThat(added)
        .containsExactlyInAnyOrder(
            "metrics-ingest",
            "metrics-detect",
            "metrics-notify",
            "metrics-web",
            "prometheus",
            "grafana")
        .allSatisfy(
            name ->
                assertThat(services.get(name)).containsEntry("profiles", List.of("monitoring")));
    for (String role : ROLES) {
      String network = role.equals("web") ? "web-proxy" : role;
      assertThat(services.get("metrics-" + role))
          .containsEntry("network_mode", "service:" + network)
          .containsEntry("user", "10001:10001")
          .containsEntry("read_only", true)
          .containsEntry("cap_drop", List.of("ALL"))
          .containsEntry("security_opt", List.of("no-new-privileges:true"));
    }
  }

  private static List<String> withoutProfile() {
    return services.entrySet().stream()
        .filter(service -> !service.getValue().containsKey("profiles"))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Test
  void everyRoleRunsTheImageOfThisVersion() throws IOException {
    Matcher version =
        Pattern.compile("<artifactId>pactwatch</artifactId>\\s*<version>([^<]+)</version>")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertThat(version.find()).isTrue();

    for (String role : ROLES) {
      assertThat(services.get(role))
          .as(role)
          .containsEntry("image", "pactwatch:" + version.group(1))
          .containsEntry("build", ".");
    }
  }

  @Test
  void publishesThePageAndWithTheProfileTheDashboardOnLoopbackOnly() {
    Map<String, List<String>> published = new TreeMap<>();
    services.forEach(
        (name, service) -> {
          if (service.containsKey("ports")) {
            published.put(name, strings(service.get("ports")));
          }
        });

    assertThat(published)
        .containsOnlyKeys("web-proxy", "grafana")
        .containsEntry("web-proxy", List.of("127.0.0.1:${PACTWATCH_PORT:-8080}:8080"))
        .containsEntry("grafana", List.of("127.0.0.1:${GRAFANA_PORT:-3000}:3000"));
  }

  @Test
  void theWebRoleLivesInTheNetworkOfItsProxyAndNothingSharesThatOfTheHost() throws IOException {
    assertThat(services.get("web"))
        .containsEntry("network_mode", "service:web-proxy")
        .doesNotContainKey("networks");
    assertThat(map(services.get("web").get("depends_on")).get("web-proxy"))
        .isEqualTo(Map.of("condition", "service_started", "restart", true));
    assertThat(services.values())
        .allSatisfy(service -> assertThat(service.get("network_mode")).isNotEqualTo("host"));
    assertThat(Files.readString(Path.of("docker/Caddyfile")))
        .contains("reverse_proxy 127.0.0.1:" + portOf("web"))
        .contains("@here host localhost 127.0.0.1\n");
  }

  @Test
  void onlyTheNotifierAndThePageReachTheDatabaseWhichHasNoWayOut() {
    assertThat(
            services.entrySet().stream()
                .filter(s -> strings(s.getValue().get("networks")).contains("database"))
                .map(Map.Entry::getKey))
        // web lives in the network of its proxy.
        .containsExactlyInAnyOrder("postgres", "notify", "web-proxy");
    assertThat(map(map(root.get("networks")).get("database"))).containsEntry("internal", true);
    assertThat(strings(services.get("postgres").get("networks"))).containsExactly("database");
  }

  @Test
  void everyServiceHasAHealthCheckARestartPolicyAndLimits() {
    services.forEach(
        (name, service) -> {
          assertThat(map(service.get("healthcheck")))
              .as(name)
              .containsKeys("test", "interval", "timeout", "start_period", "retries");
          assertThat(service).as(name).containsEntry("restart", "unless-stopped");
          assertThat(service).as(name).containsKey("logging");
          Map<String, Object> limits =
              map(map(map(service.get("deploy")).get("resources")).get("limits"));
          assertThat(limits).as(name).containsOnlyKeys("cpus", "memory", "pids");
        });
  }

  @Test
  void everyRoleIsAskedForItsHealthOnThePortItListensOn() {
    for (String role : ROLES) {
      assertThat(strings(map(services.get(role).get("healthcheck")).get("test")))
          .as(role)
          .containsExactly("CMD", "healthy", portOf(role));
    }
  }

  @Test
  void rolesWaitForWhatTheyNeedToBeHealthy() {
    Map<String, Object> healthy = Map.of("condition", "service_healthy");
    for (String role : ROLES) {
      assertThat(map(services.get(role).get("depends_on")))
          .as(role)
          .containsEntry("kafka", healthy);
    }
    assertThat(map(services.get("notify").get("depends_on"))).containsEntry("postgres", healthy);
  }

  @Test
  void noSecretIsWrittenDown() {
    services.forEach(
        (name, service) ->
            environment(service).entrySet().stream()
                .filter(variable -> SECRET_NAME.matcher(variable.getKey()).matches())
                .filter(variable -> !variable.getValue().startsWith("/run/secrets/"))
                .forEach(
                    variable ->
                        assertThat(variable.getValue())
                            .as(name + ": " + variable.getKey())
                            .matches(REQUIRED_VARIABLE)));
    assertThat(map(map(root.get("secrets")).get("grafana-password")))
        .containsOnly(Map.entry("environment", "GRAFANA_PASSWORD"));
    assertThat(environment(services.get("postgres"))).containsKey("POSTGRES_PASSWORD");
    assertThat(environment(services.get("notify")))
        .containsKey("PACTWATCH_NOTIFY_DATABASE_PASSWORD");
  }

  @Test
  void theFileThatHoldsTheSecretStaysOutOfVersionControlAndOutOfTheImage() throws IOException {
    assertThat(Files.readAllLines(Path.of(".gitignore"))).contains("/.env");
    assertThat(Files.readAllLines(Path.of(".dockerignore"))).contains("*").doesNotContain("!.env");
  }

  @Test
  void everyNamedVolumeIsDeclaredAndUsed() {
    TreeSet<String> used = new TreeSet<>();
    services.forEach(
        (name, service) ->
            strings(service.get("volumes")).stream()
                .map(volume -> volume.split(":")[0])
                .filter(source -> !source.startsWith(".") && !source.startsWith("/"))
                .forEach(used::add));

    assertThat(map(root.get("volumes")).keySet()).containsExactlyInAnyOrderElementsOf(used);
    assertThat(used)
        .containsExactly("grafana-data", "kafka-data", "postgres-data", "prometheus-data");
  }

  @Test
  void kafkaKeepsItsLogsOnItsVolume() {
    assertThat(strings(services.get("kafka").get("volumes")))
        .containsExactly("kafka-data:" + environment(services.get("kafka")).get("KAFKA_LOG_DIRS"));
  }

  @Test
  void instancesOfARoleNeverShareAStateDirectory() {
    for (String role : ROLES) {
      String data = environment(services.get(role)).get("PACTWATCH_DATA_DIR");
      assertThat(strings(services.get(role).get("volumes"))).as(role).contains(data);
    }
  }

  @Test
  void everyImageIsPinned() throws IOException {
    assertThat(services.values())
        .extracting(service -> String.valueOf(service.get("image")))
        .allMatch(PINNED.asMatchPredicate());
    assertThat(Files.readAllLines(Path.of("Dockerfile")))
        .filteredOn(line -> line.startsWith("FROM "))
        .hasSize(2)
        .extracting(line -> line.split(" ")[1])
        .allMatch(PINNED.asMatchPredicate());
  }

  @Test
  void everythingThatTheImageCopiesIsThereAndReachesTheBuild() throws IOException {
    List<String> kept =
        Files.readAllLines(Path.of(".dockerignore")).stream()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1))
            .toList();
    List<String> copied =
        Files.readAllLines(Path.of("Dockerfile")).stream()
            .filter(line -> line.startsWith("COPY ") && !line.contains("--from="))
            .flatMap(line -> Stream.of(line.split(" ")).skip(1).limit(line.split(" ").length - 2L))
            .toList();

    assertThat(copied)
        .isNotEmpty()
        .allSatisfy(
            source -> {
              assertThat(Path.of(source)).exists();
              assertThat(kept).anyMatch(pattern -> Path.of(pattern).startsWith(source));
            });
  }

  @Test
  void nothingOfOursRunsAsRootOrMayBecomeIt() throws IOException {
    assertThat(Files.readAllLines(Path.of("Dockerfile"))).contains("USER 10001:10001");
    for (String name : List.of("ingest", "detect", "notify", "web", "web-proxy")) {
      assertThat(services.get(name))
          .as(name)
          .containsEntry("read_only", true)
          .containsEntry("cap_drop", List.of("ALL"))
          .containsEntry("security_opt", List.of("no-new-privileges:true"));
    }
    assertThat(services.get("web-proxy")).containsEntry("user", "10001:10001");
  }

  /** The variables that the roles are given. */
  @Nested
  class Environment {

    @Test
    void everyRoleIsPointedAtTheBroker() {
      assertThat(environment(services.get("kafka")))
          .containsEntry("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://kafka:9092");
      for (String role : ROLES) {
        assertThat(environment(services.get(role)))
            .as(role)
            .containsEntry("KAFKA_BOOTSTRAP_SERVERS", "${KAFKA_BOOTSTRAP_SERVERS:-kafka:9092}");
      }
    }

    @Test
    void rolesGetTheSameVariablesButForTheNotifiersDatabase() {
      List<String> common =
          List.of(
              "KAFKA_BOOTSTRAP_SERVERS",
              "PACTWATCH_CONFIG_DIR",
              "PACTWATCH_DATA_DIR",
              "PACTWATCH_TOPICS_REPLICATION");
      for (String role : List.of("ingest", "detect")) {
        assertThat(environment(services.get(role))).as(role).containsOnlyKeys(common);
      }
      for (String role : List.of("notify", "web")) {
        assertThat(environment(services.get(role)).keySet())
            .as(role)
            .containsExactlyInAnyOrderElementsOf(
                Stream.concat(
                        common.stream(),
                        Stream.of(
                            "PACTWATCH_NOTIFY_DATABASE_URL",
                            "PACTWATCH_NOTIFY_DATABASE_USER",
                            "PACTWATCH_NOTIFY_DATABASE_PASSWORD",
                            "PACTWATCH_NOTIFY_KEY"))
                    .toList());
      }
    }

    @Test
    void everyCommonVariableIsASettingOfTheProduct() {
      assertThat(variables("PACTWATCH", Settings.class))
          .containsAll(
              environment(services.get("notify")).keySet().stream()
                  .filter(name -> name.startsWith("PACTWATCH_"))
                  .toList());
    }

    @Test
    void theConfigurationFolderIsMountedWhereTheRolesLook() {
      for (String role : ROLES) {
        Map<String, String> environment = environment(services.get(role));
        assertThat(strings(services.get(role).get("volumes")))
            .as(role)
            .contains("./config:" + environment.get("PACTWATCH_CONFIG_DIR") + ":ro");
      }
    }
  }

  /** The broker against {@link Topics}, the one declaration of topics. */
  @Nested
  class Broker {

    private static final int NODES = 1;

    private final Map<String, String> kafka = environment(services.get("kafka"));

    @Test
    void makesNoTopicOfItsOwn() {
      assertThat(kafka).containsEntry("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
    }

    @Test
    void holdsEveryInternalTopic() {
      assertThat(
              kafka.entrySet().stream()
                  .filter(variable -> variable.getKey().matches(".*(REPLICATION_FACTOR|MIN_ISR)")))
          .hasSize(5)
          .allSatisfy(
              variable ->
                  assertThat(variable.getValue())
                      .as(variable.getKey())
                      .isEqualTo(String.valueOf(NODES)));
    }

    @Test
    void holdsEveryTopicThatPactwatchDeclares() {
      Topics declared =
          new Topics(
              Topics.DEFAULT_PREFIX,
              Topics.DEFAULT_PARTITIONS,
              Short.parseShort(
                  defaultOf(
                      environment(services.get("detect")).get("PACTWATCH_TOPICS_REPLICATION"))));

      assertThat(declared.all())
          .isNotEmpty()
          .extracting(TopicSpec::replication)
          .allSatisfy(replicas -> assertThat(replicas).isEqualTo((short) NODES));
      assertThat(declared.all())
          .extracting(TopicSpec::config)
          .allSatisfy(config -> assertThat(config).doesNotContainKey("min.insync.replicas"));
    }

    @Test
    void keepsItsControllerOnLoopback() {
      assertThat(kafka.get("KAFKA_LISTENERS")).contains("CONTROLLER://127.0.0.1:9093");
      assertThat(kafka).containsEntry("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@127.0.0.1:9093");
    }

    @Test
    void hasAValidClusterId() {
      assertThat(Uuid.fromString(kafka.get("CLUSTER_ID")).toString())
          .isEqualTo(kafka.get("CLUSTER_ID"));
    }
  }

  /** The image's own health check, run for real. */
  @Nested
  @EnabledOnOs(OS.LINUX)
  class HealthScript {

    @Test
    void succeedsWhenTheProcessSaysThatItIsReady() throws Exception {
      assertThat(healthyAgainst(200)).isZero();
    }

    @Test
    void failsWhenTheProcessSaysThatItIsNotReady() throws Exception {
      assertThat(healthyAgainst(503)).isNotZero();
    }

    @Test
    void failsWhenNobodyListens() throws Exception {
      int free;
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        free = socket.getLocalPort();
      }
      assertThat(healthy(free)).isNotZero();
    }

    private int healthyAgainst(int status) throws Exception {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/q/health/ready",
          exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
          });
      server.start();
      try {
        return healthy(server.getAddress().getPort());
      } finally {
        server.stop(0);
      }
    }

    private int healthy(int port) throws Exception {
      Process process =
          new ProcessBuilder("bash", "docker/healthy", String.valueOf(port))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    }
  }

  private static String portOf(String role) {
    List<String> command = strings(services.get(role).get("command"));
    return command.get(command.indexOf("--port") + 1);
  }

  /** What {@code ${NAME:-default}} stands for when nobody sets the name. */
  private static String defaultOf(String value) {
    Matcher matcher = Pattern.compile("\\$\\{[A-Z_]+:-([^}]*)}").matcher(value);
    assertThat(matcher.matches()).as(value).isTrue();
    return matcher.group(1);
  }

  /** Names of the environment variables that set the settings of an interface and its groups. */
  private static List<String> variables(String prefix, Class<?> group) {
    return Stream.of(group.getDeclaredMethods())
        .filter(method -> method.getParameterCount() == 0 && !method.isSynthetic())
        .flatMap(
            method -> {
              String name = prefix + "_" + variable(method);
              return method.getReturnType().isInterface()
                      && method.getReturnType().getEnclosingClass() == Settings.class
                  ? variables(name, method.getReturnType()).stream()
                  : Stream.of(name);
            })
        .toList();
  }

  private static String variable(Method method) {
    WithName given = method.getAnnotation(WithName.class);
    String name =
        given == null ? method.getName().replaceAll("([a-z0-9])([A-Z])", "$1-$2") : given.value();
    return name.replace('-', '_').replace('.', '_').toUpperCase(Locale.ROOT);
  }

  private static Map<String, String> environment(Map<String, Object> service) {
    return map(service.getOrDefault("environment", Map.of())).entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> String.valueOf(entry.getValue())));
  }

  private static List<String> strings(Object value) {
    return value == null
        ? List.of()
        : ((Collection<?>) value).stream().map(String::valueOf).toList();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }
}
