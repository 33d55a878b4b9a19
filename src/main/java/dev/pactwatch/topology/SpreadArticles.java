package dev.pactwatch.topology;

import dev.pactwatch.matching.JoinKeys;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.TaggedArticle;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Sends a tagged article to every organisation it names, and takes an older version back from where
 * the new one does not go.
 */
final class SpreadArticles
    extends ContextualProcessor<String, Encoded<TaggedArticle>, String, SideRecord> {

  static final String STORE = "article-spread";

  private final Rules rules;

  /** Groups to which articles are sent at all; null for every one. */
  private final Set<String> concerned;

  private KeyValueStore<String, Spread> spread;

  /**
   * @param concerned see {@link DetectTopology#build}
   */
  SpreadArticles(Rules rules, Set<String> concerned) {
    this.rules = rules;
    this.concerned = concerned;
  }

  @Override
  public void init(ProcessorContext<String, SideRecord> context) {
    super.init(context);
    spread = context.getStateStore(STORE);
  }

  @Override
  public void process(Record<String, Encoded<TaggedArticle>> record) {
    TaggedArticle tagged = record.value().value();
    Spread before = spread.get(tagged.uri());
    if (before != null && before.version() > tagged.version()) {
      return;
    }
    List<String> organisations = organisations(tagged);
    if (before != null) {
      for (String organisation : before.organisations()) {
        if (!organisations.contains(organisation)
            || !before.published().equals(tagged.published())) {
          forward(
              record, organisation, SideRecord.removedArticle(tagged.uri(), before.published()));
        }
      }
    }
    for (String organisation : organisations) {
      forward(record, organisation, SideRecord.of(tagged, record.value()));
    }
    // An edit that names nobody is remembered as well: what it edits may come after it.
    if (before != null || !organisations.isEmpty() || tagged.version() > 1) {
      spread.put(tagged.uri(), new Spread(organisations, tagged.version(), tagged.published()));
    }
  }

  private void forward(
      Record<String, Encoded<TaggedArticle>> record, String organisation, SideRecord side) {
    context().forward(new Record<>(organisation, side, record.timestamp()));
  }

  private List<String> organisations(TaggedArticle tagged) {
    Set<String> groups = new TreeSet<>();
    for (Event event : tagged.events()) {
      groups.addAll(JoinKeys.of(event, rules.kinship()));
    }
    if (concerned != null) {
      groups.retainAll(concerned);
    }
    return List.copyOf(groups);
  }
}
