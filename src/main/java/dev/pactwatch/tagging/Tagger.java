package dev.pactwatch.tagging;

import dev.pactwatch.article.Article;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.lexicon.Entry;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.lexicon.Rule;
import dev.pactwatch.text.Fingerprint;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds cloud partnerships and litigation in articles, with the words that prove every field. The
 * same text, day and lexicon always give the same events. Safe for use by several threads.
 */
public final class Tagger {

  private final Lexicon lexicon;
  private final Classes classes;

  /** By index of the anchor. */
  private final Frame[] frames;

  private final Weights[] weights;
  private final ThreadLocal<Reading> readings;

  /**
   * @throws ConfigException when a rule of the lexicon cannot be used
   */
  public Tagger(Lexicon lexicon) {
    this.lexicon = lexicon;
    this.classes = new Classes(lexicon);
    Map<Rule, Frame> ofRules = new IdentityHashMap<>();
    for (Rule rule : lexicon.rules()) {
      ofRules.put(rule, new Frame(rule, lexicon));
    }
    List<Entry.Anchor> anchors = lexicon.anchors();
    this.frames = new Frame[anchors.size()];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = ofRules.get(anchors.get(i).rule());
    }
    EventType[] types = EventType.values();
    this.weights = new Weights[types.length];
    for (EventType type : types) {
      weights[type.ordinal()] = new Weights(type, lexicon);
    }
    this.readings = ThreadLocal.withInitial(this::reading);
  }

  /** A new one each time: it is not safe for use by several threads. */
  Reading reading() {
    return new Reading(lexicon, classes, matcher(), frames, weights);
  }

  /**
   * Reads a lexicon and runs the examples of its rules.
   *
   * @param directory of the lexicon
   * @throws ConfigException with file, line and reason when a file cannot be used or an example
   *     does not hold
   */
  public static Tagger load(Path directory) {
    Tagger tagger = new Tagger(Lexicon.load(directory));
    List<LexiconCheck.Failure> failures = LexiconCheck.run(tagger);
    if (!failures.isEmpty()) {
      int more = failures.size() - 1;
      throw new ConfigException(
          failures.get(0).message() + (more == 0 ? "" : " (and " + more + " more)"));
    }
    return tagger;
  }

  /** The lexicon in use. */
  public Lexicon lexicon() {
    return lexicon;
  }

  /**
   * The events of an item in the order of its text.
   *
   * @param headline may be null
   * @param summary may be null
   * @param body may be null
   * @param date day of publication, decides what dated names mean; null accepts all
   */
  public List<Event> tag(String headline, String summary, String body, LocalDate date) {
    return readings.get().read(headline, summary, body, date);
  }

  Sentence sentence(Passage passage, int number, LocalDate day) {
    return passage.sentence(number, classes, null, day);
  }

  /** A new one each time: it is not safe for use by several threads. */
  Matcher matcher() {
    return new Matcher(lexicon, classes, frames);
  }

  /** The events of an article. */
  public TaggedArticle tag(Article article) {
    LocalDate day =
        article.published() == null
            ? null
            : LocalDate.ofInstant(article.published(), ZoneOffset.UTC);
    List<Event> events = tag(article.headline(), article.summary(), article.body(), day);
    return new TaggedArticle(
        article.uri(),
        article.version(),
        article.headline(),
        article.link(),
        article.publisher(),
        article.published(),
        article.observed(),
        article.historical(),
        lexicon.version(),
        events.isEmpty()
            ? null
            : Fingerprint.of(article.headline(), article.summary(), article.body()),
        events);
  }
}
