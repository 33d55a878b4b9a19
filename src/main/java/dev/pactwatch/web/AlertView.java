package dev.pactwatch.web;

import dev.pactwatch.agreement.Source;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.tagging.Amount;
import dev.pactwatch.tagging.Exclusivity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An alert as the page shows it, the same for the server's template and for the page's script: all
 * wording and every decision about what may be a link is made here. Texts are plain, not escaped.
 *
 * @param link its page in the console
 * @param lastSeenMillis orders the page
 * @param why one sentence, may be null
 * @param moreReasons the others
 * @param path the way of such an event, and how far this one is
 * @param amount may be null
 * @param sourceLink http or https, null for none
 * @param checkedTo may be null
 * @param quotes the newest report's first
 * @param articles newest first
 * @param earlier how many more there are, in words, may be null
 * @param publishers how many confirm each other, and how many copy, in words
 */
public record AlertView(
    String id,
    String link,
    int revision,
    long lastSeenMillis,
    String severity,
    String relation,
    String certainty,
    String change,
    boolean withdrawn,
    boolean historical,
    String title,
    String event,
    String status,
    List<StatusPath.Step> path,
    String amount,
    String product,
    List<PartyView> parties,
    String why,
    List<String> moreReasons,
    String agreement,
    String term,
    String sourceTitle,
    String sourceLink,
    String checkedTo,
    List<QuoteView> quotes,
    List<ArticleView> articles,
    String earlier,
    String publishers,
    Moment firstSeen,
    Moment lastSeen) {

  /**
   * A party and what it does.
   *
   * @param link its page in the console, null for a name that no list holds
   */
  public record PartyView(String name, String role, String link) {}

  /**
   * A passage of an article.
   *
   * @param from publisher, may be null
   */
  public record QuoteView(String from, List<Segment> segments) {}

  /**
   * @param proof whether these words prove something
   */
  public record Segment(String text, boolean proof) {}

  /**
   * @param link http or https, null for none
   */
  public record ArticleView(String headline, String link, String publisher, Moment published) {}

  /** A time for machines and for people. */
  public record Moment(String iso, String text) {

    private static final DateTimeFormatter TEXT =
        DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    static Moment of(Instant instant) {
      return new Moment(instant.toString(), TEXT.format(instant));
    }
  }

  private static final Pattern HIDDEN =
      Pattern.compile("[\\p{Cc}\u202A-\u202E\u2066-\u2069&&[^\\t\\n\\r]]");

  private static final int MAX_QUOTES = 3;
  private static final int MAX_ARTICLES = 8;
  private static final String SENTENCE = "sentence";

  static AlertView of(Alert alert) {
    Alert.Tuple event = alert.event();
    Alert.AgreementRef agreement = alert.agreement();
    Source source = agreement.source();
    List<String> reasons = alert.reasons();
    return new AlertView(
        alert.id(),
        Addresses.alert(alert.id()),
        alert.revision(),
        alert.lastSeen().toEpochMilli(),
        alert.severity().label(),
        alert.relation().label(),
        alert.certainty() == Certainty.POSSIBLE ? "possible" : "certain",
        alert.change().label(),
        alert.change() == Change.WITHDRAWN,
        alert.historical(),
        clean(alert.title()),
        words(event.type().label()),
        words(event.status().label()),
        StatusPath.of(alert),
        amount(event.amount()),
        clean(event.product()),
        event.parties().stream()
            .map(
                party ->
                    new PartyView(
                        clean(party.name()),
                        party.role().label(),
                        Addresses.organisation(party.organisation())))
            .toList(),
        reasons.isEmpty() ? null : clean(reasons.get(0)),
        reasons.isEmpty() ? List.of() : reasons.stream().skip(1).map(AlertView::clean).toList(),
        clean(agreement.id()),
        term(agreement.term(), event.exclusivity()),
        source == null ? null : clean(source.title()),
        source == null ? null : SafeLink.of(source.url()),
        agreement.checkedTo() == null ? null : agreement.checkedTo().toString(),
        quotes(alert),
        articles(alert, MAX_ARTICLES),
        earlier(alert.articles().size() - MAX_ARTICLES),
        count(alert.independentPublishers(), "independent publisher")
            + (alert.reprints() == 0 ? "" : " and " + count(alert.reprints(), "reprint")),
        Moment.of(alert.firstSeen()),
        Moment.of(alert.lastSeen()));
  }

  /**
   * Control characters, which a page has no use for, and marks that turn the direction of what
   * follows, which make words read otherwise than they are written, each replaced by U+FFFD.
   */
  public static String clean(String text) {
    return text == null ? null : HIDDEN.matcher(text).replaceAll("\uFFFD");
  }

  private static String count(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static String words(String label) {
    return label.replace('-', ' ');
  }

  private static String term(Term term, Exclusivity claimed) {
    if (term != null) {
      return words(term.kind().label()) + ", " + clean(words(term.topic()));
    }
    return claimed == null || claimed == Exclusivity.NONE
        ? null
        : "reported as " + words(claimed.label());
  }

  /** {@code USD 50 billion}; rounded to a tenth of a per mille at most. */
  static String amount(Amount amount) {
    if (amount == null) {
      return null;
    }
    BigDecimal value = amount.value();
    String unit = "";
    if (value.compareTo(BigDecimal.valueOf(1_000_000_000L)) >= 0) {
      value = value.movePointLeft(9);
      unit = " billion";
    } else if (value.compareTo(BigDecimal.valueOf(1_000_000L)) >= 0) {
      value = value.movePointLeft(6);
      unit = " million";
    }
    return clean(amount.currency())
        + " "
        + value.setScale(3, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString()
        + unit;
  }

  /** The newest first, so many of them at most. */
  static List<ArticleView> articles(Alert alert, int most) {
    List<ArticleView> articles = new ArrayList<>();
    for (int i = alert.articles().size() - 1; i >= 0 && articles.size() < most; i--) {
      articles.add(article(alert.articles().get(i)));
    }
    return List.copyOf(articles);
  }

  static ArticleView article(Alert.ArticleRef article) {
    return new ArticleView(
        clean(article.headline()),
        SafeLink.of(article.link()),
        clean(article.publisher()) + (article.reprintOf() == null ? "" : " (reprint)"),
        Moment.of(article.published()));
  }

  private static String earlier(int more) {
    return more <= 0
        ? null
        : more == 1 ? "and 1 earlier report" : "and " + more + " earlier reports";
  }

  private static List<QuoteView> quotes(Alert alert) {
    return passages(alert).stream()
        .limit(MAX_QUOTES)
        .map(quote -> new QuoteView(publisher(alert, quote.uri()), segments(alert, quote)))
        .toList();
  }

  /** The sentences quoted, the newest report's first. */
  static List<Alert.Quote> passages(Alert alert) {
    List<Alert.Quote> sentences =
        alert.evidence().stream().filter(quote -> quote.of().equals(SENTENCE)).toList();
    // Without a sentence around them the proving words are shown by themselves.
    return sentences.isEmpty() ? alert.evidence() : sentences;
  }

  private static String publisher(Alert alert, String uri) {
    return alert.articles().stream()
        .filter(article -> article.uri().equals(uri))
        .map(article -> clean(article.publisher()))
        .findFirst()
        .orElse(null);
  }

  /** The passage cut where marks begin and end. */
  static List<Segment> segments(Alert alert, Alert.Quote passage) {
    // One character for one: the offsets of the marks stay right.
    String text = clean(passage.text());
    if (!passage.of().equals(SENTENCE)) {
      return List.of(new Segment(text, true));
    }
    List<Alert.Quote> proofs =
        alert.evidence().stream()
            .filter(
                quote ->
                    !quote.of().equals(SENTENCE)
                        && quote.uri().equals(passage.uri())
                        && quote.field().equals(passage.field())
                        && quote.start() >= passage.start()
                        && quote.end() <= passage.start() + text.length()
                        && quote.start() < quote.end())
            .sorted(Comparator.comparingInt(Alert.Quote::start))
            .toList();
    List<Segment> segments = new ArrayList<>();
    int done = 0;
    int at = 0;
    while (at < proofs.size()) {
      int start = proofs.get(at).start() - passage.start();
      int end = proofs.get(at).end() - passage.start();
      // Marks that overlap become one.
      while (++at < proofs.size() && proofs.get(at).start() - passage.start() <= end) {
        end = Math.max(end, proofs.get(at).end() - passage.start());
      }
      if (start > done) {
        segments.add(new Segment(text.substring(done, start), false));
      }
      segments.add(new Segment(text.substring(start, end), true));
      done = end;
    }
    if (done < text.length()) {
      segments.add(new Segment(text.substring(done), false));
    }
    return List.copyOf(segments);
  }
}
