package dev.pactwatch.notify.policy;

import dev.pactwatch.config.Yaml;
import dev.pactwatch.notify.subscription.SubscriptionReader;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A named set of times, with the meaning of Alertmanager's {@code time_intervals}: a moment is
 * covered when it lies in one of the spans, and it lies in a span when everything the span names
 * holds of the clock and calendar of the span's place.
 *
 * @param shared whether it may stand unused, for silences and subscriptions made elsewhere
 */
public record TimeInterval(String name, List<Span> spans, boolean shared) {

  /** No span that ever begins again does so later than this; leap days on a weekday take 40. */
  private static final int MAX_DAYS = 41 * 366;

  public TimeInterval {
    spans = List.copyOf(spans);
  }

  /**
   * What all must hold of a moment; an empty list holds of every one.
   *
   * @param days of the month; negative ones count from its end
   */
  public record Span(
      List<Times> times,
      List<Range> weekdays,
      List<Range> days,
      List<Range> months,
      List<Range> years,
      ZoneId location) {

    public Span {
      times = List.copyOf(times);
      weekdays = List.copyOf(weekdays);
      days = List.copyOf(days);
      months = List.copyOf(months);
      years = List.copyOf(years);
    }

    boolean covers(Instant at) {
      LocalDateTime local = at.atZone(location).toLocalDateTime();
      int minute = local.getHour() * 60 + local.getMinute();
      return on(local.toLocalDate())
          && (times.isEmpty()
              || times.stream().anyMatch(one -> minute >= one.from && minute < one.to));
    }

    /** Whether the day is one of the span's. */
    private boolean on(LocalDate day) {
      return holds(weekdays, day.getDayOfWeek().getValue())
          && holds(months, day.getMonthValue())
          && holds(years, day.getYear())
          && (days.isEmpty() || days.stream().anyMatch(range -> inMonth(range, day)));
    }

    private static boolean holds(List<Range> ranges, int value) {
      return ranges.isEmpty()
          || ranges.stream().anyMatch(range -> value >= range.first && value <= range.last);
    }

    private static boolean inMonth(Range range, LocalDate day) {
      int length = day.lengthOfMonth();
      int first = range.first < 0 ? length + range.first + 1 : range.first;
      int last = range.last < 0 ? length + range.last + 1 : range.last;
      return day.getDayOfMonth() >= first && day.getDayOfMonth() <= last;
    }
  }

  /**
   * Part of a day.
   *
   * @param from first minute of the day that belongs to it
   * @param to first that does not, up to 1440
   */
  public record Times(int from, int to) {}

  /** Numbers from the first to the last, both included. */
  public record Range(int first, int last) {}

  /** Whether the moment lies in the interval. */
  public boolean covers(Instant at) {
    return spans.stream().anyMatch(span -> span.covers(at));
  }

  /** The first moment after this one at which {@link #covers} is another; empty for never. */
  public Optional<Instant> nextChange(Instant after) {
    boolean now = covers(after);
    LocalDate first = after.atOffset(ZoneOffset.UTC).toLocalDate().minusDays(1);
    for (int day = 0; day < MAX_DAYS && !isOver(first.plusDays(day)); day++) {
      Optional<Instant> change = first(boundaries(first.plusDays(day)), after, now);
      if (change.isPresent()) {
        // A later day of the calendar can have begun earlier, somewhere else.
        Set<Instant> near = new TreeSet<>();
        for (int more = 0; more <= 2; more++) {
          near.addAll(boundaries(first.plusDays(day + more)));
        }
        return first(near, after, now);
      }
    }
    return Optional.empty();
  }

  /** Whether every span names years, and the last of them was over the day before. */
  private boolean isOver(LocalDate day) {
    int year = day.minusDays(1).getYear();
    return spans.stream()
        .allMatch(
            span ->
                !span.years().isEmpty()
                    && span.years().stream().allMatch(range -> range.last < year));
  }

  private Optional<Instant> first(Set<Instant> candidates, Instant after, boolean now) {
    return candidates.stream()
        .filter(candidate -> candidate.isAfter(after) && covers(candidate) != now)
        .findFirst();
  }

  /** Every moment of a day at which a span can begin or end, in order. */
  private Set<Instant> boundaries(LocalDate day) {
    Set<Instant> found = new TreeSet<>();
    for (Span span : spans) {
      // Between two days that are none of the span's nothing changes.
      boolean here = span.on(day);
      if (here || span.on(day.minusDays(1))) {
        moments(found, day.atStartOfDay(), span.location());
      }
      if (here) {
        for (Times times : span.times()) {
          moments(found, minute(day, times.from), span.location());
          moments(found, minute(day, times.to), span.location());
        }
        // A clock that is put forward or back can leave or enter a span at that moment.
        ZoneOffsetTransition shift =
            span.location()
                .getRules()
                .nextTransition(day.atStartOfDay(ZoneOffset.UTC).minusDays(1).toInstant());
        if (shift != null
            && shift
                .getInstant()
                .isBefore(day.plusDays(2).atStartOfDay().toInstant(ZoneOffset.UTC))) {
          found.add(shift.getInstant());
        }
      }
    }
    return found;
  }

  private static LocalDateTime minute(LocalDate day, int minute) {
    return day.atStartOfDay().plusMinutes(minute);
  }

