package dev.pactwatch.replay;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.tagging.Amount;
import dev.pactwatch.tagging.Party;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/** What of two alerts is set side by side, as text. */
final class AlertFields {

  private AlertFields() {}

  /** The fields in which two revisions of an alert differ. */
  static List<Comparison.Field> differences(Alert before, Alert after) {
    Map<String, String> old = of(before);
    Map<String, String> now = of(after);
    List<Comparison.Field> fields = new ArrayList<>();
    old.forEach(
        (name, value) -> {
          if (!value.equals(now.get(name))) {
            fields.add(new Comparison.Field(name, value, now.get(name)));
          }
        });
    return fields;
  }

  private static Map<String, String> of(Alert alert) {
    Alert.Tuple event = alert.event();
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("title", alert.title());
    fields.put("relation", alert.relation().label());
    fields.put("status", event.status().label());
    fields.put("certainty", alert.certainty().label());
    fields.put("severity", alert.severity().label());
    fields.put(
        "agreement", alert.agreement().id() + " revision " + text(alert.agreement().revision()));
    fields.put(
        "term",
        alert.agreement().term() == null
            ? ""
            : alert.agreement().term().kind().label()
                + " for "
                + text(alert.agreement().term().topic()));
    fields.put("parties", event.parties().stream().map(AlertFields::party).collect(joined()));
    fields.put("amount", amount(event.amount()));
    fields.put("product", text(event.product()));
    fields.put("topic", text(event.topic()));
    fields.put("exclusivity", event.exclusivity() == null ? "" : event.exclusivity().label());
    fields.put("last change", alert.change().label());
    fields.put("revisions", String.valueOf(alert.revision()));
    fields.put("publishers", String.valueOf(alert.independentPublishers()));
    fields.put(
        "articles",
        alert.articles().stream()
            .map(article -> article.headline() + " (" + text(article.publisher()) + ")")
            .collect(joined()));
    fields.put("reasons", String.join(" ", alert.reasons()));
    fields.put(
        "words",
        alert.evidence().stream()
            .map(quote -> quote.of() + " \"" + quote.text() + "\"")
            .distinct()
            .collect(joined()));
    return fields;
  }

  static String party(Party party) {
    return party.name() + " (" + party.role().label() + ")";
  }

  /** What else is known of an event, with a comma before each. */
  static String more(Amount amount, String product, String topic) {
    return (amount == null ? "" : ", " + amount(amount))
        + (product == null ? "" : ", " + product)
        + (topic == null ? "" : ", " + topic);
  }

  private static String amount(Amount amount) {
    return amount == null
        ? ""
        : amount.value().stripTrailingZeros().toPlainString() + " " + text(amount.currency());
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }

  private static Collector<CharSequence, ?, String> joined() {
    return Collectors.joining(", ");
  }
}
