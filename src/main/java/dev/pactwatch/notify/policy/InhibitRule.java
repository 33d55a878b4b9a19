package dev.pactwatch.notify.policy;

import dev.pactwatch.config.Yaml;
import dev.pactwatch.notify.subscription.SubscriptionReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * While an open alert is a source, alerts that are targets are not told.
 *
 * @param equal labels that source and target must have in common, where missing ones are alike
 */
public record InhibitRule(String id, Matchers source, Matchers target, List<AlertLabel> equal) {

  public InhibitRule {
    equal = List.copyOf(equal);
  }

  /** Reads an entry of {@code inhibit}. */
  public static InhibitRule read(Yaml item) {
    item.map(Set.of("id", "source-matchers", "target-matchers", "equal"));
    Yaml id = item.need("id");
    SubscriptionReader.checkId(id);
    List<AlertLabel> equal = new ArrayList<>();
    item.get("equal")
        .ifPresent(
            field -> {
              for (Yaml one : field.isText() ? List.of(field) : field.list()) {
                equal.add(label(one));
              }
            });
    return new InhibitRule(
        id.text(),
        Matchers.read(item.need("source-matchers")),
        Matchers.read(item.need("target-matchers")),
        equal);
  }

  private static AlertLabel label(Yaml field) {
    return AlertLabel.of(field.text())
        .orElseThrow(
            () ->
                field.problem(
                    "'"
                        + field.text()
                        + "' is no label; one of "
                        + List.of(AlertLabel.values()).stream()
                            .map(AlertLabel::label)
                            .collect(Collectors.joining(", "))));
  }
}
