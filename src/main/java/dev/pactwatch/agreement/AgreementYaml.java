package dev.pactwatch.agreement;

import java.util.List;

/** How one agreement is written in a file. */
final class AgreementYaml {

  private AgreementYaml() {}

  /** The lines of a list item; the first has the dash at the indent. */
  static List<String> lines(Agreement agreement, int indent) {
    Out out = new Out();
    write(out, agreement);
    return out.text.toString().lines().map(line -> " ".repeat(indent) + line.substring(2)).toList();
  }

  private static void write(Out out, Agreement a) {
    AgreementFacts facts = a.facts();
    out.line(2, "- id: " + Out.scalar(a.id()));
    out.field(4, "title", a.title());
    out.field(4, "cluster", facts.cluster());
    out.field(4, "record_type", facts.recordType());
    if (!a.chain().equals(a.id()) || !a.revision().equals("1")) {
      out.line(4, "chain:");
      out.field(6, "id", a.chain());
      out.field(6, "rev", a.revision());
    }
    out.line(4, "parties:");
    for (AgreementParty party : a.parties()) {
      out.line(6, "- entity: " + Out.scalar(party.organisation()));
      out.field(8, "name", party.name());
      out.field(8, "role", party.role());
    }
    out.flag(4, "mutual", facts.mutual());
    out.flag(4, "disputed", facts.disputed());
    out.list(4, "kind", a.terms().stream().map(term -> term.kind().label()).distinct().toList());
    out.line(4, "terms:");
    for (Term term : a.terms()) {
      out.line(6, "- kind: " + term.kind().label());
      out.field(8, "topic", term.topic());
      out.field(8, "grantor", term.grantor());
      out.field(8, "beneficiary", term.beneficiary());
      out.field(8, "scope", term.scope());
      out.list(8, "carve_outs", term.carveOuts());
      out.list(8, "products", term.products());
      out.flag(8, "grantor_supplies", term.grantorSupplies());
      out.field(8, "until", string(term.until()));
    }
    out.field(4, "territory", facts.territory());
    out.date(4, "effective_from", a.effectiveFrom());
    out.field(4, "date_basis", facts.dateBasis());
    out.date(4, "effective_to", a.effectiveTo());
    out.field(4, "superseded_by", a.supersededBy());
    out.list(4, "carve_outs", a.carveOuts());
    out.field(4, "amounts", facts.amounts());
    out.field(4, "status", a.status());
    out.field(4, "checked_to", string(a.checkedTo()));
    if (!a.sources().isEmpty()) {
      out.line(4, "sources:");
      for (Source source : a.sources()) {
        out.line(6, "- title: " + Out.scalar(source.title()));
        out.field(8, "publisher", source.publisher());
        out.field(8, "date", source.date());
        out.field(8, "url", source.url());
        out.field(8, "type", source.type());
        out.field(8, "access", source.access());
      }
    }
    out.field(4, "confidence", a.confidence().label());
    out.field(4, "notes", a.notes());
  }

  private static String string(PartialDate date) {
    return date == null ? null : date.toString();
  }

  private static final class Out {

    private final StringBuilder text = new StringBuilder();

    void line(int indent, String line) {
      text.append(" ".repeat(indent)).append(line).append('\n');
    }

    void field(int indent, String name, String value) {
      if (value != null) {
        line(indent, name + ": " + scalar(value));
      }
    }

    void flag(int indent, String name, Boolean value) {
      if (value != null) {
        line(indent, name + ": " + value);
      }
    }

    void date(int indent, String name, PartialDate value) {
      if (value != null) {
        field(indent, name, value.toString());
        line(indent, name + "_precision: " + dev.pactwatch.json.Kebab.of(value.precision()));
      }
    }

    void list(int indent, String name, List<String> values) {
      if (!values.isEmpty()) {
        line(indent, name + ":");
        values.forEach(value -> line(indent + 2, "- " + scalar(value)));
      }
    }

    /** Plain where YAML reads it back as the same text, else in double quotes. */
    static String scalar(String value) {
      if (value.matches("[A-Za-z][A-Za-z0-9 _./()'-]*[A-Za-z0-9.)]|[A-Za-z]")
          && !value.matches("(?i)true|false|null|yes|no|on|off")) {
        return value;
      }
      StringBuilder quoted = new StringBuilder("\"");
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        switch (c) {
          case '"' -> quoted.append("\\\"");
          case '\\' -> quoted.append("\\\\");
          case '\n' -> quoted.append("\\n");
          case '\t' -> quoted.append("\\t");
          case '\r' -> quoted.append("\\r");
          default -> {
            if (c < ' ' || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029 || c == 0xfeff) {
              quoted.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
            } else {
              quoted.append(c);
            }
          }
        }
      }
      return quoted.append('"').toString();
    }
  }
}
