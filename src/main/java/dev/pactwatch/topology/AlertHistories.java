package dev.pactwatch.topology;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.AlertFold;
import dev.pactwatch.alert.Judgement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Every revision of every alert as the judgements in a running topology imply them. Unlike the log
 * of alerts, which tells what was known when, this does not depend on the order of arrival.
 */
public final class AlertHistories {

  private AlertHistories() {}

  /** What one instance can say of one alert. */
  public sealed interface Answer {}

  /**
   * @param revisions oldest first; empty where the judgements imply no such alert any more
   */
  public record Found(List<Alert> revisions) implements Answer {}

  /** Another instance holds the chain. */
  public record Elsewhere(String host, int port) implements Answer {}

  /** The work is being moved between instances; the same question can be answered soon. */
  public record Moving() implements Answer {}

  /** All alerts, sorted by event time, id and revision. */
  public static List<Alert> of(Detector detector) {
    List<Alert> revisions = new ArrayList<>();
    forEach(detector, revisions::addAll);
    revisions.sort(
        Comparator.comparing(Alert::lastSeen)
            .thenComparing(Alert::id)
            .thenComparingInt(Alert::revision));
    return revisions;
  }

  /**
   * All alerts, one after the other in no order that means something, without holding more than
   * those of one thread.
   *
   * @param each receives the revisions of an alert, oldest first
   */
  public static void forEach(Detector detector, Consumer<List<Alert>> each) {
    try (KeyValueIterator<String, Judgement> all = judgements(detector.streams()).all()) {
      fold(all, each);
    }
  }

  /**
   * The revisions of one alert, asked of the store of whichever instance holds its chain.
   *
   * @param chain of the agreement that the alert is judged against
   */
  public static Answer of(Detector detector, String chain, String id) {
    KafkaStreams streams = detector.streams();
    try {
      if (detector.server().isPresent()) {
        KeyQueryMetadata owner =
            streams.queryMetadataForKey(FoldProcessor.JUDGEMENTS, chain, new StringSerializer());
        if (owner.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
          return new Moving();
        }
        HostInfo active = owner.activeHost();
        if (!active.equals(detector.server().get())) {
          return new Elsewhere(active.host(), active.port());
        }
      }
      try (KeyValueIterator<String, Judgement> ofChain =
          judgements(streams).prefixScan(Keys.of(chain), new StringSerializer())) {
        List<Alert> found = new ArrayList<>();
        fold(
            ofChain,
            history -> {
              if (history.get(0).id().equals(id)) {
                found.addAll(history);
              }
            });
        return new Found(found);
      }
    } catch (InvalidStateStoreException e) {
      return new Moving();
    }
  }

  private static ReadOnlyKeyValueStore<String, Judgement> judgements(KafkaStreams streams) {
    return streams.store(
        StoreQueryParameters.fromNameAndType(
            FoldProcessor.JUDGEMENTS, QueryableStoreTypes.keyValueStore()));
  }

  /** The judgements of a thread lie together in a store, and in one store only. */
  private static void fold(
      KeyValueIterator<String, Judgement> judgements, Consumer<List<Alert>> each) {
    List<Judgement> thread = new ArrayList<>();
    String at = null;
    while (judgements.hasNext()) {
      KeyValue<String, Judgement> entry = judgements.next();
      String of = Keys.first(entry.key, 2);
      if (!thread.isEmpty() && !of.equals(at)) {
        AlertFold.fold(thread).histories().forEach(each);
        thread.clear();
      }
      at = of;
      thread.add(entry.value);
    }
    if (!thread.isEmpty()) {
      AlertFold.fold(thread).histories().forEach(each);
    }
  }
}
