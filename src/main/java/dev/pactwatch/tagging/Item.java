package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Lexicon;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The item that is read: its passages, and who is named in its headline. */
final class Item {

  /** Sentences below the headline that are read together with it. */
  static final int TOGETHER = 2;

  final Passage headline = new Passage("headline");
  final Passage summary = new Passage("summary");
  final Passage body = new Passage("body");
  final Passage[] passages = {headline, summary, body};

  private final Lexicon lexicon;
  private final Classes classes;

  /** Who is named in the headline. */
  private final Set<String> headliners = new HashSet<>();

  private LocalDate day;

  /** Cues of the sentences right below the headline. */
  private long lead;

  Item(Lexicon lexicon, Classes classes) {
    this.lexicon = lexicon;
    this.classes = classes;
  }

  /**
   * Reads another item.
   *
   * @return false where no rule can fire in it
   */
  boolean read(String title, String description, String text, LocalDate published) {
    headline.read(title, lexicon);
    summary.read(description, lexicon);
    body.read(text, lexicon);
    day = published;
    headliners.clear();
    if (headline.anchors + summary.anchors + body.anchors == 0) {
      return false;
    }
    lead = lead();
    return true;
  }

  /** All cues in the item. */
  long cues() {
    return headline.allCues | summary.allCues | body.allCues;
  }

  /** All classes of words in the item. */
  long all() {
    return headline.all | summary.all | body.all;
  }

  /** A sentence of one of the passages. */
  Sentence sentence(Passage passage, int number) {
    return passage.sentence(number, classes, day);
  }

  /** Under which a mention counts as the same party. */
  String key(Mention mention, Sentence sentence) {
    return Draft.key(mention, sentence, lexicon.organisations());
  }

  /** How a party is called. */
  String name(Mention mention, Sentence sentence) {
    return mention.organisation != null && mention.descriptor()
        ? mention.organisation.name()
        : sentence.tokens.text(mention.from, mention.to);
  }

  /**
   * Headline and lead are read together: "Acme and Globex call a truce" is about a suit where the
   * next sentence speaks of one.
   */
  long around(Passage passage, int number) {
    if (passage == headline) {
      return lead;
    }
    return number < TOGETHER && (headline.all & classes.inCourt) != 0 ? headline.allCues : 0;
  }

  /** Cues of the sentences right below the headline. */
  private long lead() {
    Passage below = summary.tokens.size() > 0 ? summary : body;
    int sentences = Math.min(TOGETHER, below.tokens.sentences());
    int end = sentences == 0 ? 0 : below.tokens.sentence(sentences);
    return (below.classes(0, end) & classes.inCourt) == 0 ? 0 : below.cues(0, end);
  }

  /** Finds who is named in the headline; to be called once for an item that tells of anything. */
  void headliners() {
    for (int number = 0; number < headline.tokens.sentences(); number++) {
      Sentence sentence = sentence(headline, number);
      for (Mention mention : sentence.mentions) {
        headliners.add(key(mention, sentence));
      }
    }
  }

  /** True for one who is named in the headline. */
  boolean inHeadline(String key) {
    return headliners.contains(key);
  }

  /** True where two or more of those in the headline are parties. */
  boolean headlined(List<Finding> findings) {
    String first = null;
    for (Finding finding : findings) {
      for (Mention mention : finding.parties.keySet()) {
        String key = key(mention, finding.sentence);
        if (headliners.contains(key)) {
          if (first != null && !first.equals(key)) {
            return true;
          }
          first = key;
        }
      }
    }
    return false;
  }
}
