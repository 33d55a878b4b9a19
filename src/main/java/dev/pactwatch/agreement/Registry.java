package dev.pactwatch.agreement;

import dev.pactwatch.json.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** All agreements known at one moment. Immutable. */
public final class Registry {

  /** Revisions of a chain in the order in which they took effect; an unknown start comes first. */
  public static final Comparator<Agreement> BY_REVISION =
      Comparator.comparing(
              Agreement::effectiveFrom,
              Comparator.nullsFirst(Comparator.<PartialDate>naturalOrder()))
          .thenComparing(Agreement::revision)
          .thenComparing(Agreement::id);

  /** The version of a chain that does not exist. */
  public static final String NO_VERSION = "none";

  private final Map<String, Agreement> byId;
  private final Map<String, List<Agreement>> byChain;
  private final TopicTree topics;

  private Registry(
      Map<String, Agreement> byId, Map<String, List<Agreement>> byChain, TopicTree topics) {
    this.byId = byId;
    this.byChain = byChain;
    this.topics = topics;
  }

  /**
   * @param agreements in the order to keep
   * @throws IllegalArgumentException when two have one id
   */
  public static Registry of(Collection<Agreement> agreements) {
    Map<String, Agreement> byId = new LinkedHashMap<>();
    for (Agreement agreement : agreements) {
      if (byId.put(agreement.id(), agreement) != null) {
        throw new IllegalArgumentException("two agreements have the id " + agreement.id());
      }
    }
    Map<String, List<Agreement>> byChain = new HashMap<>();
    for (Agreement agreement : agreements) {
      byChain.computeIfAbsent(agreement.chain(), chain -> new ArrayList<>(1)).add(agreement);
    }
    byChain.values().forEach(revisions -> revisions.sort(BY_REVISION));
    return new Registry(byId, byChain, TopicTree.empty());
  }

  /** The same agreements, with the tree that covering questions are answered by. */
  public Registry with(TopicTree tree) {
    return new Registry(byId, byChain, tree);
  }

  /** All revisions of all agreements, in the order of the files. */
  public List<Agreement> all() {
    return List.copyOf(byId.values());
  }

  public int size() {
    return byId.size();
  }

  public Optional<Agreement> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** All revisions of a chain, oldest first; empty for an unknown chain. */
  public List<Agreement> history(String chain) {
    return List.copyOf(byChain.getOrDefault(chain, List.of()));
  }

  /**
   * What stands for the content of a chain of revisions: equal as long as nothing in any of them
   * changes, whatever file or form they are written in.
   *
   * @return 16 hexadecimal digits, or {@link #NO_VERSION} for an unknown chain
   */
  public String version(String chain) {
    List<Agreement> revisions = history(chain);
    return revisions.isEmpty() ? NO_VERSION : digest(revisions);
  }

  /** The same for all agreements together. */
  public String version() {
    return digest(byId.values().stream().sorted(Comparator.comparing(Agreement::id)).toList());
  }

  /** All revisions of the chain that has this id, or that the agreement of this id belongs to. */
  public List<Agreement> historyOf(String id) {
    List<Agreement> revisions = history(id);
    return revisions.isEmpty()
        ? find(id).map(agreement -> history(agreement.chain())).orElse(List.of())
        : revisions;
  }

  private static String digest(List<Agreement> agreements) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Agreement agreement : agreements) {
        digest.update(Json.bytes(agreement));
        digest.update((byte) '\n');
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Terms that hold on a day, in the order of the files. */
  public List<InForce> inForce(AsOf question) {
    List<InForce> answers = new ArrayList<>();
    for (Agreement agreement : byId.values()) {
      for (Term term : agreement.terms()) {
        if (asked(question.grantor(), term.grantor(), agreement)
            && asked(question.beneficiary(), term.beneficiary(), agreement)
            && asked(question, term)) {
          Standing.of(agreement, term, question.date())
              .ifPresent(standing -> answers.add(new InForce(agreement, term, standing)));
        }
      }
    }
    return answers;
  }

  private boolean asked(AsOf question, Term term) {
    String topic = question.topic();
    return topic == null
        || topic.equals(term.topic())
        || (question.covering()
            && topics.covers(term.topic(), topic)
            && term.carveOuts().stream().noneMatch(out -> topics.covers(out, topic)));
  }

  private static boolean asked(String wanted, String organisation, Agreement agreement) {
    return wanted == null
        || wanted.equals(organisation)
        || wanted
            .toLowerCase(Locale.ROOT)
            .equals(agreement.nameOf(organisation).toLowerCase(Locale.ROOT));
  }
}
