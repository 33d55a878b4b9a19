package dev.pactwatch.kafka;

import dev.pactwatch.article.Article;
import dev.pactwatch.json.Json;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Articles as records of their topic. */
public final class ArticleRecords {

  private ArticleRecords() {}

  /**
   * @param source which part of the product writes it
   */
  public static ProducerRecord<String, byte[]> of(Topics topics, Article article, String source) {
    // Kafka knows no time before 1970; the article keeps its own.
    long time = Math.max(0, article.published().toEpochMilli());
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(topics.articles(), null, time, article.uri(), Json.bytes(article));
    CloudEvents.set(
        record.headers(),
        "dev.pactwatch.article.v1",
        article.uri() + "." + article.version(),
        source,
        article.uri(),
        article.published());
    return record;
  }
}
