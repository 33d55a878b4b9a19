package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Organisations;
import dev.pactwatch.text.Fold;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An event while its parts are gathered from the sentences of an article. */
final class Draft {

  /** A party with the mention that proves it. */
  static final class Member {
    String name;
    final String organisation;
    final boolean unnamed;
    Role role;
    final Mention mention;
    final Sentence sentence;
    String rule;

    Member(String name, Role role, Mention mention, Sentence sentence, String rule) {
      this.name = name;
      this.organisation = mention.organisation == null ? null : mention.organisation.id();
      this.unnamed = mention.unnamed;
      this.role = role;
      this.mention = mention;
      this.sentence = sentence;
      this.rule = rule;
    }
  }

  /** A span with the rule behind it. */
  record Span(Passage passage, int from, int to, String rule) {}

  final EventType type;
  final Finding first;
  final List<Finding> findings = new ArrayList<>(4);
  final Map<String, Member> members = new LinkedHashMap<>(4);
  Status status;
  Span statusSpan;
  int statusWeight = -1;
  Amount amount;
  Span amountSpan;
  Exclusivity exclusivity = Exclusivity.NONE;
  Span exclusivitySpan;
  String product;
  Span productSpan;
  String topic;
  int topicRank = Integer.MAX_VALUE;
  Span topicSpan;
  boolean background;

  /** Told of far below the headline, about others than those in it. */
  boolean deep;

  /** Sum of what speaks for the event and against it. */
  double score;

  Span backgroundSpan;

  Draft(Finding first) {
    this.type = first.frame.type;
    this.first = first;
  }

  /** Under which a mention counts as the same party. */
  static String key(Mention mention, Sentence sentence, Organisations organisations) {
    if (mention.key == null) {
      mention.key =
          mention.organisation != null
              ? organisations.group(mention.organisation.id())
              : "~" + Fold.of(sentence.tokens.text(mention.from, mention.to));
    }
    return mention.key;
  }

  boolean has(Role role) {
    for (Member member : members.values()) {
      if (member.role == role && !member.unnamed) {
        return true;
      }
    }
    return false;
  }

  int named() {
    int count = 0;
    for (Member member : members.values()) {
      count += member.unnamed ? 0 : 1;
    }
    return count;
  }
}
