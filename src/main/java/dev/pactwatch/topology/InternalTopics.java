package dev.pactwatch.topology;

import dev.pactwatch.kafka.Topics;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.TopologyDescription;

/**
 * The topics that the topology makes for itself: where work is handed on, and logs of its stores.
 */
public final class InternalTopics {

  private static final String REPARTITION = "-repartition";

  private InternalTopics() {}

  /** Their full names. */
  public static Set<String> of(Topics topics) {
    StreamsConfig config =
        new StreamsConfig(
            Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                topics.applicationId(),
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                "127.0.0.1:0"));
    // The shape of the topology does not depend on its rules.
    TopologyDescription shape =
        DetectTopology.build(topics, null, new TopologyConfig(config), null, false).describe();
    Set<String> names = new TreeSet<>();
    String own = topics.applicationId() + "-";
    for (TopologyDescription.Subtopology part : shape.subtopologies()) {
      for (TopologyDescription.Node node : part.nodes()) {
        if (node instanceof TopologyDescription.Source source) {
          source.topicSet().stream()
              .filter(topic -> topic.endsWith(REPARTITION))
              .forEach(topic -> names.add(own + topic));
        } else if (node instanceof TopologyDescription.Processor processor) {
          processor.stores().forEach(store -> names.add(own + store + "-changelog"));
        }
      }
    }
    return names;
  }
}
