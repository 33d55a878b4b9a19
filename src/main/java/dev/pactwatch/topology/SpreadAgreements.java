package dev.pactwatch.topology;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.json.Json;
import dev.pactwatch.matching.JoinKeys;
import java.util.List;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Sends an agreement to each of its parties, and takes it back from those it no longer has. */
final class SpreadAgreements extends ContextualProcessor<String, Agreement, String, SideRecord> {

  static final String STORE = "agreement-spread";

  /** It is part of every record of the join; a broker takes a million. */
  private static final int MAX_BYTES = 400_000;

  private final Rules rules;
  private KeyValueStore<String, Spread> spread;

  SpreadAgreements(Rules rules) {
    this.rules = rules;
  }

  @Override
  public void init(ProcessorContext<String, SideRecord> context) {
    super.init(context);
    spread = context.getStateStore(STORE);
  }

  @Override
  public void process(Record<String, Agreement> record) {
    String id = record.key();
    Agreement agreement = record.value();
    if (agreement != null) {
      check(id, agreement);
    }
    List<String> organisations =
        agreement == null ? List.of() : List.copyOf(JoinKeys.of(agreement, rules.kinship()));
    Spread before = spread.get(id);
    if (before != null) {
      for (String organisation : before.organisations()) {
        if (!organisations.contains(organisation)) {
          forward(record, organisation, SideRecord.removedAgreement(id));
        }
      }
    }
    for (String organisation : organisations) {
      forward(record, organisation, SideRecord.of(agreement));
    }
    spread.put(id, agreement == null ? null : new Spread(organisations, 0, null));
  }

  /** What the registry never writes, but others could, and what could not be passed on. */
  private static void check(String id, Agreement agreement) {
    if (!agreement.id().equals(id)) {
      throw new IllegalArgumentException("unusable agreement: its key is not its id");
    }
    if (Json.bytes(agreement).length > MAX_BYTES) {
      throw new IllegalArgumentException("unusable agreement: it is larger than " + MAX_BYTES);
    }
  }

  private void forward(Record<String, Agreement> record, String organisation, SideRecord side) {
    context().forward(new Record<>(organisation, side, record.timestamp()));
  }
}
