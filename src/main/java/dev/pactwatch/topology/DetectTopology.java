package dev.pactwatch.topology;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Judgement;
import dev.pactwatch.article.Article;
import dev.pactwatch.kafka.Contract;
import dev.pactwatch.kafka.JsonSerde;
import dev.pactwatch.kafka.Topics;
import dev.pactwatch.tagging.TaggedArticle;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The stream: articles are tagged; events and agreements are sent to every organisation they name,
 * meet there in one processor that keeps both, and what comes of it is folded into alerts by chain
 * of agreements.
 *
 * <pre>
 * lexicon -> change-lexicon
 *              |
 * articles -> tag -> events
 *              |-> spread-articles --+
 * agreements -> spread-agreements ---+-> by-organisation -> join -> by-chain -> fold -> alerts
 *                                                                                  |-> alert-state
 * </pre>
 *
 * Names of nodes and stores are an interface: a changed one orphans the state of running systems.
 */
public final class DetectTopology {

  /** What CloudEvents headers name as the source. */
  static final String SOURCE = "/pactwatch/detect";

  private static final String BY_ORGANISATION = "by-organisation";
  private static final String BY_CHAIN = "by-chain";

  private DetectTopology() {}

  /**
   * A pure function of its arguments.
   *
   * @param retention how long events wait for agreements yet to come; null for ever
   * @param inMemory whether the stores are kept off the disk, as in a replay
   */
  public static Topology build(
      Topics topics, Rules rules, TopologyConfig config, Duration retention, boolean inMemory) {
    return build(topics, rules, config, retention, inMemory, null);
  }

  /**
   * The same.
   *
   * @param organisations that agreements can be of, by group; null where that is not known yet
   */
  static Topology build(
      Topics topics,
      Rules rules,
      TopologyConfig config,
      Duration retention,
      boolean inMemory,
      Set<String> organisations) {
    StreamsBuilder builder = new StreamsBuilder(config);
    Serde<String> key = Serdes.String();
    Serde<SideRecord> side = SideRecord.serde();
    JsonSerde<JudgementSet.Step> step = new JsonSerde<>(JudgementSet.Step.class);
    JsonSerde<Alert> alert = new JsonSerde<>(Alert.class);

    builder.addStateStore(inUse());
    builder.stream(
            topics.lexicon(),
            Consumed.with(key, new JsonSerde<>(LexiconInUse.class, Contract.LEXICON))
                .withName("lexicon"))
        .process(LexiconProcessor::new, Named.as("change-lexicon"), LexiconProcessor.STORE);
    KStream<String, Encoded<TaggedArticle>> tagged =
        builder.stream(
                topics.articles(),
                Consumed.with(key, new JsonSerde<>(Article.class, Contract.ARTICLE))
                    .withName("articles"))
            .process(() -> new TagProcessor(rules), Named.as("tag"), LexiconProcessor.STORE);
    tagged.to(
        topics.events(), Produced.with(key, Encoded.serde(TaggedArticle.class)).withName("events"));
    KStream<String, SideRecord> articleSide =
        tagged.process(
            with(
                () -> new SpreadArticles(rules, organisations),
                store(SpreadArticles.STORE, Spread.class, inMemory)),
            Named.as("spread-articles"));

    KStream<String, SideRecord> agreementSide =
        builder.stream(
                topics.agreements(),
                Consumed.with(key, new JsonSerde<>(Agreement.class, Contract.AGREEMENT))
                    .withName("agreements"))
            .process(
                with(
                    () -> new SpreadAgreements(rules),
                    store(SpreadAgreements.STORE, Spread.class, inMemory)),
                Named.as("spread-agreements"));

    KStream<String, Alert> alerts =
        articleSide
            .merge(agreementSide, Named.as("both-sides"))
            .repartition(
                Repartitioned.with(key, side)
                    .withName(BY_ORGANISATION)
                    .withNumberOfPartitions(topics.partitions()))
            .process(
                with(
                    () -> new JoinProcessor(rules, retention),
                    store(JoinProcessor.STORE, side, inMemory)),
                Named.as("join"))
            .repartition(
                Repartitioned.with(key, step)
                    .withName(BY_CHAIN)
                    .withNumberOfPartitions(topics.partitions()))
            .process(
                with(
                    FoldProcessor::new,
                    store(FoldProcessor.JUDGEMENTS, Judgement.class, inMemory),
                    store(FoldProcessor.THREADS, Threads.class, inMemory),
                    store(FoldProcessor.EMITTED, Emitted.class, inMemory)),
                Named.as("fold"));
    alerts.to(topics.alerts(), Produced.with(key, alert).withName("alerts"));
    alerts.to(topics.alertState(), Produced.with(key, alert).withName("alert-state"));
    return builder.build();
  }

  /** All topics that the topology reads, its own among them. */
  public static List<String> sources(Topics topics) {
    return List.of(
        topics.articles(),
        topics.agreements(),
        topics.lexicon(),
        topics.applicationId() + "-" + BY_ORGANISATION + "-repartition",
        topics.applicationId() + "-" + BY_CHAIN + "-repartition");
  }

  /** Asked for every article, so it is in memory at all times. */
  private static StoreBuilder<KeyValueStore<String, String>> inUse() {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(LexiconProcessor.STORE), Serdes.String(), Serdes.String())
        .withCachingDisabled();
  }

  private static <T> StoreBuilder<KeyValueStore<String, T>> store(
      String name, Class<T> type, boolean inMemory) {
    return store(name, new JsonSerde<>(type), inMemory);
  }

  private static <T> StoreBuilder<KeyValueStore<String, T>> store(
      String name, Serde<T> values, boolean inMemory) {
    return Stores.keyValueStoreBuilder(
            inMemory ? Stores.inMemoryKeyValueStore(name) : Stores.persistentKeyValueStore(name),
            Serdes.String(),
            values)
        .withCachingDisabled();
  }

  private static <K, V, L, W> ProcessorSupplier<K, V, L, W> with(
      ProcessorSupplier<K, V, L, W> supplier, StoreBuilder<?>... stores) {
    Set<StoreBuilder<?>> connected = Set.of(stores);
    return new ProcessorSupplier<>() {
      @Override
      public Processor<K, V, L, W> get() {
        return supplier.get();
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return connected;
      }
    };
  }
}