  /** When the clock shows this: twice where it is put back, at the jump where it leaves it out. */
  private static void moments(Set<Instant> into, LocalDateTime local, ZoneId zone) {
    for (ZoneOffset offset : zone.getRules().getValidOffsets(local)) {
      into.add(local.toInstant(offset));
    }
    ZoneOffsetTransition shift = zone.getRules().getTransition(local);
    if (shift != null) {
      into.add(shift.getInstant());
    }
  }

  /** Reads an entry of {@code time-intervals}. */
  public static TimeInterval read(Yaml item) {
    item.map(Set.of("name", "intervals", "shared"));
    Yaml name = item.need("name");
    SubscriptionReader.checkId(name);
    Yaml intervals = item.need("intervals");
    List<Span> spans = intervals.list().stream().map(Reader::span).toList();
    if (spans.isEmpty()) {
      throw intervals.problem("holds no interval");
    }
    return new TimeInterval(name.text(), spans, item.get("shared").map(Yaml::bool).orElse(false));
  }

  /** The notation of Alertmanager's file. */
  private static final class Reader {

    private static final Pattern CLOCK = Pattern.compile("([01]\\d|2[0-3]):([0-5]\\d)|24:00");
    private static final Pattern NUMBERS = Pattern.compile("(-?\\d{1,4})(?::(-?\\d{1,4}))?");

    static Span span(Yaml item) {
      item.map(Set.of("times", "weekdays", "days-of-month", "months", "years", "location"));
      if (item.map().isEmpty()) {
        throw item.problem("names nothing, and would cover all of the time");
      }
      List<Times> times = new ArrayList<>();
      for (Yaml one : list(item, "times")) {
        one.map(Set.of("from", "to"));
        Times read = new Times(minute(one.need("from")), minute(one.need("to")));
        if (read.from >= read.to) {
          throw one.problem(
              "'to' must lie after 'from'; write a night as two parts, before and after midnight");
        }
        times.add(read);
      }
      return new Span(
          times,
          list(item, "weekdays").stream().map(Reader::weekdays).toList(),
          list(item, "days-of-month").stream().map(Reader::days).toList(),
          list(item, "months").stream().map(Reader::months).toList(),
          list(item, "years").stream().map(Reader::years).toList(),
          item.get("location").map(SubscriptionReader::zone).orElse(ZoneOffset.UTC));
    }

    private static List<Yaml> list(Yaml item, String field) {
      return item.get(field)
          .map(value -> value.isText() ? List.of(value) : value.list())
          .orElse(List.of());
    }

    private static int minute(Yaml field) {
      if (!CLOCK.matcher(field.text()).matches()) {
        throw field.problem("must be a time of day such as \"07:30\", not '" + field.text() + "'");
      }
      return field.text().equals("24:00")
          ? 24 * 60
          : LocalTime.parse(field.text()).toSecondOfDay() / 60;
    }

    private static Range weekdays(Yaml field) {
      String[] ends = ends(field);
      return ordered(
          field,
          new Range(
              constant(field, ends[0], DayOfWeek.class).getValue(),
              constant(field, ends[1], DayOfWeek.class).getValue()));
    }

    private static Range months(Yaml field) {
      if (NUMBERS.matcher(field.text()).matches()) {
        return within(field, ordered(field, numbers(field)), 1, 12);
      }
      String[] ends = ends(field);
      return ordered(
          field,
          new Range(
              constant(field, ends[0], Month.class).getValue(),
              constant(field, ends[1], Month.class).getValue()));
    }

    private static Range years(Yaml field) {
      return within(field, ordered(field, numbers(field)), 1970, 2200);
    }

    private static Range days(Yaml field) {
      Range range = within(field, numbers(field), -31, 31);
      if (range.first == 0 || range.last == 0) {
        throw field.problem("counts days from 1, or from -1 at the end of the month");
      }
      if (range.first < 0 && range.last > 0) {
        throw field.problem("must end with a negative day when it begins with one");
      }
      return (range.first < 0) == (range.last < 0) ? ordered(field, range) : range;
    }

    private static Range numbers(Yaml field) {
      Matcher parts = NUMBERS.matcher(field.text());
      if (!parts.matches()) {
        throw field.problem(
            "must be a number or a range such as \"1:5\", not '" + field.text() + "'");
      }
      int first = Integer.parseInt(parts.group(1));
      return new Range(first, parts.group(2) == null ? first : Integer.parseInt(parts.group(2)));
    }

    private static Range within(Yaml field, Range range, int least, int most) {
      if (range.first < least || range.first > most || range.last < least || range.last > most) {
        throw field.problem("must lie between " + least + " and " + most);
      }
      return range;
    }

    private static Range ordered(Yaml field, Range range) {
      if (range.first > range.last) {
        throw field.problem("must begin before it ends, not '" + field.text() + "'");
      }
      return range;
    }

    private static String[] ends(Yaml field) {
      String[] ends = field.text().split(":", -1);
      if (ends.length > 2) {
        throw field.problem("must be a name or a range such as \"monday:friday\"");
      }
      return new String[] {ends[0], ends[ends.length - 1]};
    }

    private static <E extends Enum<E>> E constant(Yaml field, String name, Class<E> type) {
      try {
        return Enum.valueOf(type, name.strip().toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw field.problem("'" + name + "' is unknown, or not written out");
      }
    }
  }
}
