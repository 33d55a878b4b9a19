package dev.pactwatch.web;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementParty;
import dev.pactwatch.agreement.Source;
import dev.pactwatch.agreement.Standing;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.agreement.TopicTree;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Agreements as pages show them. Texts are plain, not escaped. */
final class AgreementViews {

  private AgreementViews() {}

  /**
   * How something stands on a day.
   *
   * @param key {@code in-force}, {@code in-force-when-last-checked}, {@code possibly-in-force},
   *     {@code not-yet} or {@code ended}
   */
  public record State(String key, String text) {

    boolean holds() {
      return !key.equals("ended") && !key.equals("not-yet");
    }
  }

  /**
   * A term.
   *
   * @param bound who is bound to whom, in words
   * @param blocks what that means for others, in words
   * @param scope may be null
   * @param limits carve-outs, products and an end of its own, in words
   */
  public record TermView(
      String kind,
      String topic,
      String bound,
      boolean blocking,
      String blocks,
      String scope,
      List<String> limits,
      State state) {}

  public record PartyView(String id, String name, String role) {}

  /**
   * @param link http or https, null for none
   * @param about publisher, date, kind and how it was read, in words
   */
  public record SourceView(String title, String link, String about) {}

  static State state(Agreement agreement, Term term, LocalDate day) {
    Optional<Standing> standing = Standing.of(agreement, term, day);
    if (standing.isPresent()) {
      String key = standing.get().label();
      return new State(key, Words.label(key));
    }
    boolean later =
        agreement.effectiveFrom() != null && day.isBefore(agreement.effectiveFrom().first());
    return later ? new State("not-yet", "not yet") : new State("ended", "no longer");
  }

  /** The surest of its terms. */
  static State state(Agreement agreement, LocalDate day) {
    return agreement.terms().stream()
        .map(term -> Standing.of(agreement, term, day))
        .flatMap(Optional::stream)
        .min(Enum::compareTo)
        .map(standing -> new State(standing.label(), Words.label(standing.label())))
        .orElseGet(() -> state(agreement, agreement.terms().get(0), day));
  }

  static TermView term(Agreement agreement, Term term, TopicTree topics, LocalDate day) {
    String grantor = name(agreement, term.grantor());
    String beneficiary = name(agreement, term.beneficiary());
    List<String> limits = new ArrayList<>();
    if (!term.carveOuts().isEmpty()) {
      limits.add("less " + titles(topics, term.carveOuts()));
    }
    if (!term.products().isEmpty()) {
      limits.add("for " + AlertView.clean(String.join(", ", term.products())) + " only");
    }
    if (term.until() != null) {
      limits.add("until " + Words.date(term.until(), ""));
    }
    boolean supplies = Boolean.TRUE.equals(term.grantorSupplies());
    return new TermView(
        Words.label(term.kind().label()),
        title(topics, term.topic()),
        grantor + " is bound to " + beneficiary,
        term.kind().blocking(),
        term.kind().blocking()
            ? supplies ? "Supplying others is a conflict" : "The same from others is a conflict"
            : "Blocks nobody",
        AlertView.clean(term.scope()),
        List.copyOf(limits),
        state(agreement, term, day));
  }

  /** A term in one line. */
  static String line(Agreement agreement, Term term, TopicTree topics) {
    StringBuilder text = new StringBuilder();
    text.append(Words.label(term.kind().label()))
        .append(", ")
        .append(title(topics, term.topic()))
        .append(": ")
        .append(name(agreement, term.grantor()))
        .append(" is bound to ")
        .append(name(agreement, term.beneficiary()));
    if (!term.carveOuts().isEmpty()) {
      text.append(", less ").append(titles(topics, term.carveOuts()));
    }
    if (!term.products().isEmpty()) {
      text.append(", for ").append(AlertView.clean(String.join(", ", term.products())));
    }
    if (term.until() != null) {
      text.append(", until ").append(Words.date(term.until(), ""));
    }
    return text.toString();
  }

