package dev.pactwatch.topology;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.AlertFold;
import dev.pactwatch.alert.Folded;
import dev.pactwatch.alert.Judgement;
import dev.pactwatch.matching.JoinKeys;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.TaggedArticle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a change of the registry would do to the alerts: the topology's own steps of judging and
 * folding, over articles that were seen, once with the registry as it is and once as it would be.
 * As the fold depends on the set of judgements alone, the latest revisions are those that the
 * topology would write, under the same ids. Immutable.
 */
public final class RegistryTrial {

  private final MatchRules rules;

  RegistryTrial(MatchRules rules) {
    this.rules = rules;
  }

  /**
   * What would become of the alerts of all chains that change. Numbers of revisions are those of
   * the fold, not of the log.
   *
   * @param opened alerts that there would be, newest first
   * @param revised alerts that would say something else, newest first
   * @param withdrawn alerts that would rest on nothing any more, newest first
   * @param judged articles that name a party of what changes
   * @param forgotten those of them that are too old to be judged anew
   */
  public record Outcome(
      List<Alert> opened,
      List<Revised> revised,
      List<Alert> withdrawn,
      int judged,
      int forgotten) {}

  /** An alert as it is, and as it would be. */
  public record Revised(Alert before, Alert after) {}

  /** The groups of organisations that take part in anything that differs between two registries. */
  public Set<String> concerned(Registry before, Registry after) {
    Set<String> groups = new TreeSet<>();
    Set<String> chains = changed(before, after);
    for (Agreement agreement : of(before, chains)) {
      groups.addAll(JoinKeys.of(agreement, rules.kinship()));
    }
    for (Agreement agreement : of(after, chains)) {
      groups.addAll(JoinKeys.of(agreement, rules.kinship()));
    }
    return groups;
  }

  /** Whether an event of the article names one of these groups. */
  public boolean names(TaggedArticle tagged, Set<String> groups) {
    for (Event event : tagged.events()) {
      for (String group : JoinKeys.of(event, rules.kinship())) {
        if (groups.contains(group)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * @param articles the newest version of each
   * @param retention as the topology has it: what is older, counted back from {@code newest}, keeps
   *     what was said of it; null for nothing
   * @param newest publication of the newest article of all, null where there is none
   */
  public Outcome run(
      Collection<TaggedArticle> articles,
      Registry before,
      Registry after,
      Duration retention,
      Instant newest) {
    Set<String> chains = changed(before, after);
    Set<String> groups = concerned(before, after);
    Instant oldest = retention == null || newest == null ? null : newest.minus(retention);
    List<Agreement> are = of(before, chains);
    List<Agreement> would = of(after, chains);
    List<Judgement> now = new ArrayList<>();
    List<Judgement> then = new ArrayList<>();
    int judged = 0;
    int forgotten = 0;
    for (TaggedArticle tagged : articles) {
      if (!names(tagged, groups)) {
        continue;
      }
      judged++;
      List<Judgement> said = judgements(tagged, are);
      now.addAll(said);
      if (oldest != null && tagged.published().isBefore(oldest)) {
        forgotten++;
        then.addAll(said);
      } else {
        then.addAll(judgements(tagged, would));
      }
    }
    Map<String, Alert> first = fold(now);
    Map<String, Alert> second = fold(then);
    List<Alert> opened = new ArrayList<>();
    List<Revised> revised = new ArrayList<>();
    List<Alert> withdrawn = new ArrayList<>();
    first.forEach(
        (id, was) -> {
          Alert is = second.get(id);
          if (is == null) {
            withdrawn.add(was);
          } else if (!AlertFold.renumbered(is, was.revision(), was.change()).equals(was)) {
            revised.add(new Revised(was, is));
          }
        });
    second.forEach(
        (id, is) -> {
          if (!first.containsKey(id)) {
            opened.add(is);
          }
        });
    Comparator<Alert> newestFirst =
        Comparator.comparing(Alert::lastSeen).reversed().thenComparing(Alert::id);
    opened.sort(newestFirst);
    withdrawn.sort(newestFirst);
    revised.sort(Comparator.comparing(Revised::before, newestFirst));
    return new Outcome(
        List.copyOf(opened), List.copyOf(revised), List.copyOf(withdrawn), judged, forgotten);
  }

  private List<Judgement> judgements(TaggedArticle tagged, List<Agreement> agreements) {
    List<Judgement> found = new ArrayList<>();
    for (Agreement agreement : agreements) {
      found.addAll(Judging.of(tagged, agreement, rules, any -> true));
    }
    return found;
  }

  /** The latest revision of every alert, by id. */
  private static Map<String, Alert> fold(List<Judgement> judgements) {
    Map<String, Alert> latest = new LinkedHashMap<>();
    for (Folded thread : AlertFold.foldAll(judgements, AlertFold.Gaps.DEFAULT)) {
      thread.latest().forEach(alert -> latest.put(alert.id(), alert));
    }
    return latest;
  }

  private static Set<String> changed(Registry before, Registry after) {
    Set<String> chains = new LinkedHashSet<>();
    before.all().forEach(agreement -> chains.add(agreement.chain()));
    after.all().forEach(agreement -> chains.add(agreement.chain()));
    chains.removeIf(chain -> before.version(chain).equals(after.version(chain)));
    return chains;
  }

  private static List<Agreement> of(Registry registry, Set<String> chains) {
    return registry.all().stream().filter(agreement -> chains.contains(agreement.chain())).toList();
  }
}
