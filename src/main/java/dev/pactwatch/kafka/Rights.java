package dev.pactwatch.kafka;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import dev.pactwatch.json.Kebab;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** What a cluster with access control has to allow to whom, and no more than that. */
public final class Rights {

  /** Who talks to the cluster. */
  public enum Role {
    INGEST,
    DETECT,
    NOTIFY,
    WEB,
    /** Makes topics, and sends dead letters back. */
    OPERATOR,
    /** A program of others that reads what is published. */
    READER;

    public String label() {
      return Kebab.of(this);
    }
  }

  private final Topics topics;
  private final String principal;
  private final List<AclBinding> bindings = new ArrayList<>();

  private Rights(Topics topics, String principal) {
    this.topics = topics;
    this.principal = principal;
  }

  /**
   * The access control entries of a role.
   *
   * @param principal such as {@code User:pactwatch-detect}; a reader's groups begin with the part
   *     after the colon and a dash
   */
  public static List<AclBinding> of(Topics topics, Role role, String principal) {
    Rights rights = new Rights(topics, principal);
    if (role != Role.READER) {
      // Every process checks at its start that the topics are as they are declared.
      rights.allow(ResourceType.TOPIC, topics.prefix(), true, DESCRIBE, DESCRIBE_CONFIGS);
    }
    switch (role) {
      case INGEST -> rights.ingest();
      case DETECT -> rights.detect();
      case NOTIFY -> rights.notifier();
      case WEB -> rights.web();
      case OPERATOR -> rights.operator();
      case READER -> rights.reader();
    }
    return List.copyOf(rights.bindings);
  }

  private void ingest() {
    topics(List.of(topics.articles()), WRITE);
    topics(List.of(topics.feeds()), READ, WRITE);
    topics(List.of(topics.pushes()), READ);
    group("ingest");
    transactions("ingest-slot-", true);
  }

  private void detect() {
    topics(List.of(topics.articles()), READ);
    topics(List.of(topics.agreements(), topics.lexicon()), READ, WRITE);
    topics(List.of(topics.events(), topics.alerts(), topics.alertState()), WRITE);
    topics(deadLetters(), WRITE);
    // Topics of its own, whose records it deletes once it has read them.
    allow(ResourceType.TOPIC, topics.applicationId() + "-", true, CREATE, DELETE, READ, WRITE);
    group("detect");
    transactions("detect", true);
    transactions("registry", false);
    transactions("lexicon", false);
  }

  private void notifier() {
    topics(List.of(topics.alerts()), READ);
    topics(deadLetters(), WRITE);
    allow(ResourceType.TOPIC, topics.prefix() + "subscriber.", true, CREATE, WRITE);
    group("notify");
  }

  private void web() {
    topics(List.of(topics.alerts(), topics.alertState(), topics.feeds()), READ);
    topics(List.of(topics.pushes()), WRITE);
  }

  private void operator() {
    allow(ResourceType.TOPIC, topics.prefix(), true, CREATE, READ);
    topics(List.of(topics.articles(), topics.agreements()), WRITE);
    topics(deadLetters(), WRITE);
    transactions("dead-letters", false);
  }

  private void reader() {
    topics(
        List.of(
            topics.articles(),
            topics.events(),
            topics.agreements(),
            topics.alerts(),
            topics.alertState(),
            topics.lexicon()),
        READ,
        DESCRIBE);
    String name = principal.substring(principal.indexOf(':') + 1);
    allow(ResourceType.GROUP, name + "-", true, READ);
  }

  private List<String> deadLetters() {
    return topics.all().stream().map(TopicSpec::name).filter(Topics::holdsDeadLetters).toList();
  }

  private void topics(List<String> names, AclOperation... operations) {
    names.forEach(name -> allow(ResourceType.TOPIC, name, false, operations));
  }

  private void group(String name) {
    allow(ResourceType.GROUP, topics.prefix() + name, false, READ);
  }

  private void transactions(String name, boolean prefixed) {
    allow(ResourceType.TRANSACTIONAL_ID, topics.prefix() + name, prefixed, DESCRIBE, WRITE);
  }

  private void allow(ResourceType type, String name, boolean prefixed, AclOperation... operations) {
    ResourcePattern pattern =
        new ResourcePattern(type, name, prefixed ? PatternType.PREFIXED : PatternType.LITERAL);
    for (AclOperation operation : operations) {
      bindings.add(
          new AclBinding(
              pattern, new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW)));
    }
  }

  /**
   * The same as commands of Kafka's own tools, one line for every resource.
   *
   * @param servers as they are given to clients
   */
  public static List<String> commands(List<AclBinding> bindings, String servers) {
    Map<ResourcePattern, List<AclBinding>> byResource = new LinkedHashMap<>();
    bindings.forEach(
        binding ->
            byResource.computeIfAbsent(binding.pattern(), any -> new ArrayList<>()).add(binding));
    List<String> lines = new ArrayList<>();
    byResource.forEach(
        (resource, allowed) -> {
          StringBuilder line =
              new StringBuilder("kafka-acls.sh --bootstrap-server ").append(servers);
          line.append(" --add --allow-principal '").append(allowed.get(0).entry().principal());
          line.append('\'');
          for (AclBinding one : allowed) {
            line.append(" --operation ").append(word(one.entry().operation().name()));
          }
          line.append(" --")
              .append(resource.resourceType().name().toLowerCase(Locale.ROOT).replace('_', '-'))
              .append(" '")
              .append(resource.name())
              .append('\'');
          if (resource.patternType() == PatternType.PREFIXED) {
            line.append(" --resource-pattern-type prefixed");
          }
          lines.add(line.toString());
        });
    return lines;
  }

  /**
   * A limit that keeps one who reads everything from the beginning from taking the cluster from the
   * others, as a command of Kafka's own tools.
   */
  public static String quota(Role role, String principal, String servers) {
    String limits =
        role == Role.READER
            ? "consumer_byte_rate=10485760,request_percentage=50"
            : "producer_byte_rate=52428800,consumer_byte_rate=104857600";
    return "kafka-configs.sh --bootstrap-server "
        + servers
        + " --alter --entity-type users --entity-name '"
        + principal.substring(principal.indexOf(':') + 1)
        + "' --add-config '"
        + limits
        + "'";
  }

  /** {@code DESCRIBE_CONFIGS} as the tools write it, {@code DescribeConfigs}. */
  private static String word(String constant) {
    StringBuilder word = new StringBuilder();
    for (String part : constant.split("_")) {
      word.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
    }
    return word.toString();
  }
}
