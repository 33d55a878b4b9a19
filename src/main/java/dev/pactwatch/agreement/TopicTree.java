package dev.pactwatch.agreement;

import dev.pactwatch.config.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What agreements and deals can be about, from {@code config/topics.yaml}: a tree, in which a term
 * on a topic covers all that lies under it, and a second relation, {@code may-include}, between
 * topics of which one often comes with the other (an agent platform may call a model's API).
 *
 * <p>Immutable. Topics that the tree does not know cover themselves alone.
 */
public final class TopicTree {

  private record Node(
      String id, String title, String under, Set<String> mayInclude, boolean alwaysNamed) {}

  private final Map<String, Node> nodes;
  private final String deals;
  private final List<String> exclusivityWords;
  private final List<String> exclusivityExceptions;

  private TopicTree(
      Map<String, Node> nodes,
      String deals,
      List<String> exclusivityWords,
      List<String> exclusivityExceptions) {
    this.nodes = nodes;
    this.deals = deals;
    this.exclusivityWords = exclusivityWords;
    this.exclusivityExceptions = exclusivityExceptions;
  }

  /** A tree that knows no topic. */
  public static TopicTree empty() {
    return new TopicTree(Map.of(), "", List.of(), List.of());
  }

  /**
   * @throws dev.pactwatch.config.ConfigException when the file cannot be used
   */
  public static TopicTree load(Path file) {
    return of(Yaml.read(file));
  }

  /**
   * @param name what messages call the text
   */
  public static TopicTree parse(String name, String text) {
    return of(Yaml.parse(name, text));
  }

  private static TopicTree of(Yaml root) {
    root.map(Set.of("deals", "exclusivity-words", "exclusivity-exceptions", "topics"));
    Map<String, Node> nodes = new LinkedHashMap<>();
    List<Yaml> items = root.need("topics").list();
    for (Yaml item : items) {
      item.map(Set.of("id", "title", "under", "may-include", "always-named"));
      String id = item.need("id").text();
      Node node =
          new Node(
              id,
              item.get("title").map(Yaml::text).orElse(id),
              item.get("under").map(Yaml::text).orElse(null),
              item.get("may-include").map(Yaml::texts).map(Set::copyOf).orElse(Set.of()),
              item.get("always-named").map(Yaml::bool).orElse(false));
      if (nodes.put(id, node) != null) {
        throw item.need("id").problem("stands twice: " + id);
      }
    }
    for (Yaml item : items) {
      Node node = nodes.get(item.need("id").text());
      if (node.under() != null && !nodes.containsKey(node.under())) {
        throw item.need("under").problem("'" + node.under() + "' is no topic of this file");
      }
      for (String included : node.mayInclude()) {
        if (!nodes.containsKey(included)) {
          throw item.need("may-include").problem("'" + included + "' is no topic of this file");
        }
      }
      int steps = 0;
      for (Node up = node; up.under() != null; up = nodes.get(up.under())) {
        if (++steps > nodes.size()) {
          throw item.need("under").problem("'" + node.id() + "' lies under itself");
        }
      }
    }
    Yaml deals = root.need("deals");
    if (!nodes.containsKey(deals.text())) {
      throw deals.problem("'" + deals.text() + "' is no topic of this file");
    }
    return new TopicTree(
        nodes,
        deals.text(),
        root.get("exclusivity-words").map(Yaml::texts).map(List::copyOf).orElse(List.of()),
        root.get("exclusivity-exceptions").map(Yaml::texts).map(List::copyOf).orElse(List.of()));
  }

  /** All topics in the order of the file. */
  public List<String> topics() {
    return List.copyOf(nodes.keySet());
  }

  public boolean knows(String topic) {
    return nodes.containsKey(topic);
  }

  /** What to call a topic in a sentence; the id of an unknown one. */
  public String title(String topic) {
    Node node = nodes.get(topic);
    return node == null ? topic : node.title();
  }

  /** Words that say that a litigation is about an exclusivity. */
  public List<String> exclusivityWords() {
    return exclusivityWords;
  }

  /** Phrases in which those words mean something else. */
  public List<String> exclusivityExceptions() {
    return exclusivityExceptions;
  }

  /** Whether the narrow topic is the broad one or lies under it. */
  public boolean covers(String broad, String narrow) {
    for (String topic = narrow; topic != null; ) {
      if (topic.equals(broad)) {
        return true;
      }
      Node node = nodes.get(topic);
      topic = node == null ? null : node.under();
    }
    return false;
  }

  /** Whether a cloud partnership can be about this topic. */
  public boolean dealable(String topic) {
    return covers(deals, topic);
  }

  /**
   * Whether something bought under one topic may come with something of another, though it need
   * not: by its own {@code may-include} or that of a topic above it.
   */
  public boolean mayInclude(String bought, String other) {
    for (String topic = bought; topic != null; ) {
      Node node = nodes.get(topic);
      if (node == null) {
        return false;
      }
      for (String included : node.mayInclude()) {
        if (covers(included, other) || covers(other, included)) {
          return true;
        }
      }
      topic = node.under();
    }
    return false;
  }

  /** Whether two topics meet in any way: one covers the other, or may include it. */
  public boolean related(String one, String other) {
    return covers(one, other)
        || covers(other, one)
        || mayInclude(one, other)
        || mayInclude(other, one);
  }

  /** How a term meets what was bought. */
  public enum Reach {
    /** The topic bought is the term's, or lies under it. */
    COVERED,
    /** What was bought is broader than the term, or may include what the term is about. */
    MAY_INCLUDE,
    /** Nobody said what was bought. */
    UNKNOWN,
    /** It lies under the term's topic, and the term carves it out. */
    CARVED_OUT,
    /** The two have nothing to do with each other. */
    OUTSIDE
  }

  /**
   * @param bought topic of the event, null where it cannot be told
   */
  public Reach reach(Term term, String bought) {
    Node node = nodes.get(term.topic());
    boolean alwaysNamed = node != null && node.alwaysNamed();
    if (bought == null || !knows(bought)) {
      return dealable(term.topic()) && !alwaysNamed ? Reach.UNKNOWN : Reach.OUTSIDE;
    }
    if (covers(term.topic(), bought)) {
      for (String out : term.carveOuts()) {
        if (covers(out, bought)) {
          return Reach.CARVED_OUT;
        }
      }
      return Reach.COVERED;
    }
    return (covers(bought, term.topic()) && !alwaysNamed) || mayInclude(bought, term.topic())
        ? Reach.MAY_INCLUDE
        : Reach.OUTSIDE;
  }

  /** Ids, titles and relations as lines, for people. */
  public String describe() {
    List<String> lines = new ArrayList<>();
    for (Node node : nodes.values()) {
      if (node.under() == null) {
        describe(node, "", lines);
      }
    }
    return String.join("\n", lines);
  }

  private void describe(Node node, String indent, List<String> lines) {
    lines.add(
        indent
            + node.id()
            + ": "
            + node.title()
            + (node.mayInclude().isEmpty()
                ? ""
                : " (may include "
                    + String.join(", ", node.mayInclude().stream().sorted().toList())
                    + ")"));
    for (Node child : nodes.values()) {
      if (node.id().equals(child.under())) {
        describe(child, indent + "  ", lines);
      }
    }
  }
}
