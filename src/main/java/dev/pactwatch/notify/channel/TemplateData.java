package dev.pactwatch.notify.channel;

import dev.pactwatch.agreement.Source;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.tagging.Amount;
import dev.pactwatch.tagging.Party;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What templates may print: maps, lists, texts, numbers and {@link Link}s, and nothing that could
 * lead from them into the program. Each name is always there, with null for what is not known; long
 * texts are cut. {@code config/templates/README.md} lists the names.
 */
final class TemplateData {

  private static final int TITLE = 300;
  private static final int SENTENCE = 500;
  private static final int NAME = 120;
  private static final int REASONS = 5;
  private static final int ARTICLES = 8;
  private static final int PARTIES = 8;

  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
  private static final BigDecimal BILLION = BigDecimal.valueOf(1_000_000_000);

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private TemplateData() {}

  /**
   * For a template that writes the whole message.
   *
   * @param shown how many alerts it gets; the rest is counted
   */
  static Map<String, Object> message(Notification notification, int shown) {
    int count = Math.min(shown, notification.items().size());
    List<Map<String, Object>> alerts = new ArrayList<>();
    for (Notification.Item item : notification.items().subList(0, count)) {
      alerts.add(alert(item.alert(), notification.links()));
    }
    Map<String, Object> data = new TreeMap<>();
    data.put("message", head(notification, count));
    data.put("alerts", Collections.unmodifiableList(alerts));
    data.put("alert", alerts.isEmpty() ? null : alerts.get(0));
    return data;
  }

  /** For a template that writes one alert of a message. */
  static Map<String, Object> one(Notification notification, Notification.Item item) {
    Map<String, Object> data = new TreeMap<>();
    Map<String, Object> alert = alert(item.alert(), notification.links());
    data.put("message", head(notification, notification.items().size()));
    data.put("alerts", List.of(alert));
    data.put("alert", alert);
    return data;
  }

  private static Map<String, Object> head(Notification notification, int shown) {
    Map<String, Object> head = new TreeMap<>();
    head.put("kind", notification.kind().name().toLowerCase(Locale.ROOT));
    head.put("note", text(notification.note(), 2_000));
    head.put("subscription", text(notification.subscription(), NAME));
    head.put("made", MINUTE.format(notification.made()));
    head.put("count", notification.items().size());
    head.put("shown", shown);
    head.put("more", notification.items().size() - shown);
    head.put("severity", highest(notification).label());
    Notification.Links links = notification.links();
    head.put("page", links == null ? null : Link.of(links.page()).orElse(null));
    head.put("unsubscribe", links == null ? null : Link.of(links.unsubscribe()).orElse(null));
    return head;
  }

  /** Low where there is no alert. */
  static Severity highest(Notification notification) {
    return notification.items().stream()
        .map(item -> item.alert().severity())
        .max(Severity::compareTo)
        .orElse(Severity.LOW);
  }

  private static Map<String, Object> alert(Alert alert, Notification.Links links) {
    Map<String, Object> data = new TreeMap<>();
    data.put("id", text(alert.id(), NAME));
    data.put("revision", alert.revision());
    data.put("change", alert.change().label());
    data.put("title", text(alert.title(), TITLE));
    data.put("relation", alert.relation().label());
    data.put("certainty", alert.certainty().label());
    data.put("possible", alert.certainty() == Certainty.POSSIBLE);
    data.put("severity", alert.severity().label());
    data.put("withdrawn", alert.change() == Change.WITHDRAWN);
    data.put("historical", alert.historical());
    data.put("type", alert.event().type().label());
    data.put("status", alert.event().status().label());
    data.put("product", text(alert.event().product(), NAME));
    data.put("topic", text(alert.event().topic(), NAME));
    data.put("amount", amount(alert.event().amount()));
    data.put(
        "parties",
        alert.event().parties().stream().limit(PARTIES).map(TemplateData::party).toList());
    data.put(
        "reasons",
        alert.reasons().stream().limit(REASONS).map(reason -> text(reason, SENTENCE)).toList());
    data.put("quote", quote(alert));
    data.put("agreement", agreement(alert.agreement()));
    data.put("articles", articles(alert.articles()));
    data.put("moreArticles", Math.max(0, alert.articles().size() - ARTICLES));
    data.put("publishers", alert.independentPublishers());
    data.put("reprints", alert.reprints());
    data.put("firstSeen", MINUTE.format(alert.firstSeen()));
    data.put("lastSeen", MINUTE.format(alert.lastSeen()));
    data.put("page", Link.page(links, alert).orElse(null));
    data.put("link", Link.newest(alert).orElse(null));
    return Collections.unmodifiableMap(data);
  }

