package dev.pactwatch.web;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.kafka.TopicSpec;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.notify.admin.NotifyAdmin;
import dev.pactwatch.notify.admin.SubscriptionAdmin;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.AppInfoParser;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** How the pipeline is doing: stages, topics, who reads them, what could not be read. */
@Path("/system")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class SystemPages {

  private static final String DEAD_LETTERS = ".dlq";
  private static final String UNKNOWN = "not known";

  /**
   * A stage, or a topic between two stages.
   *
   * @param kind {@code stage} or {@code topic}
   * @param lines figures in words
   * @param warn whether somebody should look
   */
  public record Station(String kind, String name, String says, List<String> lines, boolean warn) {}

  /** A topic. */
  public record TopicRow(String name, String held, String rate, boolean warn) {}

  /** How far a group is behind in a topic. */
  public record LagRow(String group, String topic, String lag) {}

  /** Where messages go. */
  public record EndpointRow(
      String id, String target, String state, String health, long sent, long pending, long dead) {}

  /** A fact and what it is about. */
  public record Fact(String name, String value) {}

  /**
   * @param problem why figures are missing or old, may be null
   * @param measured when they were taken, may be null
   */
  public record SystemPage(
      Frame frame,
      String problem,
      String measured,
      List<Station> stations,
      List<TopicRow> topics,
      List<TopicRow> deadLetters,
      List<LagRow> lags,
      List<EndpointRow> endpoints,
      String notifier,
      List<Fact> facts) {}

  /** Templates, checked at build time. */
  @CheckedTemplate(basePath = "SystemPages")
  public static class Templates {
    private Templates() {}

    public static native TemplateInstance system(SystemPage page);
  }

  private final PipelineSurvey survey;
  private final AlertLog alerts;
  private final RegistryAccess registry;
  private final NotifyProblems notifier;
  private final Set<String> roles;
  private final String version;

  SystemPages(
      PipelineSurvey survey,
      AlertLog alerts,
      RegistryAccess registry,
      NotifyProblems notifier,
      @ConfigProperty(name = "pactwatch.roles") Optional<Set<String>> roles,
      @ConfigProperty(name = "quarkus.application.version", defaultValue = UNKNOWN)
          String version) {
    this.survey = survey;
    this.alerts = alerts;
    this.registry = registry;
    this.notifier = notifier;
    this.roles = roles.orElse(Set.of());
    this.version = version;
  }

  /** Answers whether the broker does or not. */
  @GET
  public Response show() {
    PipelineSurvey.Known known = survey.known();
    Optional<PipelineSurvey.Survey> latest = Optional.ofNullable(known.latest());
    Optional<NotifyAdmin> admin = admin();
    Optional<SubscriptionAdmin.Counts> counts = admin.map(one -> one.deliveries().counts().all());
    return Response.ok(
            Templates.system(
                new SystemPage(
                    Frame.of("System", "/system"),
                    problem(known),
                    latest.map(one -> AlertView.Moment.of(one.at()).text()).orElse(null),
                    stations(latest, counts),
                    topics(latest, false),
                    topics(latest, true),
                    lags(latest),
                    admin.map(SystemPages::endpoints).orElse(List.of()),
                    counts.map(SystemPages::outbox).orElse("This process has no notifier."),
                    facts())))
        .header("Cache-Control", "no-store")
        .build();
  }

  private String problem(PipelineSurvey.Known known) {
    if (!survey.runs()) {
      return "This process has no broker to look at.";
    }
    if (known.problem() != null) {
      return known.problem()
          + (known.latest() == null ? "" : " The figures are the last that were known.");
    }
    return known.latest() == null ? "The first figures come within seconds." : null;
  }

  private Optional<NotifyAdmin> admin() {
    try {
      return Optional.of(notifier.admin());
    } catch (NotifyProblems.NoNotifier e) {
      return Optional.empty();
    }
  }

  // ---- the way of the news

  private List<Station> stations(
      Optional<PipelineSurvey.Survey> latest, Optional<SubscriptionAdmin.Counts> counts) {
    Topics topics = survey.topics();
    String detect = topics.applicationId();
    Optional<Long> tagging = latest.flatMap(one -> lag(one, detect, topics.articles()));
    Optional<Long> matching =
        latest
            .map(one -> one.lag().getOrDefault(detect, Map.of()))
            .filter(lag -> !lag.isEmpty())
            .map(
                lag ->
                    lag.entrySet().stream()
                        .filter(topic -> !topic.getKey().equals(topics.articles()))
                        .mapToLong(Map.Entry::getValue)
                        .sum());
    Optional<Long> notifying =
        latest.flatMap(one -> lag(one, topics.prefix() + "notify", topics.alerts()));
    List<String> outbox = new ArrayList<>(List.of(behind(notifying)));
    counts.ifPresent(
        one -> {
          outbox.add(number(one.pending()) + " waiting");
          outbox.add(number(one.dead()) + " given up");
        });
    return List.of(
        stage("ingest", "feeds are read", List.of()),
        topic(topics.articles(), latest),
        stage("tag", "events are found", List.of(behind(tagging))),
        topic(topics.events(), latest),
        stage("match", "agreements are judged", List.of(behind(matching))),
        topic(topics.alerts(), latest),
        new Station(
            "stage",
            "notify",
            "subscribers are told",
            outbox,
            counts.map(one -> one.dead() > 0).orElse(false)));
  }

  private static Station stage(String name, String says, List<String> lines) {
    return new Station("stage", name, says, lines, false);
  }

  private Station topic(String name, Optional<PipelineSurvey.Survey> latest) {
    String letters = survey.topics().deadLetters(name);
    long dead =
        latest
            .map(one -> one.topics().get(letters))
            .filter(level -> letters.startsWith(name))
            .map(PipelineSurvey.Level::held)
            .orElse(0L);
    List<String> lines = new ArrayList<>();
    lines.add(
        latest
            .map(one -> one.topics().get(name))
            .map(level -> number(level.held()) + " held")
            .orElse(UNKNOWN));
    lines.add(rate(name));
    if (dead > 0) {
      lines.add(number(dead) + " dead letters");
    }
    String shown = name.substring(survey.topics().prefix().length());
    return new Station("topic", shown, null, List.copyOf(lines), dead > 0);
  }

  private static Optional<Long> lag(PipelineSurvey.Survey survey, String group, String topic) {
    return Optional.ofNullable(survey.lag().getOrDefault(group, Map.of()).get(topic));
  }

  private static String behind(Optional<Long> lag) {
    return lag.map(one -> one == 0 ? "up to date" : number(one) + " behind")
        .orElse("lag " + UNKNOWN);
  }

  private String rate(String topic) {
    return survey
        .rate(topic)
        .map(one -> String.format(Locale.ROOT, one < 10 ? "%.1f" : "%.0f", one) + " a minute")
        .orElse("rate " + UNKNOWN);
  }

  // ---- tables

  private List<TopicRow> topics(Optional<PipelineSurvey.Survey> latest, boolean dead) {
    List<TopicRow> rows = new ArrayList<>();
    for (TopicSpec spec : survey.topics().all()) {
      if (spec.name().endsWith(DEAD_LETTERS) == dead) {
        PipelineSurvey.Level level = latest.map(one -> one.topics().get(spec.name())).orElse(null);
        rows.add(
            new TopicRow(
                spec.name(),
                level == null ? UNKNOWN : number(level.held()),
                rate(spec.name()),
                dead && level != null && level.held() > 0));
      }
    }
    return List.copyOf(rows);
  }

  private static List<LagRow> lags(Optional<PipelineSurvey.Survey> latest) {
    List<LagRow> rows = new ArrayList<>();
    latest.ifPresent(
        survey ->
            survey
                .lag()
                .forEach(
                    (group, topics) ->
                        topics.forEach(
                            (topic, lag) -> rows.add(new LagRow(group, topic, number(lag))))));
    return List.copyOf(rows);
  }

  private static List<EndpointRow> endpoints(NotifyAdmin admin) {
    List<EndpointRow> rows = new ArrayList<>();
    for (SubscriptionAdmin.Shown one : admin.subscriptions().list().subscriptions()) {
      List<String> health = new ArrayList<>();
      if (one.failingSince() != null) {
        health.add("fails since " + AlertView.Moment.of(one.failingSince()).text());
      }
      if (one.pausedUntil() != null) {
        health.add("left alone until " + AlertView.Moment.of(one.pausedUntil()).text());
      }
      rows.add(
          new EndpointRow(
              one.id(),
              AlertView.clean(one.subscription().path("channel").asText() + ", " + one.target()),
              one.state().label(),
              String.join(", ", health),
              one.counts().sent(),
              one.counts().pending(),
              one.counts().dead()));
    }
    return List.copyOf(rows);
  }

  private static String outbox(SubscriptionAdmin.Counts counts) {
    return number(counts.matched())
        + " alert revisions matched a subscription: "
        + number(counts.sent())
        + " sent, "
        + number(counts.pending())
        + " waiting, "
        + number(counts.suppressed())
        + " not told, "
        + number(counts.dead())
        + " given up.";
  }

  private List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Pactwatch", version));
    facts.add(new Fact("Java", System.getProperty("java.version")));
    facts.add(new Fact("Kafka clients", AppInfoParser.getVersion()));
    facts.add(
        new Fact(
            "Roles of this process",
            roles.isEmpty() ? "none" : String.join(", ", roles.stream().sorted().toList())));
    facts.add(new Fact("Reading alerts", alerts.phase().name().toLowerCase(Locale.ROOT)));
    facts.add(new Fact("Registry", agreements()));
    return List.copyOf(facts);
  }

  private String agreements() {
    try {
      var now = registry.folder().registry();
      return now.size() + " agreements, version " + now.version();
    } catch (ConfigException e) {
      return "cannot be read";
    }
  }

  private static String number(long value) {
    return String.format(Locale.ENGLISH, "%,d", value);
  }
}
