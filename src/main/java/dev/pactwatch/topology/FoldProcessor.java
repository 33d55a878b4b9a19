package dev.pactwatch.topology;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.AlertFold;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Judgement;
import dev.pactwatch.alert.Lifecycle;
import dev.pactwatch.alert.ThreadKey;
import dev.pactwatch.kafka.CloudEvents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Folds the judgements of a chain of agreements into alerts, and writes a revision whenever the
 * fold of a thread says something else than what was written last. The fold is a function of the
 * set of judgements, so the latest revision does not depend on the order of their arrival.
 */
final class FoldProcessor extends ContextualProcessor<String, JudgementSet.Step, String, Alert> {

  static final String JUDGEMENTS = "judgements";
  static final String THREADS = "judgement-threads";
  static final String EMITTED = "emitted-alerts";

  private KeyValueStore<String, Judgement> judgements;
  private KeyValueStore<String, Threads> threads;
  private KeyValueStore<String, Emitted> emitted;

  @Override
  public void init(ProcessorContext<String, Alert> context) {
    super.init(context);
    judgements = context.getStateStore(JUDGEMENTS);
    threads = context.getStateStore(THREADS);
    emitted = context.getStateStore(EMITTED);
  }

  @Override
  public void process(Record<String, JudgementSet.Step> record) {
    String chain = record.key();
    // All of it first: what two revisions of a chain say of one article is one step, and so is what
    // a changed agreement says of many.
    Set<String> touched = new LinkedHashSet<>();
    for (JudgementSet set : record.value().sets()) {
      for (Map.Entry<String, List<Judgement>> said : set.judgements().entrySet()) {
        touched.addAll(
            replace(chain, Keys.of(set.uri(), said.getKey(), set.owner()), said.getValue()));
      }
    }
    touched.forEach(thread -> refold(Keys.of(chain, thread)));
  }

  /** Returns the threads that had or have judgements of this origin. */
  private Set<String> replace(String chain, String origin, List<Judgement> said) {
    String originKey = Keys.of(chain) + origin;
    Set<String> touched = new LinkedHashSet<>();
    Threads before = threads.get(originKey);
    if (before != null) {
      for (String thread : before.threads()) {
        String prefix = Keys.of(chain, thread) + origin;
        keys(prefix).forEach(judgements::delete);
        touched.add(thread);
      }
    }
    Set<String> now = new LinkedHashSet<>();
    for (Judgement judgement : said) {
      String thread = Keys.digest(ThreadKey.of(judgement));
      String key = Keys.of(chain, thread) + origin + Keys.of(String.valueOf(judgement.index()));
      judgements.put(key, judgement);
      now.add(thread);
    }
    touched.addAll(now);
    threads.put(originKey, now.isEmpty() ? null : new Threads(List.copyOf(now)));
    return touched;
  }

  private void refold(String key) {
    List<Judgement> thread = new ArrayList<>();
    try (KeyValueIterator<String, Judgement> range =
        judgements.prefixScan(key, new StringSerializer())) {
      range.forEachRemaining(entry -> thread.add(entry.value));
    }
    Map<String, Emitted.Entry> entries = new LinkedHashMap<>();
    Emitted before = emitted.get(key);
    if (before != null) {
      before.alerts().forEach(entry -> entries.put(entry.last().id(), entry));
    }
    Set<String> present = new LinkedHashSet<>();
    for (List<Alert> history : AlertFold.fold(thread).histories()) {
      String id = history.get(0).id();
      present.add(id);
      entries.put(id, write(history, entries.get(id)));
    }
    for (Map.Entry<String, Emitted.Entry> entry : entries.entrySet()) {
      Emitted.Entry old = entry.getValue();
      if (!present.contains(entry.getKey()) && old.last().change() != Change.WITHDRAWN) {
        Alert withdrawn = AlertFold.withdrawn(old.last(), old.last().revision() + 1);
        forward(withdrawn);
        entry.setValue(new Emitted.Entry(withdrawn, 0));
      }
    }
    emitted.put(key, entries.isEmpty() ? null : new Emitted(List.copyOf(entries.values())));
  }

  private Emitted.Entry write(List<Alert> history, Emitted.Entry before) {
    Alert latest = history.get(history.size() - 1);
    if (before == null) {
      history.forEach(this::forward);
      return new Emitted.Entry(latest, history.size());
    }
    if (AlertFold.renumbered(latest, before.last().revision(), latest.change())
        .equals(before.last())) {
      return new Emitted.Entry(before.last(), history.size());
    }
    // Steps that the fold gained are revisions of their own; one that only changed inside is one.
    boolean grew = history.size() > before.steps();
    int gained = grew ? history.size() - before.steps() : 1;
    Alert last = before.last();
    for (Alert step : history.subList(history.size() - gained, history.size())) {
      Change change = grew && step.change() != Change.OPENED ? step.change() : change(last, step);
      last = AlertFold.renumbered(step, last.revision() + 1, change);
      forward(last);
    }
    return new Emitted.Entry(last, history.size());
  }

  /** What is new against the revision written last; never that the alert opened. */
  private static Change change(Alert before, Alert now) {
    if (before.change() == Change.WITHDRAWN) {
      return Change.UPDATED;
    }
    if (now.relation() != before.relation()
        || Lifecycle.advances(before.event().status(), now.event().status())) {
      return Change.ESCALATED;
    }
    return now.independentPublishers() > before.independentPublishers()
        ? Change.CORROBORATED
        : Change.UPDATED;
  }

  private void forward(Alert alert) {
    Record<String, Alert> out =
        new Record<>(alert.id(), alert, Math.max(0, alert.lastSeen().toEpochMilli()));
    CloudEvents.set(
        out.headers(),
        "dev.pactwatch.alert.v1",
        alert.revisionKey(),
        DetectTopology.SOURCE,
        alert.id(),
        alert.lastSeen());
    context().forward(out);
  }

  private List<String> keys(String prefix) {
    List<String> found = new ArrayList<>();
    try (KeyValueIterator<String, Judgement> range =
        judgements.prefixScan(prefix, new StringSerializer())) {
      range.forEachRemaining(entry -> found.add(entry.key));
    }
    return found;
  }
}
