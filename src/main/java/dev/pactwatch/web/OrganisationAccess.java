package dev.pactwatch.web;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.lexicon.Organisation;
import dev.pactwatch.lexicon.Organisations;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The organisations of the configuration folder's lexicon: read once, and kept until the process
 * ends. A lexicon that cannot be read knows nobody, and is tried again.
 */
@ApplicationScoped
public class OrganisationAccess {

  private static final Logger LOG = Logger.getLogger(OrganisationAccess.class);

  private final Path folder;
  private final Set<String> roles;
  private Organisations organisations;

  OrganisationAccess(
      @ConfigProperty(name = "pactwatch.config-dir", defaultValue = "config") Path config,
      @ConfigProperty(name = "pactwatch.roles") Optional<Set<String>> roles) {
    this.folder = config.resolve("lexicon");
    this.roles = roles.orElse(Set.of());
  }

  /** Whoever opens the first page does not wait for the lexicon. */
  void start(@Observes @Priority(230) StartupEvent event) {
    if (roles.contains(AlertLog.ROLE)) {
      Thread reader = new Thread(this::all, "web-organisations");
      reader.setDaemon(true);
      reader.start();
    }
  }

  synchronized Optional<Organisations> all() {
    if (organisations == null) {
      try {
        organisations = Lexicon.load(folder).organisations();
      } catch (ConfigException e) {
        LOG.warnf("names of organisations cannot be shown: %s", e.getMessage());
        return Optional.empty();
      }
    }
    return Optional.of(organisations);
  }

  Optional<Organisation> find(String id) {
    return id == null ? Optional.empty() : all().flatMap(known -> known.find(id));
  }

  /** The name to show; the id itself where it is unknown. */
  String name(String id) {
    return find(id).map(Organisation::name).orElse(id);
  }
}
