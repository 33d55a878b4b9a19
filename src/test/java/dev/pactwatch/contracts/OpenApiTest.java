package dev.pactwatch.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SpecificationVersion;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.pactwatch.alert.AlertExplanation;
import dev.pactwatch.ingest.FeedStatus;
import dev.pactwatch.notify.admin.AlertAdmin;
import dev.pactwatch.notify.admin.DeliveryAdmin;
import dev.pactwatch.notify.admin.NotifyAdmin;
import dev.pactwatch.notify.admin.SilenceAdmin;
import dev.pactwatch.notify.admin.SubscriptionAdmin;
import dev.pactwatch.notify.policy.Acknowledgement;
import dev.pactwatch.web.AgreementResource;
import dev.pactwatch.web.AlertResource;
import dev.pactwatch.web.ContractResource;
import dev.pactwatch.web.DeliveryResource;
import dev.pactwatch.web.FeedResource;
import dev.pactwatch.web.SilenceResource;
import dev.pactwatch.web.SubscriptionResource;
import dev.pactwatch.web.access.AccessRules;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The description of the HTTP interface, against the official schema and the code. */
class OpenApiTest {

  private static final JsonNode DOCUMENT = Schemas.document("openapi.json");

  /** What the console and its script ask for among themselves, which is nothing to build on. */
  private static final Set<String> SCRIPTS = Set.of("/", "/page/alerts");

  /** What is served by others than resources. */
  private static final Set<String> OTHERS =
      Set.of(
          "GET /alerts/stream",
          "GET /alerts/ws",
          "GET /q/metrics",
          "GET /q/health/live",
          "GET /q/health/ready");

  /** What answers hold, by the name of its schema. */
  private static final Map<String, Class<?>> ANSWERS =
      Map.ofEntries(
          Map.entry("Alerts", AlertResource.Alerts.class),
          Map.entry("AlertHistory", AlertResource.History.class),
          Map.entry("AlertExplanation", AlertExplanation.class),
          Map.entry("AlertExplained", AlertAdmin.Explained.class),
          Map.entry("Acknowledgement", Acknowledgement.class),
          Map.entry("Agreements", AgreementResource.Agreements.class),
          Map.entry("AgreementHistory", AgreementResource.History.class),
          Map.entry("AgreementAudit", AgreementResource.Audit.class),
          Map.entry("AgreementImported", AgreementResource.Imported.class),
          Map.entry("Audit", NotifyAdmin.Audit.class),
          Map.entry("Feeds", FeedResource.Feeds.class),
          Map.entry("FeedStatus", FeedStatus.class),
          Map.entry("FeedChoices", FeedResource.Choices.class),
          Map.entry("Problem", FeedResource.Problem.class),
          Map.entry("Subscriptions", SubscriptionResource.Subscriptions.class),
          Map.entry("Subscription", SubscriptionAdmin.Shown.class),
          Map.entry("SubscriptionTested", SubscriptionAdmin.Tested.class),
          Map.entry("SubscriptionRotated", SubscriptionAdmin.Rotated.class),
          Map.entry("Delivery", DeliveryAdmin.Shown.class),
          Map.entry("DeliveryListing", DeliveryAdmin.Listing.class),
          Map.entry("DeliveryDetails", DeliveryAdmin.Details.class),
          Map.entry("DeliveryCounts", DeliveryAdmin.Counts.class),
          Map.entry("DeliveryAgain", DeliveryResource.Again.class),
          Map.entry("Silences", SilenceResource.Silences.class),
          Map.entry("Silence", SilenceAdmin.Shown.class),
          Map.entry("SilenceMatching", SilenceAdmin.Matching.class),
          Map.entry("Contracts", ContractResource.Listing.class));

  @Test
  void the_document_is_one_by_the_official_schema_of_open_api() {
    JsonNode official = Schemas.resource("/specs/openapi-3.1-2026-08-03.json");

    assertThat(Schemas.problems(official, DOCUMENT)).isEmpty();
    ObjectNode broken = DOCUMENT.deepCopy();
    ((ObjectNode) broken.at("/paths/~1api~1alerts/get/parameters/0")).put("in", "mind");
    assertThat(Schemas.problems(official, broken)).isNotEmpty();
  }

  @Test
  void every_schema_in_the_document_is_one_by_the_official_meta_schema() {
    JsonNode meta =
        Schemas.validator(
                SpecificationVersion.DRAFT_2020_12, Schemas.resource("/draft/2020-12/schema"))
            .getSchemaNode();
    DOCUMENT
        .at("/components/schemas")
        .fields()
        .forEachRemaining(
            schema ->
                assertThat(Schemas.problems(meta, schema.getValue()))
                    .as(schema.getKey())
                    .isEmpty());
  }

