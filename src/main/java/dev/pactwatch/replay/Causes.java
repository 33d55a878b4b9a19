package dev.pactwatch.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.json.Json;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.Evidence;
import dev.pactwatch.tagging.TaggedArticle;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds by what two alerts differ: the events that only one lexicon finds in their articles, and
 * the revisions of their agreements that only one registry has. Holds the events of those articles
 * only.
 */
final class Causes {

  private static final int MAX_VALUE = 120;

  private static final int SHOWN_ID = 8;

  /** What of an event tells that it is one, in the order in which it is shown. */
  private static final List<String> TELLING = List.of("type", "status", "exclusivity", "topic");

  private final ReplaySet.Loaded first;
  private final ReplaySet.Loaded second;
  private final Map<String, TaggedArticle> before;
  private final Map<String, TaggedArticle> after;
  private final Set<String> firstRules;
  private final Set<String> secondRules;
  private final Collection<Alert> removed;
  private final Collection<Alert> added;

  private Causes(
      ReplaySet.Loaded first,
      ReplaySet.Loaded second,
      Collection<Alert> removed,
      Collection<Alert> added)
      throws IOException {
    this.first = first;
    this.second = second;
    this.removed = removed;
    this.added = added;
    Set<String> articles = new HashSet<>();
    removed.forEach(alert -> alert.articles().forEach(article -> articles.add(article.uri())));
    added.forEach(alert -> alert.articles().forEach(article -> articles.add(article.uri())));
    this.before = tagged(first, articles);
    this.after = tagged(second, articles);
    this.firstRules = first.rules().lexiconRules();
    this.secondRules = second.rules().lexiconRules();
  }

  /**
   * @param removed alerts of the first pass that differ
   * @param added alerts of the second pass that differ
   */
  static Causes read(
      ReplaySet.Loaded first,
      ReplaySet.Loaded second,
      Collection<Alert> removed,
      Collection<Alert> added)
      throws IOException {
    return new Causes(first, second, removed, added);
  }

  /** The newest version of each that has events. */
  private static Map<String, TaggedArticle> tagged(ReplaySet.Loaded of, Set<String> articles)
      throws IOException {
    Map<String, TaggedArticle> found = new HashMap<>();
    try (BufferedReader lines =
        Files.newBufferedReader(of.folder().resolve(ReplayRun.EVENTS), StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        TaggedArticle tagged = Json.read(line, TaggedArticle.class);
        if (articles.contains(tagged.uri())) {
          found.merge(
              tagged.uri(), tagged, (old, now) -> now.version() >= old.version() ? now : old);
        }
      }
    }
    return found;
  }

  /**
   * @param was null where only the second pass has the alert
   * @param is null where only the first pass has it
   */
  List<Cause> of(Alert was, Alert is) {
    Alert one = is == null ? was : is;
    List<Cause> causes = new ArrayList<>();
    Set<String> articles = new LinkedHashSet<>();
    Set<String> chains = new TreeSet<>();
    for (Alert alert : was == null || is == null ? List.of(one) : List.of(was, is)) {
      alert.articles().forEach(article -> articles.add(article.uri()));
      chains.add(alert.agreement().chain());
    }
    articles.forEach(uri -> events(uri, one, causes));
    chains.forEach(chain -> agreements(chain, causes));
    if (causes.isEmpty() && !first.versions().topics().equals(second.versions().topics())) {
      causes.add(
          Cause.of(
              Cause.Kind.DECISION,
              Cause.Only.BOTH,
              "topics.yaml or retractions.yaml of the sets differ",
              null));
    }
    if (causes.isEmpty()) {
      causes.add(Cause.of(Cause.Kind.OTHER, Cause.Only.BOTH, elsewhere(was, is), null));
    }
    return causes;
  }

  /** Reports that one set takes for an alert of their own the other may count to another one. */
  private String elsewhere(Alert was, Alert is) {
    if (was == null || is == null) {
      Alert alert = is == null ? was : is;
      for (Alert other : is == null ? added : removed) {
        if (other.agreement().chain().equals(alert.agreement().chain())
            && uris(other).containsAll(uris(alert))) {
          return "its reports belong to alert "
              + other.id().substring(0, Math.min(SHOWN_ID, other.id().length()))
              + (is == null ? " with the second set" : " with the first set");
        }
      }
    }
    return "its own events and agreements are the same: other articles of this chain, or who"
        + " belongs to whom, differ";
  }

  private static Set<String> uris(Alert alert) {
    return alert.articles().stream().map(Alert.ArticleRef::uri).collect(Collectors.toSet());
  }

