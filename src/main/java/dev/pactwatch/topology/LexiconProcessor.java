package dev.pactwatch.topology;

import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Takes down which lexicon tags the articles of this partition from here on. It is kept with the
 * partition's state, so that whoever works on the partition next tags with the same.
 */
final class LexiconProcessor extends ContextualProcessor<String, LexiconInUse, Void, Void> {

  static final String STORE = "lexicon-in-use";

  /** The only key of the topic and of the store. */
  static final String KEY = "in-use";

  private KeyValueStore<String, String> inUse;

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    super.init(context);
    inUse = context.getStateStore(STORE);
  }

  @Override
  public void process(Record<String, LexiconInUse> record) {
    if (record.value() != null) {
      inUse.put(KEY, record.value().version());
    }
  }
}
