package dev.pactwatch.topology;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.alert.Judgement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The symmetric join: keeps both sides of an organisation, and judges whatever arrives against all
 * that the other side has, so that the result does not depend on who came first.
 *
 * <p>Articles are kept as long as agreements yet to come are to meet them: by event time, the
 * newest article of this partition being the present. One that is older when it arrives, such as an
 * edit or the history of a new feed, is judged by the agreements that are known and then forgotten.
 */
final class JoinProcessor
    extends ContextualProcessor<String, SideRecord, String, JudgementSet.Step> {

  static final String STORE = "sides";

  private static final String ARTICLES = "a";
  private static final String AGREEMENTS = "r";

  /** Before all organisations: what is kept of articles, by time. */
  private static final String TIMES = "";

  /** So many judged articles stay well below the size that a record may have. */
  private static final int MAX_SETS = 64;

  /** The same of what they say, as one article may say much. */
  private static final int MAX_JUDGEMENTS = 128;

  /** Organisations whose agreements are kept in memory, for each partition. */
  private static final int MAX_KNOWN = 1_000;

  /** More of one organisation are read each time. */
  private static final int MAX_AGREEMENTS = 50;

  private final Rules rules;
  private final Duration retention;

  /** As the store has them, by organisation, those asked for last. */
  private final Map<String, List<Agreement>> agreements = new LinkedHashMap<>(16, 0.75f, true);

  private KeyValueStore<String, SideRecord> sides;

  /**
   * @param retention how long before the newest article an older one is kept for agreements yet to
   *     come; null for ever
   */
  JoinProcessor(Rules rules, Duration retention) {
    this.rules = rules;
    this.retention = retention;
  }

  @Override
  public void init(ProcessorContext<String, JudgementSet.Step> context) {
    super.init(context);
    // Also called for a task that starts again from what was committed.
    agreements.clear();
    sides = context.getStateStore(STORE);
  }

  @Override
  public void process(Record<String, SideRecord> record) {
    if (record.value().article() != null) {
      article(record);
    } else {
      agreement(record);
    }
  }

  private void article(Record<String, SideRecord> record) {
    String organisation = record.key();
    SideRecord side = record.value();
    String time = Keys.time(side.published());
    String key = Keys.of(organisation, ARTICLES, time, side.article());
    SideRecord before = sides.get(key);
    // What was forgotten may still have to be taken back.
    boolean judgedBefore = before != null || side.tagged() == null || side.version() > 1;
    boolean kept = side.tagged() != null && !forgotten(side);
    sides.put(key, kept ? side : null);
    if (retention != null) {
      sides.put(
          Keys.of(TIMES, time, organisation, side.article()),
          kept ? SideRecord.removedArticle(side.article(), side.published()) : null);
    }
    // One record for each chain: revisions of one agreement that match one article are one piece of
    // news.
    Map<String, Map<String, List<Judgement>>> chains = new LinkedHashMap<>();
    for (Agreement terms : agreements(organisation)) {
      List<Judgement> judgements = judgements(organisation, side, terms);
      // An earlier judgement of this pair may have to be taken back.
      if (judgedBefore || !judgements.isEmpty()) {
        chains.computeIfAbsent(terms.chain(), chain -> new TreeMap<>()).put(terms.id(), judgements);
      }
    }
    chains.forEach(
        (chain, judgements) ->
            forward(
                record,
                chain,
                List.of(new JudgementSet(side.article(), organisation, judgements))));
    if (kept && retention != null) {
      forget();
    }
  }

  private void agreement(Record<String, SideRecord> record) {
    String organisation = record.key();
    SideRecord side = record.value();
    String key = Keys.of(organisation, AGREEMENTS, side.agreement());
    SideRecord before = sides.get(key);
    sides.put(key, side.terms() == null ? null : side);
    agreements.remove(organisation);
    boolean moved =
        before != null
            && (side.terms() == null
                || !before.terms().value().chain().equals(side.terms().value().chain()));
    List<JudgementSet> left = new ArrayList<>();
    List<JudgementSet> said = new ArrayList<>();
    for (SideRecord other : all(Keys.of(organisation, ARTICLES))) {
      if (moved) {
        left.add(
            new JudgementSet(other.article(), organisation, Map.of(side.agreement(), List.of())));
      }
      if (side.terms() != null) {
        List<Judgement> judgements = judgements(organisation, other, side.terms().value());
        if (before != null || !judgements.isEmpty()) {
          said.add(
              new JudgementSet(
                  other.article(), organisation, Map.of(side.agreement(), judgements)));
        }
      }
    }
    if (moved) {
      forward(record, before.terms().value().chain(), left);
    }
    if (side.terms() != null) {
      forward(record, side.terms().value().chain(), said);
    }
  }

  private void forward(Record<String, SideRecord> record, String chain, List<JudgementSet> sets) {
    List<JudgementSet> some = new ArrayList<>();
    int judgements = 0;
    for (JudgementSet set : sets) {
      int more = set.judgements().values().stream().mapToInt(List::size).sum();
      if (some.size() == MAX_SETS || !some.isEmpty() && judgements + more > MAX_JUDGEMENTS) {
        step(record, chain, some);
        some.clear();
        judgements = 0;
      }
      some.add(set);
      judgements += more;
    }
    if (!some.isEmpty()) {
      step(record, chain, some);
    }
  }

  private void step(Record<String, SideRecord> record, String chain, List<JudgementSet> sets) {
    context()
        .forward(new Record<>(chain, new JudgementSet.Step(List.copyOf(sets)), record.timestamp()));
  }

  private List<Judgement> judgements(String organisation, SideRecord article, Agreement agreement) {
    return article.tagged() == null
        ? List.of()
        : Judging.of(article.tagged().value(), agreement, rules, organisation::equals);
  }

  /** Whether an article is older than what is kept. */
  private boolean forgotten(SideRecord side) {
    return retention != null
        && newest().filter(now -> side.published().isBefore(now.minus(retention))).isPresent();
  }

  private Optional<Instant> newest() {
    try (KeyValueIterator<String, SideRecord> range =
        sides.reverseRange(Keys.of(TIMES), Keys.of(TIMES) + Keys.LAST)) {
      return range.hasNext() ? Optional.of(range.next().value.published()) : Optional.empty();
    }
  }

  private void forget() {
    Instant before = newest().orElseThrow().minus(retention);
    List<String> old = new ArrayList<>();
    try (KeyValueIterator<String, SideRecord> range =
        sides.range(Keys.of(TIMES), Keys.of(TIMES, Keys.time(before)))) {
      while (range.hasNext()) {
        String key = range.next().key;
        List<String> parts = Keys.parts(key);
        old.add(key);
        old.add(Keys.of(parts.get(2), ARTICLES, parts.get(1), parts.get(3)));
      }
    }
    old.forEach(sides::delete);
  }

  private List<Agreement> agreements(String organisation) {
    List<Agreement> known = agreements.get(organisation);
    if (known == null) {
      known =
          all(Keys.of(organisation, AGREEMENTS)).stream()
              .map(side -> side.terms().value())
              .toList();
      if (known.size() <= MAX_AGREEMENTS) {
        agreements.put(organisation, known);
        if (agreements.size() > MAX_KNOWN) {
          agreements.remove(agreements.keySet().iterator().next());
        }
      }
    }
    return known;
  }

  private List<SideRecord> all(String prefix) {
    List<SideRecord> found = new ArrayList<>();
    try (KeyValueIterator<String, SideRecord> range =
        sides.prefixScan(prefix, new StringSerializer())) {
      while (range.hasNext()) {
        KeyValue<String, SideRecord> entry = range.next();
        found.add(entry.value);
      }
    }
    return found;
  }
}