  private void events(String uri, Alert alert, List<Cause> causes) {
    TaggedArticle was = before.get(uri);
    TaggedArticle is = after.get(uri);
    Map<String, Event> old = ofType(was, alert);
    Map<String, Event> now = ofType(is, alert);
    old.forEach(
        (key, event) -> {
          if (!now.containsKey(key)) {
            causes.add(cause(Cause.Only.FIRST, event, was, secondRules));
          }
        });
    now.forEach(
        (key, event) -> {
          if (!old.containsKey(key)) {
            causes.add(cause(Cause.Only.SECOND, event, is, firstRules));
          }
        });
  }

  /** Events of the alert's type by all that decides about an alert. */
  private static Map<String, Event> ofType(TaggedArticle tagged, Alert alert) {
    Map<String, Event> found = new LinkedHashMap<>();
    if (tagged != null) {
      for (Event event : tagged.events()) {
        if (event.type() == alert.event().type()) {
          found.put(
              Json.write(
                  new Event(
                      event.type(),
                      event.status(),
                      event.parties(),
                      event.amount(),
                      event.exclusivity(),
                      event.product(),
                      event.topic(),
                      event.background(),
                      0,
                      List.of())),
              event);
        }
      }
    }
    return found;
  }

  private static Cause cause(
      Cause.Only only, Event event, TaggedArticle in, Set<String> othersRules) {
    Set<String> words = new LinkedHashSet<>();
    for (String of : TELLING) {
      event.evidence().stream()
          .filter(evidence -> evidence.of().equals(of))
          .map(Evidence::text)
          .forEach(words::add);
    }
    Set<String> rules = new LinkedHashSet<>();
    event.evidence().stream().map(Evidence::rule).filter(rule -> rule != null).forEach(rules::add);
    return new Cause(
        Cause.Kind.EVENT,
        only,
        event.type().label()
            + " "
            + event.status().label()
            + " of "
            + event.parties().stream().map(AlertFields::party).collect(Collectors.joining(", "))
            + AlertFields.more(event.amount(), event.product(), event.topic()),
        "in \"" + in.headline() + "\"" + publisher(in),
        List.copyOf(words),
        List.copyOf(rules),
        rules.stream().filter(rule -> !othersRules.contains(rule)).toList());
  }

  private static String publisher(TaggedArticle tagged) {
    return tagged.publisher() == null ? "" : ", " + tagged.publisher().name();
  }

  private void agreements(String chain, List<Cause> causes) {
    Map<String, Agreement> old = byId(first.registry(), chain);
    Map<String, Agreement> now = byId(second.registry(), chain);
    old.forEach(
        (id, agreement) -> {
          if (!now.containsKey(id)) {
            causes.add(Cause.of(Cause.Kind.AGREEMENT, Cause.Only.FIRST, id, described(agreement)));
          } else if (!agreement.equals(now.get(id))) {
            causes.add(
                Cause.of(
                    Cause.Kind.AGREEMENT, Cause.Only.BOTH, id, changed(agreement, now.get(id))));
          }
        });
    now.forEach(
        (id, agreement) -> {
          if (!old.containsKey(id)) {
            causes.add(Cause.of(Cause.Kind.AGREEMENT, Cause.Only.SECOND, id, described(agreement)));
          }
        });
  }

  private static Map<String, Agreement> byId(Registry registry, String chain) {
    Map<String, Agreement> found = new LinkedHashMap<>();
    registry.history(chain).forEach(agreement -> found.put(agreement.id(), agreement));
    return found;
  }

  private static String described(Agreement agreement) {
    return agreement.title()
        + (agreement.effectiveFrom() == null ? "" : ", from " + agreement.effectiveFrom())
        + (agreement.effectiveTo() == null ? "" : " to " + agreement.effectiveTo());
  }

  /** The fields that differ, with both values. */
  private static String changed(Agreement was, Agreement is) {
    JsonNode old = Json.mapper().valueToTree(was);
    JsonNode now = Json.mapper().valueToTree(is);
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode each : List.of(old, now)) {
      for (Iterator<String> fields = each.fieldNames(); fields.hasNext(); ) {
        names.add(fields.next());
      }
    }
    List<String> parts = new ArrayList<>();
    for (String name : names) {
      if (!old.path(name).equals(now.path(name))) {
        parts.add(name + " " + value(old.path(name)) + " -> " + value(now.path(name)));
      }
    }
    return String.join("; ", parts);
  }

  private static String value(JsonNode node) {
    String text =
        node.isMissingNode() ? "none" : node.isTextual() ? node.asText() : node.toString();
    return text.length() > MAX_VALUE ? text.substring(0, MAX_VALUE) + "..." : text;
  }
}
