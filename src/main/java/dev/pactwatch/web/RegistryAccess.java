package dev.pactwatch.web;

import dev.pactwatch.agreement.Registry;
import dev.pactwatch.agreement.RegistryFolder;
import dev.pactwatch.agreement.TopicTree;
import dev.pactwatch.topology.Explainer;
import dev.pactwatch.topology.RunningDetector;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The registry of the configuration folder, which commands and people edit as well. */
@ApplicationScoped
public class RegistryAccess {

  private final RegistryFolder folder;
  private final Path config;
  private final RunningDetector detector;
  private Explainer explainer;

  RegistryAccess(
      RunningDetector detector,
      @ConfigProperty(name = "pactwatch.config-dir", defaultValue = "config") Path config) {
    this.detector = detector;
    this.config = config;
    this.folder = new RegistryFolder(config.resolve("agreements"), InstantSource.system());
  }

  RegistryFolder folder() {
    return folder;
  }

  /** Read at the first question, as most processes are never asked. */
  synchronized Explainer explainer() {
    if (explainer == null) {
      Path topics = config.resolve("topics.yaml");
      explainer =
          detector
              .rules()
              .map(rules -> Explainer.of(rules, topics))
              .orElseGet(() -> Explainer.load(config.resolve("lexicon"), topics));
    }
    return explainer;
  }

  /** What agreements can be about. */
  TopicTree topics() {
    return TopicTree.load(config.resolve("topics.yaml"));
  }

  /** With the tree of topics, by which covering questions are answered. */
  Registry withTopics() {
    return folder.registry().with(topics());
  }
}
