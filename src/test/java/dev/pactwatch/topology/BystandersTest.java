package dev.pactwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.agreement.AgreementFiles;
import dev.pactwatch.agreement.Registry;
import dev.pactwatch.article.Article;
import dev.pactwatch.article.Publisher;
import dev.pactwatch.matching.Match;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.TaggedArticle;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * From words to no alert: news near an agreement that does not touch it, with the bundled rules.
 */
class BystandersTest {

  private static final Path CONFIG = Path.of("config");
  private static final ProductRules RULES =
      ProductRules.load(CONFIG.resolve("lexicon"), CONFIG.resolve("topics.yaml"), false);
  private static final Registry REGISTRY = AgreementFiles.load(CONFIG.resolve("agreements"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // both parties sued together by a third
        "2023-12-27 | The New York Times sues OpenAI and Microsoft over copyright | The paper says"
            + " that both trained models on its articles without permission.",
        "2024-04-30 | Newspapers sue Microsoft and OpenAI | Eight daily papers filed a copyright suit"
            + " against the two companies in New York.",
        // a preferred or primary provider
        "2025-10-23 | Anthropic signs multibillion-dollar cloud deal with Google | Anthropic will use"
            + " Google Cloud computing capacity to train its models.",
        "2026-06-10 | OpenAI signs cloud deal with Oracle | OpenAI will buy computing power from"
            + " Oracle under a new agreement.",
        // a default placement
        "2025-06-01 | Samsung signs cloud deal with Oracle | Samsung Electronics will run its systems"
            + " on Oracle Cloud.",
        // outside the term's dates
        "2019-07-01 | OpenAI signs cloud deal with Google | OpenAI will rent computing capacity from"
            + " Google Cloud.",
        "2026-04-30 | OpenAI to offer its models on Amazon's cloud | OpenAI agreed with Amazon Web"
            + " Services to offer its models through the Bedrock API.",
        // a chip sale
        "2022-10-06 | OpenAI buys chips from AMD | AMD will sell processors worth 6 billion dollars to"
            + " OpenAI.",
        // an exclusive interview
        "2024-08-05 | Exclusive interview: Elon Musk on his lawsuit against OpenAI and Microsoft |"
            + " In an exclusive interview he spoke about the suit that he filed against OpenAI and"
            + " Microsoft.",
        // a denial
        "2022-06-01 | OpenAI denies cloud deal with Google | OpenAI denied that it signed a cloud"
            + " agreement with Google Cloud.",
        // history only
        "2026-06-15 | OpenAI hires a new finance chief | In 2019 Microsoft became its exclusive cloud"
            + " provider.",
        // taken back by its publisher
        "2022-06-01 | RETRACTED: OpenAI signs cloud deal with Google | OpenAI will rent computing"
            + " capacity from Google Cloud.",
      })
  void nothingIsSaidOfABystander(LocalDate date, String headline, String body) {
    assertThat(matches(date, headline, body))
        .extracting(match -> match.relation() + " " + match.agreement())
        .isEmpty();
  }

  /** The same words do alert where the agreement is touched: the rules above are not deaf. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "2022-06-01 | OpenAI signs cloud deal with Google | OpenAI will rent computing capacity from"
            + " Google Cloud.",
        "2022-06-01 | OpenAI signs cloud deal with Oracle | OpenAI will buy computing power from"
            + " Oracle under a new agreement.",
        "2026-03-18 | Microsoft sues OpenAI | Microsoft filed a suit against OpenAI in San Francisco.",
      })
  void theSameNewsIsSaidWhereItTouchesAnAgreement(LocalDate date, String headline, String body) {
    assertThat(matches(date, headline, body)).isNotEmpty();
  }

  @Test
  void anArticleThatIsTakenBackHasNoEvents() {
    assertThat(tag(LocalDate.of(2022, 6, 1), "OpenAI signs cloud deal with Google", "It did."))
        .extracting(TaggedArticle::events)
        .asList()
        .isNotEmpty();
    assertThat(
            tag(
                    LocalDate.of(2022, 6, 1),
                    "OpenAI signs cloud deal with Google",
                    "Editor's note: this story has been withdrawn. It said that both had signed.")
                .events())
        .isEmpty();
  }

  private static List<Match> matches(LocalDate date, String headline, String body) {
    List<Match> matches = new ArrayList<>();
    for (Event event : tag(date, headline, body).events()) {
      REGISTRY
          .all()
          .forEach(agreement -> RULES.match(event, date, agreement).ifPresent(matches::add));
    }
    return matches;
  }

  private static TaggedArticle tag(LocalDate date, String headline, String body) {
    var time = date.atStartOfDay(ZoneOffset.UTC).toInstant();
    return RULES.tag(
        new Article(
            "urn:a",
            1,
            headline,
            null,
            body,
            "en",
            null,
            time,
            null,
            time,
            new Publisher("A Paper", "paper.example", "paper"),
            "feed",
            null,
            "00",
            false,
            null),
        null);
  }
}