  @Test
  void every_route_that_programs_may_use_is_described_and_no_other() {
    Set<String> described = new TreeSet<>();
    DOCUMENT
        .path("paths")
        .fields()
        .forEachRemaining(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        verb ->
                            described.add(verb.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    described.removeAll(OTHERS);

    assertThat(described)
        .as("a new route of the interface needs its lines in META-INF/contracts/openapi.json")
        .containsExactlyInAnyOrderElementsOf(routes().keySet());
  }

  @Test
  void the_parameters_of_a_route_are_those_that_the_code_reads() {
    routes()
        .forEach(
            (route, method) -> {
              Set<String> read = new TreeSet<>();
              for (Parameter parameter : method.getParameters()) {
                if (parameter.getType() == UriInfo.class) {
                  AlertResource.PARAMETERS.forEach(name -> read.add("query " + name));
                }
                for (Annotation annotation : parameter.getAnnotations()) {
                  if (annotation instanceof PathParam path) {
                    read.add("path " + path.value());
                  } else if (annotation instanceof QueryParam query) {
                    read.add("query " + query.value());
                  } else if (annotation instanceof HeaderParam header
                      && !header.value().equals("Content-Type")) {
                    read.add("header " + header.value());
                  }
                }
              }
              for (var field : method.getDeclaringClass().getDeclaredFields()) {
                if (field.isAnnotationPresent(PathParam.class)) {
                  read.add("path " + field.getAnnotation(PathParam.class).value());
                }
              }
              Set<String> described = new TreeSet<>();
              for (JsonNode parameter : operation(route).path("parameters")) {
                described.add(
                    parameter.path("in").asText() + " " + parameter.path("name").asText());
                assertThat(parameter.path("description").asText()).isNotBlank();
              }
              read.addAll(inPath(route));
              assertThat(described).as(route).isEqualTo(read);
            });
  }

  @Test
  void what_a_request_needs_is_what_the_table_of_access_says() {
    Set<String> all = new TreeSet<>(OTHERS);
    all.addAll(routes().keySet());
    for (String route : all) {
      String[] verbAndPath = route.split(" ");
      AccessRules.Needs needs =
          AccessRules.needs(
                  verbAndPath[0],
                  AccessRules.segments(verbAndPath[1].replaceAll("\\{[^}]*}", "x1")).orElseThrow())
              .orElseThrow();
      assertThat(operation(route).path("x-needs").asText())
          .as(route)
          .isEqualTo(needs.name().toLowerCase(Locale.ROOT));
    }
  }

  @Test
  void every_operation_says_what_it_does_and_how_it_can_fail() {
    Set<String> ids = new TreeSet<>();
    for (String route : routes().keySet()) {
      JsonNode operation = operation(route);
      assertThat(operation.path("summary").asText()).as(route).isNotBlank();
      assertThat(ids.add(operation.path("operationId").asText())).as(route).isTrue();
      operation
          .path("responses")
          .fields()
          .forEachRemaining(
              answer -> {
                if (answer.getKey().startsWith("4") && answer.getValue().has("content")) {
                  assertThat(answer.getValue().path("content").fieldNames().next())
                      .as(route + " " + answer.getKey())
                      .isEqualTo("application/problem+json");
                }
              });
    }
  }

  @Test
  void what_answers_hold_is_what_the_code_writes() {
    List<String> differences = new ArrayList<>();
    ANSWERS.forEach(
        (name, type) ->
            differences.addAll(
                RecordShape.differences(
                    type, DOCUMENT.at("/components/schemas/" + name), DOCUMENT)));
    assertThat(differences).isEmpty();
  }

  @Test
  void every_schema_that_an_operation_names_is_held_against_the_code() {
    Set<String> named = new TreeSet<>();
    for (JsonNode reference : DOCUMENT.path("paths").findValues("$ref")) {
      String to = reference.asText();
      if (to.startsWith("#")) {
        assertThat(DOCUMENT.at(to.substring(1)).isMissingNode()).as(to).isFalse();
        named.add(to.substring(to.lastIndexOf('/') + 1));
      } else {
        assertThat(Schemas.document(to.substring(2))).isNotNull();
      }
    }
    // Its rows write null where others leave a field out.
    named.remove("TermInForce");
    assertThat(ANSWERS.keySet()).containsAll(named);
  }

  /** Every route of a resource that is no page. */
  private static Map<String, Method> routes() {
    Map<String, Method> routes = new TreeMap<>();
    for (JavaClass found :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.pactwatch.web")) {
      if (!found.isAnnotatedWith(Path.class)) {
        continue;
      }
      Class<?> resource = found.reflect();
      String base = resource.getAnnotation(Path.class).value();
      for (Method method : resource.getDeclaredMethods()) {
        for (Annotation annotation : method.getAnnotations()) {
          HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
          if (verb != null) {
            Path own = method.getAnnotation(Path.class);
            String path =
                ("/" + base + (own == null ? "" : "/" + own.value())).replaceAll("/+", "/");
            if (!page(resource) && !SCRIPTS.contains(path)) {
              routes.put(verb.value() + " " + path, method);
            }
          }
        }
      }
    }
    return routes;
  }

  /** What people look at is nothing to build on. */
  private static boolean page(Class<?> resource) {
    Produces type = resource.getAnnotation(Produces.class);
    return type != null && List.of(type.value()).contains(MediaType.TEXT_HTML);
  }

  private static Set<String> inPath(String route) {
    Set<String> names = new TreeSet<>();
    var matcher = java.util.regex.Pattern.compile("\\{(\\w+)}").matcher(route);
    while (matcher.find()) {
      names.add("path " + matcher.group(1));
    }
    return names;
  }

  private static JsonNode operation(String route) {
    String[] verbAndPath = route.split(" ");
    return DOCUMENT
        .path("paths")
        .path(verbAndPath[1])
        .path(verbAndPath[0].toLowerCase(Locale.ROOT));
  }
}
