package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Alias;
import dev.pactwatch.lexicon.Entry;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.text.Fold;
import java.time.LocalDate;
import java.util.ArrayList;
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

  /** Before the key of a party that no list holds. */
  private static final String UNLISTED = "~";

  /** Keys of those whom no list holds. */
  private final List<String> unlisted = new ArrayList<>();

  /** Who is named in the headline. */
  private final Set<String> headliners = new HashSet<>();

  private final References references;

  private LocalDate day;

  /** Cues of the sentences right below the headline. */
  private long lead;

  Item(Lexicon lexicon, Classes classes) {
    this.lexicon = lexicon;
    this.classes = classes;
    this.references = new References(this, classes, lexicon);
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
    unlisted.clear();
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
    if (passage.made(number) == null) {
      references.prepare(passage, number);
    }
    return make(passage, number);
  }

  /** A sentence, without a look at what stands before it. */
  Sentence make(Passage passage, int number) {
    return passage.sentence(number, classes, references, day);
  }

  /**
   * Under which a mention counts as the same party. "Zibbo" and "Zibbo Systems" are the same one
   * where no list holds either.
   */
  String key(Mention mention, Sentence sentence) {
    if (mention.key == null) {
      mention.key =
          mention.organisation != null
              ? lexicon.organisations().group(mention.organisation.id())
              : UNLISTED + Fold.of(sentence.tokens.text(mention.from, mention.to));
      if (mention.unlisted()) {
        mention.key = known(mention.key);
      }
    }
    return mention.key;
  }

  private String known(String key) {
    for (String other : unlisted) {
      boolean same = other.length() > key.length() ? opens(other, key) : opens(key, other);
      if (same) {
        return other;
      }
    }
    unlisted.add(key);
    return key;
  }

  /** True where a name begins with all the words of another. */
  private static boolean opens(String longer, String shorter) {
    return longer.startsWith(shorter)
        && (longer.length() == shorter.length() || longer.charAt(shorter.length()) == ' ');
  }

  /** How a party is called. */
  String name(Mention mention, Sentence sentence) {
    if (mention.antecedent != null) {
      return name(mention.antecedent.mention(), mention.antecedent.sentence());
    }
    return mention.organisation != null && mention.descriptor()
        ? mention.organisation.name()
        : sentence.tokens.text(mention.from, mention.to);
  }

  /**
   * The longest form of the name of a party: "Zibbo Systems" where the headline has "Zibbo".
   *
   * @param maker whether a product stands for who makes it even where the item does not name that
   */
  String fullName(Draft.Member member, boolean maker) {
    Mention mention = member.mention;
    String name = member.name;
    if (mention.product() && (maker || named(mention.organisation.id()))) {
      return mention.organisation.name();
    }
    if (member.unnamed || mention.descriptor() || mention.product()) {
      return name;
    }
    String first = member.sentence.tokens.folded(mention.from);
    for (Passage passage : passages) {
      int number = 0;
      for (int k = 0; k < passage.capitals; k++) {
        int i = passage.capital[k];
        if (passage.tokens.is(i, first)) {
          while (passage.tokens.sentence(number + 1) <= i) {
            number++;
          }
          Sentence sentence = sentence(passage, number);
          Mention other = sentence.mentionAt(i);
          if (other != null
              && other.from == i
              && !sentence.titleCase
              && longer(other, sentence, member)) {
            String full = passage.tokens.text(other.from, other.to);
            name = full.length() > name.length() ? full : name;
          }
        }
      }
    }
    return name;
  }

  /** True where an organisation is named itself, and not only a product of it. */
  private boolean named(String organisation) {
    for (Passage passage : passages) {
      for (int hit = 0; hit < passage.hits; hit++) {
        if (passage.hitEntry(hit) instanceof Entry.Named named
            && named.organisation().id().equals(organisation)
            && named.alias().as() != Alias.As.PRODUCT) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean longer(Mention other, Sentence sentence, Draft.Member member) {
    return other.to - other.from > member.mention.to - member.mention.from
        && !other.product()
        && !other.descriptor()
        && (other.organisation == null
            ? member.mention.unlisted() && key(other, sentence).equals(member.mention.key)
            : other.organisation.id().equals(member.organisation));
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