  private static Map<String, Object> party(Party party) {
    Map<String, Object> data = new TreeMap<>();
    data.put("name", text(party.name(), NAME));
    data.put("role", party.role().label());
    data.put("organisation", text(party.organisation(), NAME));
    return Collections.unmodifiableMap(data);
  }

  private static Map<String, Object> agreement(Alert.AgreementRef agreement) {
    Term term = agreement.term();
    Source source = agreement.source();
    Map<String, Object> data = new TreeMap<>();
    data.put("id", text(agreement.id(), NAME));
    data.put("chain", text(agreement.chain(), NAME));
    data.put("revision", text(agreement.revision(), NAME));
    data.put("kind", term == null ? null : term.kind().label());
    data.put("topic", term == null ? null : text(term.topic(), NAME));
    data.put("grantor", term == null ? null : text(term.grantor(), NAME));
    data.put("beneficiary", term == null ? null : text(term.beneficiary(), NAME));
    data.put("source", source == null ? null : text(source.title(), TITLE));
    data.put("link", source == null ? null : Link.of(source.url()).orElse(null));
    data.put("checkedTo", agreement.checkedTo() == null ? null : agreement.checkedTo().toString());
    return Collections.unmodifiableMap(data);
  }

  /** The newest first. */
  private static List<Map<String, Object>> articles(List<Alert.ArticleRef> articles) {
    List<Map<String, Object>> newest = new ArrayList<>();
    for (int i = articles.size() - 1; i >= Math.max(0, articles.size() - ARTICLES); i--) {
      Alert.ArticleRef article = articles.get(i);
      Map<String, Object> data = new TreeMap<>();
      data.put("headline", text(article.headline(), TITLE));
      data.put("publisher", text(article.publisher(), NAME));
      data.put("published", minute(article.published()));
      data.put("link", Link.of(article.link()).orElse(null));
      data.put("reprint", article.reprintOf() != null);
      newest.add(Collections.unmodifiableMap(data));
    }
    return Collections.unmodifiableList(newest);
  }

  private static String minute(Instant instant) {
    return instant == null ? null : MINUTE.format(instant);
  }

  private static String quote(Alert alert) {
    return alert.evidence().stream()
        .filter(quote -> "sentence".equals(quote.of()))
        .findFirst()
        .or(() -> alert.evidence().stream().findFirst())
        .map(quote -> text(quote.text(), SENTENCE))
        .orElse(null);
  }

  /** {@code USD 6.5 billion}, {@code EUR 12000}. */
  private static String amount(Amount amount) {
    if (amount == null || amount.value() == null) {
      return null;
    }
    BigDecimal value = amount.value();
    String size = "";
    if (value.abs().compareTo(BILLION) >= 0) {
      value = value.divide(BILLION, 2, RoundingMode.HALF_UP);
      size = " billion";
    } else if (value.abs().compareTo(MILLION) >= 0) {
      value = value.divide(MILLION, 2, RoundingMode.HALF_UP);
      size = " million";
    }
    String number = value.stripTrailingZeros().toPlainString();
    return text((amount.currency() == null ? "" : amount.currency() + " ") + number + size, NAME);
  }

  /** Null where nothing is left to show. */
  private static String text(String text, int length) {
    if (text == null) {
      return null;
    }
    String clean = Clean.line(text);
    return clean.isEmpty() ? null : Clean.cut(clean, length);
  }
}
