package dev.pactwatch.topology;

import dev.pactwatch.article.Article;
import dev.pactwatch.kafka.CloudEvents;
import dev.pactwatch.tagging.TaggedArticle;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Finds the events of every article, with the lexicon that is in use where it stands. */
final class TagProcessor
    extends ContextualProcessor<String, Article, String, Encoded<TaggedArticle>> {

  /** Far more than the longest page of a day's news has. */
  private static final int MAX_EVENTS = 200;

  /** So few always fit into a record. */
  private static final int FEW = 20;

  /** Of what is found; a broker takes a million. */
  private static final int MAX_BYTES = 400_000;

  /** Characters of summary and body, several times what the parser lets by. */
  private static final int MAX_TEXT = 1_000_000;

  /** Characters of an article besides summary and body, several times what the parser lets by. */
  private static final int MAX_AROUND = 32_768;

  private static final Duration MAX_AHEAD_OF_RECORD = Duration.ofHours(1);

  private final Rules rules;
  private KeyValueStore<String, String> inUse;

  TagProcessor(Rules rules) {
    this.rules = rules;
  }

  @Override
  public void init(ProcessorContext<String, Encoded<TaggedArticle>> context) {
    super.init(context);
    inUse = context.getStateStore(LexiconProcessor.STORE);
  }

  @Override
  public void process(Record<String, Article> record) {
    Article article = record.value();
    if (article == null) {
      throw new Unusable("the log of articles is not compacted: no value says nothing");
    }
    check(record, article);
    TaggedArticle tagged = rules.tag(article, inUse.get(LexiconProcessor.KEY));
    Encoded<TaggedArticle> encoded = Encoded.of(TaggedArticle.class, tagged);
    int events = tagged.events().size();
    if (events > MAX_EVENTS || events > FEW && encoded.bytes().length > MAX_BYTES) {
      throw new Unusable("it has " + events + " events, more than one record can pass on");
    }
    Record<String, Encoded<TaggedArticle>> out =
        new Record<>(article.uri(), encoded, record.timestamp(), record.headers());
    CloudEvents.set(
        out.headers(),
        "dev.pactwatch.event.v1",
        article.uri() + "." + article.version() + "." + tagged.lexicon(),
        DetectTopology.SOURCE,
        article.uri(),
        article.published());
    context().forward(out);
  }

  /**
   * What the parser of feeds never makes, but others could write: it would be a record too large to
   * be passed on, would end up where the article is not looked for, or would make everything else
   * look old.
   *
   * @throws Unusable naming what is wrong
   */
  private static void check(Record<String, Article> record, Article article) {
    if (!article.uri().equals(record.key())) {
      throw new Unusable("its key is not its uri");
    }
    if (article.version() < 1) {
      throw new Unusable("its version is below 1");
    }
    int around = 0;
    for (String text :
        Arrays.asList(
            article.uri(),
            article.headline(),
            article.language(),
            article.link(),
            article.publishedClaimed(),
            article.publisher().name(),
            article.publisher().domain(),
            article.publisher().family(),
            article.feed(),
            article.guid(),
            article.contentHash())) {
      around += length(text);
    }
    if (around > MAX_AROUND) {
      throw new Unusable("it has " + around + " characters around its text");
    }
    if (length(article.summary()) + length(article.body()) > MAX_TEXT) {
      throw new Unusable("its text is longer than " + MAX_TEXT + " characters");
    }
    if (!Keys.holds(article.published()) || !Keys.holds(article.observed())) {
      throw new Unusable("its time is no time of news");
    }
    // A broker takes no record from more than an hour ahead, so this is the present, whenever it is
    // read again.
    if (article
        .published()
        .isAfter(Instant.ofEpochMilli(record.timestamp()).plus(MAX_AHEAD_OF_RECORD))) {
      throw new Unusable("it was published after the time of its record");
    }
  }

  private static int length(String text) {
    return text == null ? 0 : text.length();
  }

  /** An article that is kept from going further; the reason goes with it to the dead letters. */
  private static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unusable(String reason) {
      super("unusable article: " + reason);
    }
  }
}
