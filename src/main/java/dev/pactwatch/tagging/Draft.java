package dev.pactwatch.tagging;

import dev.pactwatch.text.Tokens;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** An event while its parts are gathered from the sentences of an article. */
final class Draft {

  /** What evidence of the first parties is called. */
  private static final String[] PARTIES = {"parties[0]", "parties[1]", "parties[2]", "parties[3]"};

  /** A party with the mention that proves it. */
  static final class Member {
    String name;
    final String organisation;
    final boolean unnamed;
    Role role;
    final Mention mention;
    final Sentence sentence;
    String rule;

    /** Where the role is told: elsewhere than the name where the report only refers to that. */
    final Sentence told;

    /** The role only follows from who appeals, which either side may do. */
    boolean guessed;

    Member(String name, Role role, Mention mention, Sentence sentence, String rule) {
      this.name = name;
      this.organisation = mention.organisation == null ? null : mention.organisation.id();
      this.unnamed = mention.unnamed;
      this.role = role;
      Mention.Antecedent named = mention.antecedent;
      this.mention = named == null ? mention : named.mention();
      this.sentence = named == null ? sentence : named.sentence();
      this.told = sentence;
      this.rule = rule;
    }
  }

  /** A span with the rule behind it. */
  record Span(Passage passage, int from, int to, String rule) {}

  final EventType type;
  final Finding first;
  final List<Finding> findings = new ArrayList<>(4);
  final Map<String, Member> members = new LinkedHashMap<>(4);

  /** Keys of those who are said to be no party. */
  final Set<String> cleared = new HashSet<>(0);

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

  /** True where this holds of a party. */
  boolean any(Predicate<Member> condition) {
    for (Member member : members.values()) {
      if (condition.test(member)) {
        return true;
      }
    }
    return false;
  }

  /** True where an event of a type is among these. */
  static boolean any(List<Draft> drafts, EventType type) {
    for (Draft draft : drafts) {
      if (draft.type == type) {
        return true;
      }
    }
    return false;
  }

  /** The event as others see it, or null where nothing tells what happened. */
  Event event() {
    if (status == null) {
      return null;
    }
    List<Evidence> evidence = new ArrayList<>();
    Passage passage = first.sentence.passage;
    add(evidence, "type", passage, first.from, first.to, first.frame.rule.id());
    add(evidence, "status", statusSpan);
    List<Party> parties = new ArrayList<>();
    for (Member member : members.values()) {
      if (member.unnamed) {
        continue;
      }
      int number = parties.size();
      add(
          evidence,
          number < PARTIES.length ? PARTIES[number] : "parties[" + number + "]",
          member.sentence.passage,
          member.mention.from,
          member.mention.to,
          member.rule);
      parties.add(
          new Party(
              member.organisation,
              member.name,
              member.role,
              member.unnamed ? true : null,
              member.mention.unlisted() ? true : null));
    }
    add(evidence, "amount", amountSpan);
    add(evidence, "exclusivity", exclusivitySpan);
    add(evidence, "product", productSpan);
    add(evidence, "topic", topicSpan);
    add(evidence, "background", backgroundSpan);
    add(evidence, "sentence", passage, first.sentence.from, first.sentence.to, null);
    return new Event(
        type,
        status,
        parties,
        amount,
        type == EventType.LITIGATION ? null : exclusivity,
        product,
        topic,
        background,
        Math.round(Weights.logistic(score) * 1000) / 1000.0,
        evidence);
  }

  private static void add(List<Evidence> evidence, String of, Span span) {
    if (span != null) {
      add(evidence, of, span.passage(), span.from(), span.to(), span.rule());
    }
  }

  private static void add(
      List<Evidence> evidence, String of, Passage passage, int from, int to, String rule) {
    Tokens tokens = passage.tokens;
    int start = tokens.start(from);
    int end = tokens.end(to - 1);
    evidence.add(
        new Evidence(of, passage.field, start, end, tokens.text().substring(start, end), rule));
  }
}
