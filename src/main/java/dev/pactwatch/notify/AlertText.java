package dev.pactwatch.notify;

import dev.pactwatch.agreement.Source;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.tagging.Party;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Alerts as plain text for a terminal. What comes from news or from the registry is escaped. */
public final class AlertText {

  private static final String INDENT = "  ";
  private static final int LABEL = 11;
  private static final int MAX_LINKS = 5;
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final int columns;
  private final boolean colour;

  /**
   * @param columns of the terminal
   * @param colour whether severities are coloured
   */
  public AlertText(int columns, boolean colour) {
    this.columns = Math.max(40, Math.min(columns, 120));
    this.colour = colour;
  }

  /** As wide and as coloured as standard output is. */
  public static AlertText forStandardOutput() {
    return new AlertText(Terminal.columns(), Terminal.colour());
  }

  /** One line: id, day, severity, status, title. */
  public static String line(Alert alert) {
    return String.format(
        Locale.ROOT,
        "%-8.8s  %s  %-8s %-10s %s%s",
        alert.id(),
        DAY.format(alert.lastSeen()),
        alert.severity().label(),
        alert.change() == dev.pactwatch.alert.Change.WITHDRAWN
            ? "withdrawn"
            : alert.event().status().label(),
        TerminalText.clean(alert.title()),
        alert.independentPublishers() > 1
            ? " (" + alert.independentPublishers() + " publishers)"
            : "");
  }

  /** One line of an alert's history: number, time of the news, change, status, what confirms it. */
  public static String revisionLine(Alert alert) {
    return String.format(
        Locale.ROOT,
        "%3d  %s  %-12s %-10s %-8s %s, %s%s",
        alert.revision(),
        MINUTE.format(alert.lastSeen()),
        alert.change().label(),
        alert.event().status().label(),
        alert.severity().label(),
        alert.certainty().label(),
        alert.independentPublishers()
            + (alert.independentPublishers() == 1 ? " publisher" : " publishers"),
        alert.reprints() == 0 ? "" : ", " + reprints(alert, ""));
  }

  /** Everything about an alert, with an empty line after it. */
  public String block(Alert alert) {
    StringBuilder block = new StringBuilder();
    String head =
        alert.severity().label().toUpperCase(Locale.ROOT)
            + " "
            + (alert.certainty() == dev.pactwatch.matching.Certainty.POSSIBLE ? "possible " : "")
            + alert.relation().label()
            + " ("
            + alert.change().label()
            + ")"
            + (alert.historical() ? " historical" : "");
    block.append(paint(alert, head)).append('\n');
    for (String line : TerminalText.wrap(TerminalText.clean(alert.title()), columns - 2)) {
      block.append(INDENT).append(line).append('\n');
    }
    field(block, "event", event(alert));
    for (String reason : alert.reasons()) {
      field(block, "why", reason);
    }
    field(block, "agreement", agreement(alert));
    Source source = alert.agreement().source();
    if (source != null && source.url() != null) {
      field(block, "source", source.url());
    }
    alert.evidence().stream()
        .filter(quote -> quote.of().equals("sentence"))
        .findFirst()
        .or(() -> alert.evidence().stream().findFirst())
        .ifPresent(quote -> field(block, "words", "\"" + quote.text() + "\""));
    List<Alert.ArticleRef> articles = alert.articles();
    for (Alert.ArticleRef article :
        articles.subList(Math.max(0, articles.size() - MAX_LINKS), articles.size())) {
      field(
          block,
          "article",
          article.publisher()
              + ", "
              + MINUTE.format(article.published())
              + (article.reprintOf() == null ? "" : ", a reprint")
              + (article.link() == null ? "" : " " + article.link()));
    }
    field(
        block,
        "seen",
        alert.independentPublishers()
            + (alert.independentPublishers() == 1 ? " publisher, " : " publishers, ")
            + reprints(alert, ", ")
            + MINUTE.format(alert.firstSeen())
            + " to "
            + MINUTE.format(alert.lastSeen()));
    field(block, "alert", alert.id() + " revision " + alert.revision());
    return block.append('\n').toString();
  }

  private static String reprints(Alert alert, String after) {
    return switch (alert.reprints()) {
      case 0 -> "";
      case 1 -> "1 reprint" + after;
      default -> alert.reprints() + " reprints" + after;
    };
  }

  private static String event(Alert alert) {
    Alert.Tuple event = alert.event();
    return event.type().label()
        + ", "
        + event.status().label()
        + ": "
        + event.parties().stream().map(AlertText::party).collect(Collectors.joining(", "));
  }

  private static String party(Party party) {
    return party.name() + " (" + party.role().label() + ")";
  }

  private static String agreement(Alert alert) {
    Alert.AgreementRef agreement = alert.agreement();
    Source source = agreement.source();
    return agreement.id()
        + (agreement.term() == null
            ? ""
            : ", " + agreement.term().kind().label() + " for " + agreement.term().topic())
        + (source == null ? "" : ", source: " + source.title())
        + (agreement.checkedTo() == null ? "" : ", checked to " + agreement.checkedTo());
  }

  private void field(StringBuilder block, String label, String text) {
    String start = INDENT + label + " ".repeat(LABEL - label.length());
    String rest = " ".repeat(start.length());
    for (String line : TerminalText.wrap(TerminalText.clean(text), columns - start.length())) {
      block.append(start).append(line).append('\n');
      start = rest;
    }
  }

  private String paint(Alert alert, String head) {
    if (!colour) {
      return head;
    }
    String code =
        switch (alert.severity()) {
          case CRITICAL -> "1;31";
          case HIGH -> "31";
          case MEDIUM -> "33";
          case LOW -> "2";
        };
    return "\u001b[" + code + "m" + head + "\u001b[0m";
  }
}
