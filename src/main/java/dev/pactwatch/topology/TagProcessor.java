package dev.pactwatch.topology;

import dev.pactwatch.article.Article;
import dev.pactwatch.kafka.CloudEvents;
import dev.pactwatch.tagging.TaggedArticle;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Finds the events of every article. */
final class TagProcessor extends ContextualProcessor<String, Article, String, TaggedArticle> {

  private final Rules rules;

  TagProcessor(Rules rules) {
    this.rules = rules;
  }

  @Override
  public void process(Record<String, Article> record) {
    Article article = record.value();
    if (article == null) {
      // The log of articles is not compacted: an empty value says nothing.
      return;
    }
    TaggedArticle tagged = rules.tag(article);
    Record<String, TaggedArticle> out =
        new Record<>(article.uri(), tagged, record.timestamp(), record.headers());
    CloudEvents.set(
        out.headers(),
        "dev.pactwatch.event.v1",
        article.uri() + "." + article.version() + "." + tagged.lexicon(),
        DetectTopology.SOURCE,
        article.uri(),
        article.published());
    context().forward(out);
  }
}
