package dev.pactwatch.topology;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.AlertFold;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Judgement;
import dev.pactwatch.alert.Lifecycle;
import dev.pactwatch.alert.ThreadFold;
import dev.pactwatch.alert.ThreadKey;
import dev.pactwatch.kafka.CloudEvents;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
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
  static final String EMITTED = "emitted-alert";

  /** Articles in memory for each partition: about a kilobyte each. */
  private static final int RECENT = 4_000;

  private RecentFolds recent;
  private KeyValueStore<String, Judgement> judgements;
  private KeyValueStore<String, Threads> threads;
  private KeyValueStore<String, Emitted> emitted;

  @Override
  public void init(ProcessorContext<String, Alert> context) {
    super.init(context);
    // Also called for a task that starts again from what was committed.
    recent = new RecentFolds(RECENT);
    judgements = context.getStateStore(JUDGEMENTS);
    threads = context.getStateStore(THREADS);
    emitted = context.getStateStore(EMITTED);
  }

  /** What a step says in one thread. */
  private static final class Heard {
    final List<Judgement> said = new ArrayList<>();
    boolean replaces;
  }

  @Override
  public void process(Record<String, JudgementSet.Step> record) {
    String chain = record.key();
    // All of it first: what two revisions of a chain say of one article is one step, and so is what
    // a changed agreement says of many.
    Map<String, Heard> heard = new LinkedHashMap<>();
    for (JudgementSet set : record.value().sets()) {
      for (Map.Entry<String, List<Judgement>> said : set.judgements().entrySet()) {
        replace(chain, Keys.of(set.uri(), said.getKey(), set.owner()), said.getValue(), heard);
      }
    }
    heard.forEach((thread, news) -> refold(Keys.of(chain, thread), news));
  }

  /**
   * Stores what is said in the place of what was.
   *
   * @param heard gains the threads that had or have judgements of this origin
   */
  private void replace(
      String chain, String origin, List<Judgement> said, Map<String, Heard> heard) {
    String originKey = Keys.of(chain) + origin;
    Threads before = threads.get(originKey);
    if (before != null) {
      for (String thread : before.threads()) {
        keys(Keys.of(chain, thread) + origin).forEach(judgements::delete);
        heard.computeIfAbsent(thread, any -> new Heard()).replaces = true;
      }
    }
    Set<String> now = new LinkedHashSet<>();
    for (Judgement judgement : said) {
      String thread = Keys.digest(ThreadKey.of(judgement));
      String key = Keys.of(chain, thread) + origin + Keys.of(String.valueOf(judgement.index()));
      judgements.put(key, judgement);
      heard.computeIfAbsent(thread, any -> new Heard()).said.add(judgement);
      now.add(thread);
    }
    if (before != null || !now.isEmpty()) {
      threads.put(originKey, now.isEmpty() ? null : new Threads(List.copyOf(now)));
    }
  }

  private void refold(String key, Heard news) {
    // Out of memory until all of it is written: what fails half-way is folded from the store next.
    ThreadFold fold = recent.take(key);
    boolean further = fold != null && !news.replaces && fold.append(news.said);
    if (!further) {
      fold = ThreadFold.of(stored(key), AlertFold.Gaps.DEFAULT);
    }
    Set<String> present = new HashSet<>();
    for (ThreadFold.Gain gain : fold.told()) {
      present.add(gain.id());
      write(key, gain);
    }
    if (!further) {
      withdraw(key, present);
    }
    recent.put(key, fold);
  }

  private List<Judgement> stored(String thread) {
    List<Judgement> found = new ArrayList<>();
    try (KeyValueIterator<String, Judgement> range =
        judgements.prefixScan(thread, new StringSerializer())) {
      range.forEachRemaining(entry -> found.add(entry.value));
    }
    return found;
  }

  /** Takes back what was written of a thread and is no longer there. */
  private void withdraw(String thread, Set<String> present) {
    List<KeyValue<String, Emitted>> gone = new ArrayList<>();
    try (KeyValueIterator<String, Emitted> range =
        emitted.prefixScan(thread, new StringSerializer())) {
      while (range.hasNext()) {
        KeyValue<String, Emitted> entry = range.next();
        Alert last = entry.value.last();
        if (!present.contains(last.id()) && last.change() != Change.WITHDRAWN) {
          gone.add(entry);
        }
      }
    }
    for (KeyValue<String, Emitted> entry : gone) {
      Alert last = entry.value.last();
      Alert withdrawn = AlertFold.withdrawn(last, last.revision() + 1);
      forward(withdrawn);
      emitted.put(entry.key, new Emitted(withdrawn, 0));
    }
  }

  private void write(String thread, ThreadFold.Gain gain) {
    String key = thread + Keys.of(gain.id());
    Emitted before = emitted.get(key);
    if (before == null) {
      gain.gained().forEach(this::forward);
      emitted.put(key, new Emitted(gain.latest(), gain.steps()));
      return;
    }
    Alert last = before.last();
    Alert latest = gain.latest();
    if (!AlertFold.renumbered(latest, last.revision(), latest.change()).equals(last)) {
      // Steps that the fold gained are revisions of their own; one that only changed inside is one.
      boolean grew = gain.steps() > before.steps();
      int gained = grew ? gain.steps() - before.steps() : 1;
      for (Alert step :
          gain.gained().subList(gain.gained().size() - gained, gain.gained().size())) {
        Change change = grew && step.change() != Change.OPENED ? step.change() : change(last, step);
        last = AlertFold.renumbered(step, last.revision() + 1, change);
        forward(last);
      }
    } else if (gain.steps() == before.steps()) {
      return;
    }
    emitted.put(key, new Emitted(last, gain.steps()));
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
