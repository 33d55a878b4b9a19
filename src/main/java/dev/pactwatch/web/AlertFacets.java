package dev.pactwatch.web;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.Party;
import dev.pactwatch.tagging.Status;
import dev.pactwatch.web.AlertQuery.Criterion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * How many alerts each narrowing of a query would leave. What is counted under a heading passes
 * everything that is asked for but what stands under that heading itself.
 */
final class AlertFacets {

  private static final int MOST = 8;

  /**
   * @param link to the page with this asked for, or, where it is chosen, without
   */
  public record Option(String label, int count, String link, boolean chosen) {}

  /** One heading. */
  public record Facet(String title, List<Option> options) {}

  private final AlertQuery query;
  private final Instant now;
  private final Map<Relation, Integer> relations = new EnumMap<>(Relation.class);
  private final Map<Severity, Integer> severities = new EnumMap<>(Severity.class);
  private final Map<Status, Integer> statuses = new EnumMap<>(Status.class);
  private final Map<String, Integer> organisations = new HashMap<>();
  private final Map<String, Integer> agreements = new HashMap<>();
  private final int[] periods = new int[AlertQuery.PERIODS.size()];

  AlertFacets(AlertQuery query, Instant now) {
    this.query = query;
    this.now = now;
  }

  /** Counts one more alert; whether it passes. */
  boolean add(Alert alert) {
    int refusals = query.refusals(alert, 2);
    count(refusals, Criterion.RELATION, relations, alert.relation());
    if (concerns(refusals, Criterion.SEVERITY)) {
      // Each stands for itself and what lies above.
      for (Severity one : Severity.values()) {
        if (alert.severity().compareTo(one) >= 0) {
          severities.merge(one, 1, Integer::sum);
        }
      }
    }
    count(refusals, Criterion.STATUS, statuses, alert.event().status());
    count(refusals, Criterion.AGREEMENT, agreements, alert.agreement().chain());
    if (concerns(refusals, Criterion.ORGANISATION)) {
      for (String one : organisations(alert)) {
        organisations.merge(one, 1, Integer::sum);
      }
    }
    if (concerns(refusals, Criterion.TIME)) {
      int i = 0;
      for (var length : AlertQuery.PERIODS.values()) {
        if (!alert.lastSeen().isBefore(now.minus(length))) {
          periods[i]++;
        }
        i++;
      }
    }
    return refusals == 0;
  }

  /**
   * @param name of an organisation
   */
  List<Facet> facets(Function<String, String> name) {
    List<Facet> facets = new ArrayList<>();
    List<Option> severity = new ArrayList<>();
    for (Severity one : List.of(Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM)) {
      severity.add(
          option(
              "severity",
              one.label(),
              capital(one.label()) + (one == Severity.CRITICAL ? "" : " and above"),
              severities.getOrDefault(one, 0),
              query.severity() == one));
    }
    facets.add(new Facet("Severity", severity));
    facets.add(
        new Facet(
            "Relation", constants("relation", Relation.values(), relations, query.relation())));
    facets.add(new Facet("Status", constants("status", Status.values(), statuses, query.status())));
    facets.add(
        new Facet("Organisation", many("organisation", organisations, query.organisation(), name)));
    facets.add(
        new Facet(
            "Agreement", many("agreement", agreements, query.agreement(), Function.identity())));
    List<Option> period = new ArrayList<>();
    int i = 0;
    for (String one : AlertQuery.PERIODS.keySet()) {
      period.add(option("period", one, last(one), periods[i], one.equals(query.period())));
      i++;
    }
    facets.add(new Facet("Period", period));
    return facets.stream()
        .map(
            facet ->
                new Facet(
                    facet.title(),
                    facet.options().stream()
                        .filter(option -> option.count() > 0 || option.chosen())
                        .toList()))
        .filter(facet -> !facet.options().isEmpty())
        .toList();
  }

  /** Everybody that {@link Alert#names}. */
  static Set<String> organisations(Alert alert) {
    Set<String> all = new TreeSet<>(alert.event().counterparties());
    for (Party party : alert.event().parties()) {
      if (party.organisation() != null) {
        all.add(party.organisation());
      }
    }
    if (alert.agreement().term() != null) {
      all.add(alert.agreement().term().grantor());
      all.add(alert.agreement().term().beneficiary());
    }
    return all;
  }

  static String last(String period) {
    return switch (period) {
      case "1d" -> "Last 24 hours";
      case "365d" -> "Last year";
      default -> "Last " + period.replace("d", "") + " days";
    };
  }

  private <E> void count(int refusals, Criterion criterion, Map<E, Integer> counts, E value) {
    if (concerns(refusals, criterion)) {
      counts.merge(value, 1, Integer::sum);
    }
  }

  /** Whether nothing but this, if anything, speaks against it. */
  private static boolean concerns(int refusals, Criterion criterion) {
    return (refusals & ~AlertQuery.bit(criterion)) == 0;
  }

  private <E extends Enum<E>> List<Option> constants(
      String name, E[] values, Map<E, Integer> counts, E chosen) {
    List<Option> options = new ArrayList<>();
    for (E one : values) {
      String label = Kebab.of(one);
      options.add(
          option(
              name,
              label,
              capital(label.replace('-', ' ')),
              counts.getOrDefault(one, 0),
              one == chosen));
    }
    return options;
  }

  private List<Option> many(
      String name, Map<String, Integer> counts, String chosen, Function<String, String> label) {
    List<Option> options = new ArrayList<>();
    if (chosen != null) {
      options.add(option(name, chosen, label.apply(chosen), counts.getOrDefault(chosen, 0), true));
    }
    counts.entrySet().stream()
        .filter(one -> !one.getKey().equals(chosen))
        .sorted(
            Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MOST)
        .forEach(
            one ->
                options.add(
                    option(name, one.getKey(), label.apply(one.getKey()), one.getValue(), false)));
    return options;
  }

  private Option option(String name, String value, String label, int count, boolean chosen) {
    return new Option(
        AlertView.clean(label), count, query.address(name, chosen ? null : value), chosen);
  }

  private static String capital(String label) {
    return Character.toUpperCase(label.charAt(0)) + label.substring(1);
  }
}