  static List<PartyView> parties(Agreement agreement) {
    return agreement.parties().stream()
        .map(
            party ->
                new PartyView(
                    AlertView.clean(party.organisation()),
                    AlertView.clean(party.name()),
                    AlertView.clean(Words.label(party.role()))))
        .toList();
  }

  static SourceView source(Source source) {
    List<String> about = new ArrayList<>();
    for (String one :
        new String[] {
          source.publisher(),
          source.date(),
          Words.label(source.type()),
          source.access() == null ? null : "read as " + Words.label(source.access())
        }) {
      if (one != null && !one.isBlank()) {
        about.add(AlertView.clean(one));
      }
    }
    return new SourceView(
        AlertView.clean(source.title()), SafeLink.of(source.url()), String.join(", ", about));
  }

  /**
   * What one revision of a chain says otherwise than the one before.
   *
   * @param before null for the first one
   */
  static List<RegistryPreview.Field> changes(Agreement before, Agreement after, TopicTree topics) {
    if (before == null) {
      return List.of();
    }
    List<RegistryPreview.Field> changes = new ArrayList<>();
    lists(
        changes,
        "terms",
        before.terms().stream().map(term -> line(before, term, topics)).toList(),
        after.terms().stream().map(term -> line(after, term, topics)).toList());
    lists(
        changes,
        "carve-outs",
        before.carveOuts().stream().map(AlertView::clean).toList(),
        after.carveOuts().stream().map(AlertView::clean).toList());
    lists(changes, "parties", partyLines(before), partyLines(after));
    field(changes, "territory", before.facts().territory(), after.facts().territory());
    field(changes, "amounts", before.facts().amounts(), after.facts().amounts());
    field(changes, "confidence", before.confidence().label(), after.confidence().label());
    return List.copyOf(changes);
  }

  private static List<String> partyLines(Agreement agreement) {
    return parties(agreement).stream().map(one -> one.name() + ", " + one.role()).toList();
  }

  private static void lists(
      List<RegistryPreview.Field> changes, String name, List<String> before, List<String> after) {
    String gone =
        before.stream().filter(one -> !after.contains(one)).collect(Collectors.joining("; "));
    String come =
        after.stream().filter(one -> !before.contains(one)).collect(Collectors.joining("; "));
    if (!gone.isEmpty() || !come.isEmpty()) {
      changes.add(new RegistryPreview.Field(name, gone, come));
    }
  }

  private static void field(
      List<RegistryPreview.Field> changes, String name, String before, String after) {
    if (!Objects.equals(before, after)) {
      changes.add(
          new RegistryPreview.Field(
              name,
              before == null ? "" : AlertView.clean(before),
              after == null ? "" : AlertView.clean(after)));
    }
  }

  /** From when to when, as exactly as it is known. */
  static String period(Agreement agreement) {
    return Words.date(agreement.effectiveFrom(), "unknown")
        + " to "
        + Words.date(agreement.effectiveTo(), over(agreement) ? "unknown" : "open");
  }

  static boolean over(Agreement agreement) {
    return agreement.status().equals("ended") || agreement.status().equals("superseded");
  }

  static String name(Agreement agreement, String organisation) {
    return AlertView.clean(agreement.nameOf(organisation));
  }

  static String title(TopicTree topics, String topic) {
    return AlertView.clean(topics.title(topic));
  }

  private static String titles(TopicTree topics, List<String> ids) {
    return ids.stream().map(id -> title(topics, id)).collect(Collectors.joining(", "));
  }

  /** All names under which somebody may look for it. */
  static String searched(Agreement agreement) {
    StringBuilder text = new StringBuilder();
    text.append(agreement.id()).append(' ').append(agreement.chain()).append(' ');
    text.append(agreement.title()).append(' ');
    for (AgreementParty party : agreement.parties()) {
      text.append(party.organisation()).append(' ').append(party.name()).append(' ');
    }
    for (Term term : agreement.terms()) {
      text.append(term.kind().label()).append(' ').append(term.topic()).append(' ');
      text.append(term.scope()).append(' ').append(String.join(" ", term.products())).append(' ');
    }
    text.append(String.join(" ", agreement.carveOuts())).append(' ').append(agreement.notes());
    return text.toString();
  }
}
