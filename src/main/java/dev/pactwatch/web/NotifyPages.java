package dev.pactwatch.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.json.Json;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.notify.admin.DeliveryAdmin;
import dev.pactwatch.notify.admin.SilenceAdmin;
import dev.pactwatch.notify.admin.SubscriptionAdmin;
import dev.pactwatch.notify.admin.UnknownIdException;
import dev.pactwatch.notify.delivery.Catalogue;
import dev.pactwatch.notify.policy.DryRun;
import dev.pactwatch.notify.policy.Silence;
import dev.pactwatch.notify.store.AttemptTable;
import dev.pactwatch.notify.store.MessageState;
import dev.pactwatch.notify.store.MessageTable;
import dev.pactwatch.notify.store.SubscriptionTable.Origin;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Pages of subscriptions, deliveries and silences: server-rendered forms over what REST does, of
 * use without script. A form that is answered well leads on with 303; one that is not is shown
 * again with what is wrong.
 */
@Path("/")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class NotifyPages {

  private static final String SUBSCRIPTIONS = "/subscriptions";
  private static final String DELIVERIES = "/deliveries";
  private static final String SILENCES = "/silences";
  private static final int DAYS = 90;
  private static final int MOST = 50;
  private static final int MOST_LINES = 20;
  private static final int LATEST = 10;
  private static final Duration TEST = Duration.ofSeconds(5);
  private static final String DRAFT =
      """
      {
        "id": "newsdesk",
        "channel": "webhook",
        "url": "https://hooks.example.com/pactwatch",
        "secrets": [{"value": "whsec_..."}],
        "severity": "high"
      }""";

  /** A subscription in the list. */
  public record SubscriptionRow(
      String id,
      String state,
      String reason,
      String health,
      String channel,
      String target,
      String origin,
      long matched,
      long sent,
      long pending,
      long suppressed,
      long dead) {}

  /** What would have been sent. */
  public record Trial(
      int days,
      int messages,
      int matched,
      int sent,
      int suppressed,
      int pending,
      String reasons,
      List<String> lines) {}

  /** All subscriptions. */
  public record SubscriptionsPage(
      Frame frame,
      List<SubscriptionRow> rows,
      List<String> problems,
      String draft,
      Trial trial,
      SubscriptionForm form) {}

  /** One subscription. */
  public record SubscriptionPage(
      Frame frame,
      SubscriptionRow row,
      String reasons,
      String endpoint,
      boolean editable,
      String document,
      List<DeliveryRow> deliveries,
      Trial trial) {}

  /** A message in the list. */
  public record DeliveryRow(
      String id,
      String subscription,
      String kind,
      String state,
      int attempts,
      String made,
      String next,
      String problem) {}

  /** An attempt; what the receiver answered is hostile. */
  public record AttemptRow(
      int number, String started, long millis, String outcome, String address, String answer) {}

  /** The log. */
  public record DeliveriesPage(
      Frame frame,
      List<DeliveryRow> deliveries,
      String subscription,
      List<PageResource.Choice> states,
      String more) {}

  /** One message. */
  public record DeliveryPage(
      Frame frame, DeliveryRow row, List<AttemptRow> attempts, String body) {}

  /** A silence in the list. */
  public record SilenceRow(
      String id,
      String matchers,
      String state,
      String from,
      String to,
      String by,
      String comment,
      boolean open) {}

  /** The silences. */
  public record SilencesPage(
      Frame frame,
      List<SilenceRow> rows,
      String matchers,
      String lasts,
      String comment,
      List<String> meets) {}

  /** Templates, checked at build time. */
  @CheckedTemplate(basePath = "NotifyPages")
  public static class Templates {
    private Templates() {}

    public static native TemplateInstance subscriptions(SubscriptionsPage page);

    public static native TemplateInstance subscription(SubscriptionPage page);

    public static native TemplateInstance deliveries(DeliveriesPage page);

    public static native TemplateInstance delivery(DeliveryPage page);

    public static native TemplateInstance silences(SilencesPage page);
  }

  private final NotifyProblems notifier;

  NotifyPages(NotifyProblems notifier) {
    this.notifier = notifier;
  }

  // ---- subscriptions

  /** All of them. */
  @GET
  @Path("subscriptions")
  public Response subscriptions() {
    return list(200, null, DRAFT, null, SubscriptionForm.EMPTY);
  }

  /** Writes a document from the fields of a form. */
  @POST
  @Path("subscriptions/document")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response write(MultivaluedMap<String, String> fields) {
    SubscriptionForm form = SubscriptionForm.of(fields);
    return list(200, null, pretty(form.document()), null, form);
  }

  /** Tries or keeps a document. */
  @POST
  @Path("subscriptions")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response put(
      @FormParam("document") String document,
      @FormParam("act") String act,
      @Context SecurityContext user) {
    String text = document == null ? "" : document;
    try {
      if (Objects.equals(act, "try")) {
        String id = Yaml.parse("document", text).need("id").text();
        return list(
            200,
            null,
            text,
            trial(subscriptionAdmin().dryRun(id, text, DAYS)),
            SubscriptionForm.EMPTY);
      }
      String id = subscriptionAdmin().put(text, NotifyProblems.who(user), null).id();
      return see("/subscriptions/" + id);
    } catch (ConfigException | Catalogue.InFileException | UnknownIdException e) {
      return list(422, e.getMessage(), text, null, SubscriptionForm.EMPTY);
    }
  }

  /** One of them. */
  @GET
  @Path("subscriptions/{id}")
  public Response subscription(@PathParam("id") String id) {
    try {
      return one(200, id, null, null, null);
    } catch (UnknownIdException e) {
      return missing(e);
    }
  }

  /** Does something with one. */
  @POST
  @Path("subscriptions/{id}")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response act(
      @PathParam("id") String id, @FormParam("act") String act, @Context SecurityContext user)
      throws InterruptedException {
    String who = NotifyProblems.who(user);
    try {
      switch (act == null ? "" : act) {
        case "pause" -> subscriptionAdmin().pause(id, null, who);
        case "resume" -> subscriptionAdmin().resume(id, SubscriptionAdmin.Held.ALL, who);
        case "resume-latest" -> subscriptionAdmin().resume(id, SubscriptionAdmin.Held.LATEST, who);
        case "remove" -> {
          subscriptionAdmin().remove(id, who, null);
          return see("/subscriptions");
        }
        case "test" -> {
          SubscriptionAdmin.Tested test =
              subscriptionAdmin().await(subscriptionAdmin().test(id, null, who), TEST);
          return one(
              200,
              id,
              null,
              "The test is "
                  + test.state().label()
                  + (test.problem() == null ? "." : ": " + test.problem()),
              null);
        }
        case "try" -> {
          return one(200, id, null, null, trial(subscriptionAdmin().dryRun(id, null, DAYS)));
        }
        default -> {
          return one(400, id, "There is no such button.", null, null);
        }
      }
      return see("/subscriptions/" + id);
    } catch (ConfigException | Catalogue.InFileException e) {
      return one(422, id, e.getMessage(), null, null);
    } catch (UnknownIdException e) {
      return missing(e);
    }
  }

  private Response list(
      int status, String problem, String draft, Trial trial, SubscriptionForm form) {
    SubscriptionAdmin.Listing listing = subscriptionAdmin().list();
    return html(
        status,
        Templates.subscriptions(
            new SubscriptionsPage(
                new Frame(Assets.VERSION, "Subscriptions", SUBSCRIPTIONS, problem, null),
                listing.subscriptions().stream().map(NotifyPages::row).toList(),
                listing.problems(),
                draft,
                trial,
                form)));
  }

  private Response one(int status, String id, String problem, String said, Trial trial) {
    SubscriptionAdmin.Shown shown = subscriptionAdmin().show(id);
    Map<String, Long> reasons = shown.counts().byReason();
    List<DeliveryAdmin.Shown> latest = deliveries(id, null, null, LATEST).deliveries();
    return html(
        status,
        Templates.subscription(
            new SubscriptionPage(
                new Frame(Assets.VERSION, id, SUBSCRIPTIONS, problem, said),
                row(shown),
                reasons == null ? "" : reasons(reasons),
                endpoint(shown, latest),
                shown.origin() == Origin.API,
                pretty(shown.subscription()),
                latest.stream().map(NotifyPages::row).toList(),
                trial)));
  }

  /** How the receiver has answered lately. */
  private static String endpoint(SubscriptionAdmin.Shown shown, List<DeliveryAdmin.Shown> latest) {
    if (shown.pausedUntil() != null) {
      return "Fails since "
          + at(shown.failingSince())
          + "; left alone until "
          + at(shown.pausedUntil());
    }
    if (shown.failingSince() != null) {
      return "Fails since " + at(shown.failingSince());
    }
    List<DeliveryAdmin.Shown> asked = latest.stream().filter(one -> one.attempts() > 0).toList();
    if (asked.isEmpty()) {
      return "Not asked yet";
    }
    long taken = asked.stream().filter(one -> one.state() == MessageState.DELIVERED).count();
    long again = asked.stream().filter(one -> one.attempts() > 1).count();
    return "Answers; of the latest "
        + Words.count(asked.size(), "message")
        + " it took "
        + taken
        + (again == 0 ? "" : ", " + again + " after more than one attempt");
  }

  private static SubscriptionRow row(SubscriptionAdmin.Shown one) {
    List<String> health = new ArrayList<>();
    if (one.failingSince() != null) {
      health.add("fails since " + at(one.failingSince()));
    }
    if (one.pausedUntil() != null) {
      health.add("left alone until " + at(one.pausedUntil()));
    }
    SubscriptionAdmin.Counts counts = one.counts();
    return new SubscriptionRow(
        one.id(),
        one.state().label(),
        one.reason(),
        String.join(", ", health),
        one.subscription().path("channel").asText(),
        one.target(),
        one.origin() == Origin.FILE ? "file" : "database",
        counts.matched(),
        counts.sent(),
        counts.pending(),
        counts.suppressed(),
        counts.dead());
  }

  private static Trial trial(DryRun.Result result) {
    List<DryRun.Planned> messages = result.messages();
    List<String> lines = new ArrayList<>();
    for (int i = messages.size() - 1; i >= 0 && lines.size() < MOST_LINES; i--) {
      DryRun.Planned one = messages.get(i);
      lines.add(
          at(one.at())
              + "  "
              + Kebab.of(one.kind())
              + ": "
              + one.alerts().stream()
                  .map(told -> told.alertId() + " revision " + told.revision())
                  .collect(Collectors.joining(", ")));
    }
    Map<String, Long> reasons =
        result.suppressed().entrySet().stream()
            .collect(
                Collectors.toMap(one -> one.getKey().label(), one -> one.getValue().longValue()));
    return new Trial(
        DAYS,
        messages.size(),
        result.matched(),
        result.sent(),
        result.suppressed().values().stream().mapToInt(Integer::intValue).sum(),
        result.pending(),
        reasons(reasons),
        lines);
  }

  private static String reasons(Map<String, Long> reasons) {
    return reasons.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(one -> one.getKey() + " " + one.getValue())
        .collect(Collectors.joining(", "));
  }

  // ---- deliveries

  /** The log; a filter may be left out. */
  @GET
  @Path("deliveries")
  public Response deliveries(
      @QueryParam("subscription") String subscription,
      @QueryParam("state") String state,
      @QueryParam("before") String before) {
    MessageState wanted;
    Long seq;
    try {
      wanted = NotifyProblems.constant(MessageState.class, "state", state);
      seq = before == null ? null : Long.valueOf(before);
    } catch (NotifyProblems.Refused | NumberFormatException e) {
      return html(400, PageResource.Templates.problem(Assets.VERSION, e.getMessage()));
    }
    String of = subscription == null || subscription.isBlank() ? null : subscription.strip();
    DeliveryAdmin.Listing listing = deliveries(of, wanted, seq, MOST);
    List<PageResource.Choice> states = new ArrayList<>();
    states.add(new PageResource.Choice("", "Every state", wanted == null));
    for (MessageState one : MessageState.values()) {
      states.add(new PageResource.Choice(one.label(), one.label(), one == wanted));
    }
    UriBuilder more = UriBuilder.fromPath("/deliveries");
    if (of != null) {
      more.queryParam("subscription", "{of}");
    }
    if (wanted != null) {
      more.queryParam("state", wanted.label());
    }
    return html(
        200,
        Templates.deliveries(
            new DeliveriesPage(
                Frame.of("Deliveries", DELIVERIES),
                listing.deliveries().stream().map(NotifyPages::row).toList(),
                of == null ? "" : of,
                states,
                listing.next() == null
                    ? null
                    : more.queryParam("before", listing.next())
                        .resolveTemplate("of", of == null ? "" : of)
                        .build()
                        .toString())));
  }

  /** Sends again what was given up. */
  @POST
  @Path("deliveries")
  public Response retryDead(@Context SecurityContext user) {
    var unused =
        notifier
            .admin()
            .deliveries()
            .retry(
                new DeliveryAdmin.Range(null, MessageState.DEAD, null, null),
                NotifyProblems.who(user));
    return see("/deliveries");
  }

  /** One message with its attempts. */
  @GET
  @Path("deliveries/{id}")
  public Response delivery(@PathParam("id") String id) {
    try {
      DeliveryAdmin.Details details = notifier.admin().deliveries().show(id);
      return html(
          200,
          Templates.delivery(
              new DeliveryPage(
                  Frame.of(id, DELIVERIES),
                  row(details.delivery()),
                  details.log().stream().map(NotifyPages::row).toList(),
                  details.body())));
    } catch (UnknownIdException e) {
      return missing(e);
    }
  }

  /** Sends it again. */
  @POST
  @Path("deliveries/{id}")
  public Response retry(@PathParam("id") String id, @Context SecurityContext user) {
    try {
      var unused = notifier.admin().deliveries().retry(id, NotifyProblems.who(user));
      return see("/deliveries/" + id);
    } catch (UnknownIdException e) {
      return missing(e);
    }
  }

  private DeliveryAdmin.Listing deliveries(
      String subscription, MessageState state, Long before, int most) {
    return notifier
        .admin()
        .deliveries()
        .list(new MessageTable.Wanted(subscription, null, state, null, null, before, most));
  }

  private static DeliveryRow row(DeliveryAdmin.Shown one) {
    return new DeliveryRow(
        one.id(),
        one.subscription(),
        one.kind(),
        one.state().label(),
        one.attempts(),
        at(one.made()),
        at(one.next()),
        one.problem());
  }

  private static AttemptRow row(AttemptTable.Row one) {
    String outcome =
        one.outcome()
            + (one.status() == null ? "" : " " + one.status())
            + (one.detail() == null ? "" : ": " + one.detail());
    return new AttemptRow(
        one.number(),
        at(one.started()),
        one.millis(),
        outcome,
        one.address() == null ? "" : one.address(),
        one.answer() == null ? "" : one.answer());
  }

  // ---- silences

  /** All that have not ended. */
  @GET
  @Path("silences")
  public Response silences() {
    return silences(200, null, "", "2h", "", null);
  }

  /** Tries or makes one. */
  @POST
  @Path("silences")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response silence(
      @FormParam("matchers") String matchers,
      @FormParam("lasts") String lasts,
      @FormParam("comment") String comment,
      @FormParam("act") String act,
      @Context SecurityContext user) {
    String document =
        Json.write(
            Map.of("matchers", text(matchers), "lasts", text(lasts), "comment", text(comment)));
    try {
      if (Objects.equals(act, "try")) {
        SilenceAdmin.Matching meets = notifier.admin().silences().preview(document);
        List<String> lines = new ArrayList<>();
        lines.add(meets.total() == 1 ? "1 open alert" : meets.total() + " open alerts");
        meets.alerts().stream().limit(MOST_LINES).forEach(alert -> lines.add(alert.title()));
        return silences(200, null, text(matchers), text(lasts), text(comment), lines);
      }
      var unused = notifier.admin().silences().add(document, NotifyProblems.who(user), null);
      return see("/silences");
    } catch (ConfigException e) {
      return silences(422, e.getMessage(), text(matchers), text(lasts), text(comment), null);
    }
  }

  /** Ends one. */
  @POST
  @Path("silences/{id}")
  public Response expire(@PathParam("id") String id, @Context SecurityContext user) {
    try {
      var unused = notifier.admin().silences().expire(id, NotifyProblems.who(user));
      return see("/silences");
    } catch (UnknownIdException e) {
      return missing(e);
    }
  }

  private Response silences(
      int status,
      String problem,
      String matchers,
      String lasts,
      String comment,
      List<String> meets) {
    List<SilenceRow> rows =
        notifier
            .admin()
            .silences()
            .list(EnumSet.complementOf(EnumSet.of(Silence.State.EXPIRED)), MOST)
            .stream()
            .map(
                one ->
                    new SilenceRow(
                        one.id(),
                        one.matchers(),
                        one.state().label(),
                        at(one.startsAt()),
                        one.endsAt() == null ? "until idle" : at(one.endsAt()),
                        one.createdBy(),
                        one.comment(),
                        one.state() != Silence.State.EXPIRED))
            .toList();
    return html(
        status,
        Templates.silences(
            new SilencesPage(
                new Frame(Assets.VERSION, "Silences", SILENCES, problem, null),
                rows,
                matchers,
                lasts,
                comment,
                meets)));
  }

  // ---- all

  private SubscriptionAdmin subscriptionAdmin() {
    return notifier.admin().subscriptions();
  }

  private static Response missing(UnknownIdException e) {
    return html(404, PageResource.Templates.problem(Assets.VERSION, e.getMessage()));
  }

  private static Response see(String path) {
    return Response.seeOther(URI.create(path)).build();
  }

  private static Response html(int status, TemplateInstance page) {
    return Response.status(status).entity(page).header("Cache-Control", "no-store").build();
  }

  private static String text(String given) {
    return given == null ? "" : given;
  }

  private static String at(Instant time) {
    return time == null
        ? ""
        : time.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", " UTC");
  }

  private static String pretty(Object document) {
    try {
      return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
