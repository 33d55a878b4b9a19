package dev.pactwatch.web.plot;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.agreement.Standing;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.web.AlertView;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The revisions of an agreement over time, one row each with a bar per term, and what happened on
 * them as marks. Drawn by {@code templates/plots/timeline.html}:
 *
 * <pre>{@code
 * {#include plots/timeline t=page.timeline /}
 * }</pre>
 *
 * Texts are plain, not escaped.
 *
 * @param key of the document's elements; a page with two pictures gives them different ones
 * @param description what the picture shows, in a sentence
 * @param height pixels
 * @param today place of the present day, null where it lies outside
 */
public record Timeline(
    String key,
    String title,
    String description,
    int height,
    List<TimeAxis.Tick> ticks,
    Today today,
    List<Row> rows) {

  /**
   * Something that happened.
   *
   * @param agreement id of the revision that it stands on; another id puts it on the row of the
   *     revision that began last before the day
   * @param label what a reader is told, such as a headline
   * @param link address in the console, null for none
   * @param tone {@code critical}, {@code high}, {@code medium} or {@code low}
   * @param here whether the page is about this one
   */
  public record Occurrence(
      String agreement, LocalDate day, String label, String link, String tone, boolean here) {}

  /** The present day. */
  public record Today(String x, String label, boolean left) {}

  /**
   * A revision.
   *
   * @param label short, for the picture
   * @param labelY baseline
   * @param terms in full
   * @param period in words
   * @param standing status and when it was checked, in words
   */
  public record Row(
      String id,
      String label,
      int labelY,
      List<Bar> bars,
      List<Mark> marks,
      String title,
      String revision,
      List<String> terms,
      String period,
      String standing) {}

  /**
   * A stretch of time of a term.
   *
   * @param sure false where it may have held, or nobody has looked since
   * @param blocking whether the grantor may not deal with others
   * @param open whether no end is known: an arrow is drawn at {@code end}
   */
  public record Bar(
      String x,
      String width,
      String end,
      int y,
      boolean sure,
      boolean blocking,
      boolean open,
      String title) {}

  /** An occurrence in its place; {@code when} in words. */
  public record Mark(
      String x, int y, String label, String when, String link, String tone, boolean here) {}

  private static final int AXIS = 26;
  private static final int LABEL = 15;
  private static final int BARS = 24;
  private static final int BAR = 10;
  private static final int BAR_GAP = 5;
  private static final int LANE = 18;
  private static final int ROW_GAP = 14;
  private static final int MOST_LANES = 4;
  private static final double MARK = 3;
  private static final double THIN = 0.4;
  private static final int MOST_LETTERS = 46;
  private static final int MOST_YEARS_AHEAD = 10;
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);
  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("MMM uuuu", Locale.ENGLISH);

  /**
   * @param chain revisions, oldest first, at least one
   * @param today where stretches that nobody ended, and nobody has looked at since, are drawn to
   */
  public static Timeline of(
      String key,
      String title,
      List<Agreement> chain,
      List<Occurrence> occurrences,
      LocalDate today) {
    TimeAxis axis = axis(chain, occurrences, today);
    List<Row> rows = new ArrayList<>();
    int top = AXIS;
    for (Agreement agreement : chain) {
      List<Occurrence> own =
          occurrences.stream()
              .filter(one -> rowOf(chain, one).equals(agreement.id()))
              .sorted(Comparator.comparing(Occurrence::day))
              .toList();
      Row row = row(agreement, own, axis, top, today);
      rows.add(row);
      int lanes = lanes(row);
      top +=
          BARS + Math.max(1, agreement.terms().size()) * (BAR + BAR_GAP) + lanes * LANE + ROW_GAP;
    }
    return new Timeline(
        key,
        AlertView.clean(title),
        description(chain, occurrences, axis),
        top,
        axis.ticks(),
        today(axis, today),
        List.copyOf(rows));
  }

  /** A date with its precision, such as {@code 21 Jan 2025}, {@code Jan 2025} or {@code 2025}. */
  public static String words(PartialDate date) {
    return switch (date.precision()) {
      case DAY -> DAY.format(date.first());
      case MONTH -> MONTH.format(date.first());
      case YEAR -> date.toString();
    };
  }

  /** From when to when a revision holds, in words, with what is not known. */
  public static String period(Agreement agreement) {
    String from =
        agreement.effectiveFrom() == null
            ? "start not known"
            : "from " + words(agreement.effectiveFrom());
    if (agreement.effectiveTo() != null) {
      return from + " to " + words(agreement.effectiveTo());
    }
    return from + (over(agreement) ? ", end not known" : ", no end known");
  }

  private static boolean over(Agreement agreement) {
    return "ended".equals(agreement.status()) || "superseded".equals(agreement.status());
  }

  private static TimeAxis axis(
      List<Agreement> chain, List<Occurrence> occurrences, LocalDate today) {
    List<LocalDate> days =
        Stream.of(
                chain.stream()
                    .flatMap(
                        one ->
                            Stream.of(one.effectiveFrom(), one.effectiveTo(), one.checkedTo())
                                .filter(date -> date != null)
                                .map(PartialDate::first)),
                occurrences.stream().map(Occurrence::day),
                chain.stream().anyMatch(one -> one.effectiveTo() == null && !over(one))
                    ? Stream.of(today)
                    : Stream.<LocalDate>empty())
            .flatMap(all -> all)
            .toList();
    LocalDate first = days.stream().min(Comparator.naturalOrder()).orElse(today.minusYears(1));
    LocalDate last = days.stream().max(Comparator.naturalOrder()).orElse(today);
    LocalDate most = today.plusYears(MOST_YEARS_AHEAD);
    return TimeAxis.spanning(first, last.isAfter(most) ? most : last);
  }

  private static String rowOf(List<Agreement> chain, Occurrence occurrence) {
    String row = chain.get(0).id();
    for (Agreement agreement : chain) {
      if (agreement.id().equals(occurrence.agreement())) {
        return agreement.id();
      }
      if (agreement.effectiveFrom() != null
          && !agreement.effectiveFrom().first().isAfter(occurrence.day())) {
        row = agreement.id();
      }
    }
    return row;
  }

  private static Row row(
      Agreement agreement, List<Occurrence> own, TimeAxis axis, int top, LocalDate today) {
    List<Bar> bars = new ArrayList<>();
    List<String> terms = new ArrayList<>();
    int y = top + BARS;
    for (Term term : agreement.terms()) {
      String words = AlertView.clean(inWords(agreement, term));
      terms.add(words);
      bars.addAll(bars(agreement, term, words, axis, y, today));
      y += BAR + BAR_GAP;
    }
    if (agreement.terms().isEmpty()) {
      y += BAR + BAR_GAP;
    }
    String standing =
        agreement.status().replace('-', ' ')
            + (agreement.checkedTo() == null ? "" : ", checked to " + words(agreement.checkedTo()));
    return new Row(
        agreement.id(),
        label(agreement),
        top + LABEL,
        bars,
        marks(own, axis, y + LANE / 2),
        AlertView.clean(agreement.title()),
        AlertView.clean(agreement.revision()),
        List.copyOf(terms),
        period(agreement),
        AlertView.clean(standing));
  }

  private static String label(Agreement agreement) {
    String terms =
        agreement.terms().stream()
            .map(term -> term.kind().label().replace('-', ' '))
            .distinct()
            .collect(Collectors.joining(", "));
    String topics =
        agreement.terms().stream()
            .map(term -> term.topic().replace('-', ' '))
            .distinct()
            .collect(Collectors.joining(", "));
    String all =
        AlertView.clean(
            agreement.revision() + " · " + (terms.isEmpty() ? "no terms" : terms + ": " + topics));
    return all.length() <= MOST_LETTERS ? all : all.substring(0, MOST_LETTERS - 1) + "…";
  }

  private static String inWords(Agreement agreement, Term term) {
    return term.kind().label().replace('-', ' ')
        + ", "
        + term.topic().replace('-', ' ')
        + ": "
        + agreement.nameOf(term.grantor())
        + " bound to "
        + agreement.nameOf(term.beneficiary());
  }

  private static List<Bar> bars(
      Agreement agreement, Term term, String words, TimeAxis axis, int y, LocalDate today) {
    List<Stretch> stretches = stretches(agreement, term, axis.from(), today);
    List<Bar> bars = new ArrayList<>();
    for (int i = 0; i < stretches.size(); i++) {
      Stretch one = stretches.get(i);
      boolean open =
          i == stretches.size() - 1
              && agreement.effectiveTo() == null
              && term.until() == null
              && !over(agreement);
      double start = axis.at(one.from());
      double end = axis.at(one.to());
      bars.add(
          new Bar(
              TimeAxis.percent(start),
              TimeAxis.percent(Math.max(THIN, end - start)),
              TimeAxis.percent(end),
              y,
              one.sure(),
              term.kind().blocking(),
              open,
              words));
    }
    return bars;
  }

  /**
   * Days, the last one excluded, on which a term holds, or may hold.
   *
   * @param sure whether {@link Standing} says {@link Standing#IN_FORCE} on each
   */
  record Stretch(LocalDate from, LocalDate to, boolean sure) {}

  /** What {@link Standing} says on every day from the first one on; oldest first. */
  static List<Stretch> stretches(Agreement agreement, Term term, LocalDate first, LocalDate today) {
    SortedSet<LocalDate> turns = new TreeSet<>(Set.of(first, horizon(agreement, term, today)));
    for (PartialDate date :
        Arrays.asList(
            agreement.effectiveFrom(),
            agreement.effectiveTo(),
            term.until(),
            agreement.checkedTo())) {
      if (date != null) {
        turns.addAll(List.of(date.first(), date.last(), date.last().plusDays(1)));
      }
    }
    List<LocalDate> days =
        turns.subSet(first, horizon(agreement, term, today).plusDays(1)).stream().toList();
    List<Stretch> stretches = new ArrayList<>();
    for (int i = 0; i + 1 < days.size(); i++) {
      LocalDate from = days.get(i);
      LocalDate to = days.get(i + 1);
      Standing.of(agreement, term, from)
          .ifPresent(standing -> append(stretches, from, to, standing == Standing.IN_FORCE));
    }
    return stretches;
  }

  private static void append(List<Stretch> stretches, LocalDate from, LocalDate to, boolean sure) {
    int last = stretches.size() - 1;
    if (last >= 0 && stretches.get(last).sure() == sure && stretches.get(last).to().equals(from)) {
      stretches.set(last, new Stretch(stretches.get(last).from(), to, sure));
    } else {
      stretches.add(new Stretch(from, to, sure));
    }
  }

  /** The day up to which a term is drawn: its end, or the present where none is known. */
  private static LocalDate horizon(Agreement agreement, Term term, LocalDate today) {
    return Stream.of(agreement.effectiveTo(), term.until())
        .filter(Objects::nonNull)
        .map(end -> end.last().plusDays(1))
        .min(Comparator.naturalOrder())
        .orElseGet(
            () -> {
              PartialDate from = agreement.effectiveFrom();
              // What begins later than today is drawn with its first month.
              return from == null || from.last().isBefore(today)
                  ? today
                  : from.last().plusMonths(1);
            });
  }

  /** Marks that would cover each other stand one below the other. */
  private static List<Mark> marks(List<Occurrence> own, TimeAxis axis, int top) {
    List<Mark> marks = new ArrayList<>();
    List<Double> lastOfLane = new ArrayList<>();
    for (Occurrence one : own) {
      double place = axis.at(one.day());
      int lane = 0;
      while (lane < lastOfLane.size() && place - lastOfLane.get(lane) < MARK) {
        lane++;
      }
      lane = Math.min(lane, MOST_LANES - 1);
      if (lane == lastOfLane.size()) {
        lastOfLane.add(place);
      } else {
        lastOfLane.set(lane, place);
      }
      marks.add(
          new Mark(
              TimeAxis.percent(place),
              top + lane * LANE,
              AlertView.clean(one.label()),
              DAY.format(one.day()),
              one.link(),
              one.tone(),
              one.here()));
    }
    return List.copyOf(marks);
  }

  private static int lanes(Row row) {
    return (int) row.marks().stream().mapToInt(Mark::y).distinct().count();
  }

  private static Today today(TimeAxis axis, LocalDate today) {
    if (today.isBefore(axis.from()) || today.isAfter(axis.to())) {
      return null;
    }
    double place = axis.at(today);
    return new Today(TimeAxis.percent(place), "today", place > 50);
  }

  private static String description(
      List<Agreement> chain, List<Occurrence> occurrences, TimeAxis axis) {
    return (chain.size() == 1 ? "1 revision" : chain.size() + " revisions")
        + " and "
        + (occurrences.size() == 1 ? "1 alert" : occurrences.size() + " alerts")
        + ", from "
        + MONTH.format(axis.from())
        + " to "
        + MONTH.format(axis.to())
        + "; the same follows as a table.";
  }
}
