package dev.pactwatch.agreement;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Agreements as text for a terminal; every answer says its source and when it was checked. */
public final class AgreementText {

  private AgreementText() {}

  /** One line per revision, with a head line. */
  public static String list(List<Agreement> agreements) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ID", "FROM", "TO", "STATUS", "CHECKED TO", "CONFIDENCE", "TERMS"));
    for (Agreement a : agreements) {
      rows.add(
          List.of(
              a.id(),
              or(a.effectiveFrom(), "unknown"),
              or(a.effectiveTo(), "open"),
              a.status(),
              or(a.checkedTo(), "never"),
              a.confidence().label(),
              a.terms().stream()
                  .map(term -> term.kind().label() + " " + term.topic())
                  .distinct()
                  .collect(Collectors.joining(", "))));
    }
    return table(rows);
  }

  /** The revisions of one chain, oldest first, each with its terms. */
  public static String history(List<Agreement> revisions) {
    StringBuilder text = new StringBuilder();
    for (Agreement a : revisions) {
      text.append(a.revision())
          .append("  ")
          .append(or(a.effectiveFrom(), "unknown"))
          .append(" to ")
          .append(or(a.effectiveTo(), "open"))
          .append("  ")
          .append(a.title())
          .append(" (")
          .append(a.id())
          .append(")\n");
      for (Term term : a.terms()) {
        text.append("    ").append(sentence(a, term)).append('\n');
      }
      text.append("    checked to ")
          .append(or(a.checkedTo(), "never"))
          .append("; source: ")
          .append(cite(a.bestSource()))
          .append('\n');
    }
    return text.toString();
  }

  /** Everything known of one revision. */
  public static String show(Agreement a) {
    List<String> lines = new ArrayList<>();
    lines.add(a.title());
    lines.add("id          " + a.id());
    lines.add("chain       " + a.chain() + ", revision " + a.revision());
    lines.add(
        "parties     "
            + a.parties().stream()
                .map(party -> party.name() + " (" + party.role() + ")")
                .collect(Collectors.joining(", ")));
    lines.add(
        "in force    " + or(a.effectiveFrom(), "unknown") + " to " + or(a.effectiveTo(), "open"));
    add(lines, "date basis  ", a.facts().dateBasis());
    lines.add("status      " + a.status() + ", checked to " + or(a.checkedTo(), "never"));
    lines.add("confidence  " + a.confidence().label());
    add(lines, "next        ", a.supersededBy());
    add(lines, "territory   ", a.facts().territory());
    add(lines, "amounts     ", a.facts().amounts());
    if (Boolean.TRUE.equals(a.facts().mutual())) {
      lines.add("mutual      each side is bound");
    }
    if (Boolean.TRUE.equals(a.facts().disputed())) {
      lines.add("disputed    a party or a court contests the term");
    }
    lines.add("terms");
    a.terms().forEach(term -> lines.add("  " + sentence(a, term)));
    if (!a.carveOuts().isEmpty()) {
      lines.add("carve-outs");
      a.carveOuts().forEach(out -> lines.add("  " + out));
    }
    lines.add("sources");
    a.sources().forEach(source -> lines.add("  " + cite(source)));
    add(lines, "notes       ", a.notes());
    return String.join("\n", lines) + "\n";
  }

  /** The terms that hold on a day, one per line. */
  public static String asOf(LocalDate date, List<InForce> answers) {
    if (answers.isEmpty()) {
      return "No such term is known to be in force on " + date + ".\n";
    }
    StringBuilder text = new StringBuilder();
    for (InForce answer : answers) {
      text.append(sentence(answer.agreement(), answer.term()))
          .append("\n    ")
          .append(answer.certainty().label().replace('-', ' '))
          .append(" on ")
          .append(date)
          .append(" by ")
          .append(answer.agreement().id())
          .append("; checked to ")
          .append(or(answer.checkedTo(), "never"))
          .append("; confidence ")
          .append(answer.agreement().confidence().label())
          .append("; source: ")
          .append(cite(answer.source()))
          .append('\n');
    }
    return text.toString();
  }

  /** What was changed in the registry, oldest first, and where the trail has a gap. */
  public static String audit(AuditTrail.Trail trail, List<AuditEntry> entries) {
    StringBuilder text = new StringBuilder();
    for (AuditEntry entry : entries) {
      text.append(entry.at())
          .append("  ")
          .append(entry.by())
          .append(" (")
          .append(entry.via().replace('-', ' '))
          .append(") ")
          .append(entry.action())
          .append(' ')
          .append(entry.agreement())
          .append(", chain ")
          .append(entry.chain())
          .append(": version ")
          .append(entry.versionBefore())
          .append(" to ")
          .append(entry.versionAfter())
          .append('\n');
      if (entry.why() != null) {
        text.append("    why: ").append(entry.why()).append('\n');
      }
      for (AuditEntry.FieldChange change : entry.changes()) {
        text.append("    ").append(change.field()).append(": ");
        if (change.from() != null) {
          text.append(value(change.from())).append(" -> ");
        }
        text.append(change.to() == null ? "(none)" : value(change.to())).append('\n');
      }
    }
    for (int line : trail.broken()) {
      text.append("The trail was changed by another hand before its line ")
          .append(line)
          .append(".\n");
    }
    return text.isEmpty() ? "No change was made through commands or the API.\n" : text.toString();
  }

  private static String value(JsonNode node) {
    return node.isTextual() ? node.asText().replaceAll("\\s+", " ") : node.toString();
  }

  /** Publisher, title, date and address; says so where there is no source. */
  public static String cite(Source source) {
    if (source == null) {
      return "none given";
    }
    return source.url() == null ? named(source) : named(source) + ", " + source.url();
  }

  /** Publisher, title and date, for a sentence that has the address beside it. */
  public static String named(Source source) {
    if (source == null) {
      return "none given";
    }
    StringBuilder text = new StringBuilder();
    if (source.publisher() != null) {
      text.append(source.publisher()).append(", ");
    }
    text.append('"').append(source.title()).append('"');
    if (source.date() != null) {
      text.append(", ").append(source.date());
    }
    return text.toString();
  }

  private static String sentence(Agreement a, Term term) {
    return term.kind().label()
        + " "
        + term.topic()
        + (term.carveOuts().isEmpty() ? "" : " less " + String.join(", ", term.carveOuts()))
        + (term.products().isEmpty() ? "" : " for " + String.join(", ", term.products()))
        + ": "
        + a.nameOf(term.grantor())
        + " is bound to "
        + a.nameOf(term.beneficiary())
        + (term.until() == null ? "" : " until " + term.until())
        + (term.scope() == null ? "" : " (" + term.scope() + ")");
  }

  private static void add(List<String> lines, String label, String value) {
    if (value != null) {
      lines.add(label + value);
    }
  }

  private static String or(PartialDate date, String otherwise) {
    return date == null ? otherwise : date.toString();
  }

  private static String table(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
