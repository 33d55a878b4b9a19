package dev.pactwatch.topology;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.AlertFold;
import dev.pactwatch.alert.Judgement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Every revision of every alert as the judgements in a running topology imply them. Unlike the log
 * of alerts, which tells what was known when, this does not depend on the order of arrival.
 */
public final class AlertHistories {

  private AlertHistories() {}

  /** Sorted by event time, id and revision. */
  public static List<Alert> of(Detector detector) {
    return fold(detector.streams());
  }

  private static List<Alert> fold(KafkaStreams streams) {
    ReadOnlyKeyValueStore<String, Judgement> store =
        streams.store(
            StoreQueryParameters.fromNameAndType(
                FoldProcessor.JUDGEMENTS, QueryableStoreTypes.keyValueStore()));
    Map<String, List<Judgement>> threads = new TreeMap<>();
    try (KeyValueIterator<String, Judgement> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<String, Judgement> entry = all.next();
        threads
            .computeIfAbsent(Keys.first(entry.key, 2), thread -> new ArrayList<>())
            .add(entry.value);
      }
    }
    List<Alert> revisions = new ArrayList<>();
    for (List<Judgement> thread : threads.values()) {
      AlertFold.fold(thread).histories().forEach(revisions::addAll);
    }
    revisions.sort(
        Comparator.comparing(Alert::lastSeen)
            .thenComparing(Alert::id)
            .thenComparingInt(Alert::revision));
    return revisions;
  }
}
