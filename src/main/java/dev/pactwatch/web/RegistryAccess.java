package dev.pactwatch.web;

import dev.pactwatch.agreement.Registry;
import dev.pactwatch.agreement.RegistryFolder;
import dev.pactwatch.agreement.TopicTree;
import dev.pactwatch.topology.Explainer;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The registry of the configuration folder, which commands and people edit as well. */
@ApplicationScoped
public class RegistryAccess {

  private final RegistryFolder folder;
  private final Path config;
  private Explainer explainer;

  RegistryAccess(
      @ConfigProperty(name = "pactwatch.config-dir", defaultValue = "config") Path config) {
    this.config = config;
    this.folder = new RegistryFolder(config.resolve("agreements"), InstantSource.system());
  }

  RegistryFolder folder() {
    return folder;
  }

  /** Read at the first question, as most processes are never asked. */
  synchronized Explainer explainer() {
    if (explainer == null) {
      explainer = Explainer.load(config.resolve("lexicon"), config.resolve("topics.yaml"));
    }
    return explainer;
  }

  /** With the tree of topics, by which covering questions are answered. */
  Registry withTopics() {
    return folder.registry().with(TopicTree.load(config.resolve("topics.yaml")));
  }
}
