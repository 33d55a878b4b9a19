package dev.pactwatch.cli;

import dev.pactwatch.article.Article;
import dev.pactwatch.ingest.FeedFinder;
import dev.pactwatch.ingest.FeedHealth;
import dev.pactwatch.ingest.FeedHints;
import dev.pactwatch.ingest.FeedPoll;
import dev.pactwatch.ingest.FeedState;
import dev.pactwatch.ingest.FeedStatus;
import dev.pactwatch.ingest.IngestSettings;
import dev.pactwatch.ingest.PollDecision;
import dev.pactwatch.ingest.PollReport;
import dev.pactwatch.ingest.Spans;
import dev.pactwatch.json.Kebab;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Feeds in words. Nothing from a feed reaches the terminal as anything but text. */
final class FeedText {

  private static final int TITLE = 28;

  /** Sources that are there without being given. */
  private static final Set<String> SILENT = Set.of("adaptive", "skip");

  private FeedText() {}

  /** A line for each feed, under a line of headings. */
  static List<String> table(List<FeedStatus> feeds, Instant now) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "ID",
            "FEED",
            "STATUS",
            "LAST OK",
            "HTTP",
            "OVERLAP",
            "LAG P50/P95",
            "NEW",
            "REJECTED",
            "ERRORS",
            "NEXT"));
    for (FeedStatus feed : feeds) {
      rows.add(
          List.of(
              feed.id(),
              cut(feed.title()),
              String.join(",", feed.status()),
              ago(feed.lastSuccess(), now),
              feed.lastStatus() == 0 ? "-" : String.valueOf(feed.lastStatus()),
              feed.overlap() == null ? "-" : feed.overlap() + " %",
              feed.lagP50() == null ? "-" : span(feed.lagP50()) + " / " + span(feed.lagP95()),
              String.valueOf(feed.published() - feed.edited()),
              String.valueOf(rejected(feed)),
              String.valueOf(feed.failures()),
              next(feed, now)));
    }
    return aligned(rows);
  }

  private static List<String> aligned(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    rows.forEach(
        row -> {
          for (int i = 0; i < columns; i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
          }
        });
    return rows.stream()
        .map(
            row -> {
              StringBuilder line = new StringBuilder();
              for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
              }
              return Printable.of(line.toString().stripTrailing());
            })
        .toList();
  }

  /** Everything about one feed. */
  static List<String> details(FeedStatus feed, Instant now) {
    List<String> lines = new ArrayList<>();
    lines.add(feed.title() + (feed.listed() ? "" : "   (not on the list any more)"));
    line(lines, "id", feed.id());
    line(lines, "address", feed.feed());
    line(lines, "asked at", feed.asks());
    line(lines, "category", feed.category());
    line(lines, "full text", feed.fullText() ? "read from the article's page" : null);
    line(lines, "status", String.join(", ", feed.status()));
    feed.troubles()
        .forEach((what, since) -> line(lines, "", what + " since " + moment(since, now)));
    line(lines, "last poll", moment(feed.lastPoll(), now));
    line(lines, "last success", moment(feed.lastSuccess(), now));
    line(lines, "last status", feed.lastStatus() == 0 ? null : String.valueOf(feed.lastStatus()));
    line(lines, "problem", feed.lastProblem());
    line(lines, "errors", feed.failures() == 0 ? null : feed.failures() + " in a row");
    line(
        lines,
        "suggestion",
        feed.suggestion() == null ? null : "it may have moved to " + feed.suggestion());
    line(lines, "last new", moment(feed.lastNew(), now));
    line(
        lines,
        "overlap",
        feed.overlap() == null ? null : feed.overlap() + " % of the last document was known");
    line(
        lines,
        "lag",
        feed.lagP50() == null
            ? null
            : span(feed.lagP50()) + " (p50), " + span(feed.lagP95()) + " (p95) from publication");
    line(lines, "told by", feed.identity());
    line(lines, "polls", String.valueOf(feed.polls()));
    line(
        lines,
        "items",
        feed.items()
            + " = "
            + feed.published()
            + " published ("
            + feed.edited()
            + " edits) + "
            + feed.known()
            + " known + "
            + rejected(feed)
            + " rejected"
            + (feed.renumbered() == 0
                ? ""
                : "; " + feed.renumbered() + " under other identifiers"));
    feed.rejected().forEach((reason, n) -> line(lines, "", n + " rejected: " + reason));
    if (!feed.pages().isEmpty()) {
      line(lines, "pages", counts(feed.pages()));
    }
    if (feed.next() != null) {
      line(lines, "next poll", moment(feed.next(), now) + ", because of " + feed.because());
      decision(feed.inputs(), feed.because())
          .forEach(input -> lines.add("                " + input));
    }
    if (!feed.notices().isEmpty()) {
      lines.add("notices");
      for (FeedHealth.Notice notice : feed.notices()) {
        lines.add("  " + notice.at().truncatedTo(ChronoUnit.SECONDS) + "  " + notice.text());
      }
    }
    return lines.stream().map(Printable::of).toList();
  }

  /** What one poll came to, and when the next would be. */
  static List<String> check(FeedPoll.Result result, IngestSettings settings, Instant now) {
    PollReport report = result.report();
    FeedState state = result.state();
    List<String> lines = new ArrayList<>();
    lines.add(report.feed());
    line(lines, "outcome", Kebab.of(report.outcome()));
    line(lines, "status", report.status() == 0 ? null : String.valueOf(report.status()));
    line(lines, "problem", report.problem());
    line(lines, "detail", report.detail());
    FeedState.Move move = state.move();
    line(lines, "moves", move == null ? null : "for good, it says, to " + move.to());
    FeedState.Validators given = state.validators();
    if (report.outcome() == PollReport.Outcome.READ) {
      line(
          lines,
          "validators",
          given == null
              ? "none: every poll will have to fetch all of it"
              : Stream.of(
                      given.etag() == null ? null : "ETag " + given.etag(),
                      given.lastModified() == null ? null : "Last-Modified " + given.lastModified())
                  .filter(Objects::nonNull)
                  .collect(Collectors.joining(", ")));
      long historical = result.articles().stream().filter(Article::historical).count();
      line(
          lines,
          "items",
          report.items()
              + ": "
              + report.published()
              + " articles"
              + (historical == 0 ? "" : " (" + historical + " historical, which page nobody)")
              + ", "
              + report.rejectedTotal()
              + " rejected");
      report.rejected().forEach((reason, n) -> line(lines, "", n + " rejected: " + reason));
      line(lines, "told by", state.health().identity());
      line(
          lines,
          "newest",
          moment(
              result.articles().stream()
                  .filter(article -> article.publishedClaimed() != null)
                  .map(Article::published)
                  .max(Instant::compareTo)
                  .orElse(null),
              now));
      Duration usual = state.health().usualGap();
      line(lines, "usually", usual == null ? null : "something new every " + Spans.words(usual));
    }
    report.notices().forEach(notice -> line(lines, "notice", notice));
    PollDecision next = report.next();
    if (next == null) {
      lines.add("Would not be asked again.");
    } else {
      lines.add(
          "Would be asked again in "
              + Spans.words(Duration.ofSeconds(next.seconds()))
              + ", at "
              + next.at().truncatedTo(ChronoUnit.SECONDS)
              + ", because of "
              + next.because()
              + ":");
      decision(next.inputs(), next.because()).forEach(input -> lines.add("  " + input));
      FeedHints hints = state.hints() == null ? FeedHints.NONE : state.hints();
      if (!hints.skipHours().isEmpty() || !hints.skipDays().isEmpty()) {
        lines.add(
            "  skips hours "
                + hints.skipHours()
                + " and days "
                + hints.skipDays()
                + " (UTC), says the feed");
      }
      lines.add(
          "  never more often than every "
              + Spans.words(settings.floor())
              + ", nor less often than every "
              + Spans.words(settings.cap()));
    }
    return lines.stream().map(Printable::of).toList();
  }

  /** Every source that can have a say, whether it had one, and which decided. */
  static List<String> decision(List<PollDecision.Input> inputs, String because) {
    List<String> sources =
        new ArrayList<>(
            List.of("adaptive", "ttl", "sy", "max-age", "expires", "retry-after", "skip"));
    inputs.stream()
        .map(PollDecision.Input::source)
        .filter(source -> !sources.contains(source))
        .forEach(sources::add);
    List<List<String>> rows = new ArrayList<>();
    for (String source : sources) {
      List<PollDecision.Input> said =
          inputs.stream().filter(input -> input.source().equals(source)).toList();
      String mark = source.equals(because) ? "*" : " ";
      if (said.isEmpty()) {
        rows.add(List.of(mark, source, "-", SILENT.contains(source) ? "no say" : "not given"));
      }
      said.forEach(
          input ->
              rows.add(
                  List.of(
                      mark,
                      source,
                      input.seconds() + " s",
                      input.note() + (mark.equals("*") ? "   <- decides" : ""))));
    }
    return aligned(rows);
  }

  /** What was found, with a few headlines to know it by. */
  static List<String> candidate(FeedFinder.Candidate feed, Instant now) {
    List<String> lines = new ArrayList<>();
    lines.add(feed.url());
    lines.add(
        "  "
            + (feed.title() == null ? "without a title" : feed.title())
            + ", "
            + feed.format()
            + ", "
            + feed.items()
            + (feed.items() == 1 ? " item" : " items")
            + (feed.newest() == null
                ? ", undated"
                : ", the newest of " + moment(feed.newest(), now))
            + " ("
            + feed.how()
            + ")");
    feed.headlines().forEach(headline -> lines.add("  - " + headline));
    return lines.stream().map(Printable::of).toList();
  }

  private static void line(List<String> lines, String name, String value) {
    if (value != null) {
      lines.add(String.format(Locale.ROOT, "  %-14s%s", name, value));
    }
  }

  private static String counts(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(one -> one.getValue() + " " + one.getKey())
        .collect(Collectors.joining(", "));
  }

  private static long rejected(FeedStatus feed) {
    return feed.rejected().values().stream().mapToLong(Long::longValue).sum();
  }

  private static String next(FeedStatus feed, Instant now) {
    if (!feed.listed()) {
      return "never: not listed";
    }
    if (feed.next() == null) {
      return feed.polls() == 0 ? "soon" : "never";
    }
    return (feed.next().isAfter(now)
            ? "in " + Spans.words(Duration.between(now, feed.next()))
            : "now")
        + " ("
        + feed.because()
        + ")";
  }

  private static String ago(Instant then, Instant now) {
    return then == null ? "never" : Spans.words(Duration.between(then, now)) + " ago";
  }

  /** The time, and how far it is from now; null for null. */
  static String moment(Instant time, Instant now) {
    if (time == null) {
      return null;
    }
    return time.truncatedTo(ChronoUnit.SECONDS)
        + (time.isAfter(now)
            ? ", in " + Spans.words(Duration.between(now, time))
            : ", " + Spans.words(Duration.between(time, now)) + " ago");
  }

  private static String span(long seconds) {
    return Spans.words(Duration.ofSeconds(seconds));
  }

  private static String cut(String title) {
    return title.length() <= TITLE ? title : title.substring(0, TITLE - 1) + "\u2026";
  }
}
