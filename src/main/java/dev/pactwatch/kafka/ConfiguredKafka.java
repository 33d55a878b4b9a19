package dev.pactwatch.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/** The cluster that a running process was configured with, for beans of the roles. */
public final class ConfiguredKafka {

  private static final String PREFIX = "kafka.";
  private static final String SERVERS = "kafka.bootstrap.servers";

  private ConfiguredKafka() {}

  /** Clients with every {@code kafka.*} property; empty when no bootstrap servers are set. */
  public static Optional<KafkaClients> clients(Config config) {
    Optional<String> servers =
        config.getOptionalValue(SERVERS, String.class).filter(text -> !text.isBlank());
    if (servers.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> properties = new HashMap<>();
    for (String name : config.getPropertyNames()) {
      if (name.startsWith(PREFIX)) {
        config
            .getOptionalValue(name, String.class)
            .ifPresent(value -> properties.put(name.substring(PREFIX.length()), value));
      }
    }
    // The names of environment variables are not always listed under their dotted form.
    properties.put(SERVERS.substring(PREFIX.length()), servers.get());
    return Optional.of(new KafkaClients(properties));
  }
}
