package dev.pactwatch.web;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.Evidence;
import dev.pactwatch.tagging.Explanation;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.Tagger;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the rules make of a text that somebody pastes: the events, every span that proves a field,
 * the rules that fired and those that almost did. Nothing is kept.
 */
@Path("/lexicon")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class LexiconPages {

  private static final String ROOM = "/lexicon";
  private static final int MAX_HEADLINE = 1_000;
  private static final int MAX_BODY = 20_000;
  private static final int MOST_TERMS = 8;
  private static final int MOST_MISSES = 40;
  private static final String SENTENCE = "sentence";
  private static final String PARTIES = "parties";

  /** In the order of the legend. */
  private static final List<String> FIELDS =
      List.of("type", "status", PARTIES, "amount", "exclusivity", "product", "topic", "background");

  private static final List<Example> EXAMPLES =
      List.of(
          new Example(
              0,
              "A suit is threatened",
              "Cumulus weighs suing the model maker Lumen Labs over its cloud deal with Tidewater",
              "Cumulus Cloud, the exclusive provider of Lumen Labs, is considering legal action"
                  + " against Lumen Labs and Tidewater over a $6.5 billion deal, two people said."),
          new Example(
              1,
              "A deal is agreed",
              "Lumen Labs signs $12 billion agreement to run its models on Tidewater Cloud",
              "Tidewater becomes the sole third-party cloud of Lumen Labs' agent platform."),
          new Example(
              2,
              "A suit is settled",
              "Acme and Globex settle patent lawsuit for €40 million",
              "The companies said on Monday that they had ended the case."),
          new Example(
              3,
              "It only looks like one",
              "Analysts say Globex could face questions about its new cloud region",
              ""));

  /** A text of our own, to begin with. */
  public record Example(int number, String title, String headline, String body) {}

  /**
   * Words that prove something.
   *
   * @param field the first of the fields that they prove, null for none
   * @param fields all of them, in words
   */
  public record Segment(String text, String field, String fields) {}

  /** Headline or body with its spans. */
  public record Passage(String name, List<Segment> segments) {}

  /**
   * A field of an event.
   *
   * @param field for its colour
   * @param words that prove it
   * @param rule that fired, null where none is named
   */
  public record FieldRow(String field, String label, String value, String words, String rule) {}

  /** An event. */
  public record EventView(
      String title, int percent, boolean background, List<Passage> passages, List<FieldRow> rows) {}

  /** What the rules did in headline or body. */
  public record Rules(
      String name,
      List<Explanation.Fired> fired,
      List<WeighedView> weighed,
      List<Explanation.Almost> almost,
      int moreAlmost,
      List<String> unlisted,
      boolean silent) {}

  /** An event that was weighed. */
  public record WeighedView(
      String type, String parties, String sum, boolean kept, List<String> terms) {}

  /** The page. */
  public record LexiconPage(
      Frame frame,
      String version,
      String counts,
      String headline,
      String body,
      boolean asked,
      List<Example> examples,
      List<FieldRow> legend,
      List<EventView> events,
      List<Rules> rules) {}

  /** Templates, checked at build time. */
  @CheckedTemplate(basePath = "LexiconPages")
  public static class Templates {
    private Templates() {}

    public static native TemplateInstance lexicon(LexiconPage page);
  }

  private final LexiconAccess lexicon;

  LexiconPages(LexiconAccess lexicon) {
    this.lexicon = lexicon;
  }

  /**
   * The form.
   *
   * @param example number of an example to explain; none unless given
   */
  @GET
  public Response show(@QueryParam("example") String example) {
    for (Example one : EXAMPLES) {
      if (String.valueOf(one.number()).equals(example)) {
        return explain(one.headline(), one.body(), true);
      }
    }
    return explain("", "", false);
  }

  /** What the rules make of a text. */
  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response explain(@FormParam("headline") String headline, @FormParam("body") String body) {
    return explain(text(headline), text(body), true);
  }

  private Response explain(String headline, String body, boolean asked) {
    Tagger tagger;
    try {
      tagger = lexicon.tagger();
    } catch (ConfigException e) {
      return html(503, PageResource.Templates.problem(Assets.VERSION, e.getMessage()));
    }
    String problem = null;
    if (headline.length() > MAX_HEADLINE || body.length() > MAX_BODY) {
      problem =
          "A headline has up to "
              + MAX_HEADLINE
              + " characters here, a text up to "
              + MAX_BODY
              + ".";
    } else if (asked && headline.isBlank() && body.isBlank()) {
      problem = "There is nothing to read yet.";
    }
    boolean reads = asked && problem == null;
    List<EventView> events = new ArrayList<>();
    List<Rules> rules = new ArrayList<>();
    Set<String> fields = new LinkedHashSet<>();
    if (reads) {
      for (Event event : tagger.tag(headline, null, body.isBlank() ? null : body, null)) {
        events.add(view(event, headline, body));
        event.evidence().forEach(one -> fields.add(field(one)));
      }
      Explanation.Explainer explainer = new Explanation.Explainer(tagger);
      rules.add(rules("Headline", explainer.explain(headline)));
      if (!body.isBlank()) {
        rules.add(rules("Text", explainer.explain(body)));
      }
    }
    return html(
        problem == null ? 200 : 422,
        Templates.lexicon(
            new LexiconPage(
                new Frame(Assets.VERSION, "Lexicon", ROOM, problem, null),
                tagger.lexicon().version(),
                Words.count(tagger.lexicon().organisations().size(), "organisation")
                    + ", "
                    + Words.count(tagger.lexicon().rules().size(), "rule"),
                headline,
                body,
                reads,
                EXAMPLES,
                FIELDS.stream()
                    .filter(fields::contains)
                    .map(one -> new FieldRow(one, one, "", "", null))
                    .toList(),
                events,
                rules)));
  }

  // ---- an event

  private static EventView view(Event event, String headline, String body) {
    List<Passage> passages = new ArrayList<>();
    passages.add(passage("Headline", "headline", headline, event.evidence()));
    if (!body.isBlank()) {
      passages.add(passage("Text", "body", body, event.evidence()));
    }
    return new EventView(
        Words.capital(Words.label(event.type().label()))
            + ", "
            + Words.label(event.status().label()),
        (int) Math.round(event.confidence() * 100),
        event.background(),
        passages,
        rows(event));
  }

  private static List<FieldRow> rows(Event event) {
    List<FieldRow> rows = new ArrayList<>();
    add(rows, event, "type", "type", Words.label(event.type().label()));
    add(rows, event, "status", "status", Words.label(event.status().label()));
    for (int i = 0; i < event.parties().size(); i++) {
      Party party = event.parties().get(i);
      add(rows, event, "parties[" + i + "]", party.role().label(), party(party));
    }
    add(rows, event, "amount", "amount", AlertView.amount(event.amount()));
    add(
        rows,
        event,
        "exclusivity",
        "exclusivity",
        event.exclusivity() == null ? null : Words.label(event.exclusivity().label()));
    add(rows, event, "product", "product", AlertView.clean(event.product()));
    add(rows, event, "topic", "topic", AlertView.clean(event.topic()));
    if (event.background()) {
      add(rows, event, "background", "background", "mentioned as history or context only");
    }
    return rows;
  }

  private static String party(Party party) {
    String name = AlertView.clean(party.name());
    if (party.organisation() != null) {
      return name + " (" + AlertView.clean(party.organisation()) + ")";
    }
    if (Boolean.TRUE.equals(party.unlisted())) {
      return name + " (in no list)";
    }
    return Boolean.TRUE.equals(party.optional()) ? name + " (a group without a name)" : name;
  }

  private static void add(List<FieldRow> rows, Event event, String of, String label, String value) {
    if (value == null) {
      return;
    }
    Set<String> words = new LinkedHashSet<>();
    Set<String> rules = new LinkedHashSet<>();
    for (Evidence one : event.evidence()) {
      if (one.of().equals(of)) {
        words.add(AlertView.clean(one.text()));
        if (one.rule() != null) {
          rules.add(AlertView.clean(one.rule()));
        }
      }
    }
    rows.add(
        new FieldRow(
            of.startsWith(PARTIES) ? PARTIES : of,
            Words.label(label),
            value,
            String.join(" … ", words),
            rules.isEmpty() ? null : String.join(", ", rules)));
  }

  /** Cut wherever a span begins or ends, so that spans may overlap. */
  private static Passage passage(String name, String of, String text, List<Evidence> evidence) {
    String shown = AlertView.clean(text);
    List<Evidence> spans =
        evidence.stream()
            .filter(
                one ->
                    one.field().equals(of)
                        && !one.of().equals(SENTENCE)
                        && one.start() < one.end()
                        && one.end() <= shown.length())
            .toList();
    TreeSet<Integer> cuts = new TreeSet<>(List.of(0, shown.length()));
    spans.forEach(
        one -> {
          cuts.add(one.start());
          cuts.add(one.end());
        });
    List<Segment> segments = new ArrayList<>();
    Integer from = null;
    for (int to : cuts) {
      if (from != null) {
        segments.add(segment(shown, from, to, spans));
      }
      from = to;
    }
    return new Passage(name, List.copyOf(segments));
  }

  private static Segment segment(String text, int from, int to, List<Evidence> spans) {
    Set<String> fields = new TreeSet<>(Comparator.comparingInt(FIELDS::indexOf));
    for (Evidence one : spans) {
      if (one.start() <= from && one.end() >= to) {
        fields.add(field(one));
      }
    }
    return new Segment(
        text.substring(from, to),
        fields.isEmpty() ? null : fields.iterator().next(),
        String.join(", ", fields).replace(PARTIES, "party"));
  }

  private static String field(Evidence evidence) {
    return evidence.of().startsWith(PARTIES) ? PARTIES : evidence.of();
  }

  // ---- the rules

  private static Rules rules(String name, Explanation found) {
    List<Explanation.Almost> almost =
        found.almost().stream()
            .distinct()
            .limit(MOST_MISSES)
            .map(
                one ->
                    new Explanation.Almost(
                        one.rule(), AlertView.clean(one.words()), AlertView.clean(one.reason())))
            .toList();
    return new Rules(
        name,
        found.fired().stream()
            .map(
                one ->
                    new Explanation.Fired(
                        one.rule(),
                        AlertView.clean(one.words()),
                        one.parties().stream().map(AlertView::clean).toList(),
                        one.counted()))
            .toList(),
        found.weighed().stream().map(LexiconPages::weighed).toList(),
        almost,
        (int) found.almost().stream().distinct().count() - almost.size(),
        found.unlisted().stream().distinct().map(AlertView::clean).toList(),
        found.fired().isEmpty() && found.almost().isEmpty());
  }

  private static WeighedView weighed(Explanation.Weighed one) {
    Map<String, Double> terms = new LinkedHashMap<>();
    one.terms().entrySet().stream()
        .sorted(Comparator.comparingDouble(each -> -Math.abs(each.getValue())))
        .limit(MOST_TERMS)
        .forEach(each -> terms.put(each.getKey(), each.getValue()));
    return new WeighedView(
        Words.label(one.type().label()),
        AlertView.clean(String.join(", ", one.parties())),
        signed(one.sum()),
        one.sum() > 0,
        terms.entrySet().stream()
            .map(each -> signed(each.getValue()) + " " + AlertView.clean(each.getKey()))
            .toList());
  }

  private static String signed(double value) {
    return String.format(Locale.ROOT, "%+.2f", value);
  }

  // ---- all

  private static Response html(int status, TemplateInstance page) {
    return Response.status(status).entity(page).header("Cache-Control", "no-store").build();
  }

  private static String text(String given) {
    return given == null ? "" : given.replace("\r\n", "\n");
  }
}
