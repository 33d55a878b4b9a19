package dev.pactwatch.notify.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.alert.Severity;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.notify.subscription.QuietHours;
import dev.pactwatch.notify.subscription.Timing;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calendars and clocks, also on the days on which clocks are changed. */
class TimesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // 2026-03-18 is a Wednesday.
        "times: [{from: '09:00', to: '17:00'}]|2026-03-18T09:00:00Z|true",
        "times: [{from: '09:00', to: '17:00'}]|2026-03-18T08:59:59Z|false",
        "times: [{from: '09:00', to: '17:00'}]|2026-03-18T16:59:59Z|true",
        "times: [{from: '09:00', to: '17:00'}]|2026-03-18T17:00:00Z|false",
        "times: [{from: '22:00', to: '24:00'}]|2026-03-18T23:59:59Z|true",
        "weekdays: [monday:friday]|2026-03-18T12:00:00Z|true",
        "weekdays: [monday:friday]|2026-03-21T12:00:00Z|false",
        "weekdays: [saturday, sunday]|2026-03-22T12:00:00Z|true",
        "days-of-month: ['1:5']|2026-03-05T00:00:00Z|true",
        "days-of-month: ['1:5']|2026-03-06T00:00:00Z|false",
        "days-of-month: ['-3:-1']|2026-02-26T00:00:00Z|true",
        "days-of-month: ['-3:-1']|2026-02-25T23:59:59Z|false",
        "days-of-month: ['-1']|2028-02-29T00:00:00Z|true",
        "days-of-month: ['-1']|2028-02-28T00:00:00Z|false",
        "days-of-month: ['29:31']|2026-02-28T00:00:00Z|false",
        "days-of-month: ['20:-1']|2026-02-28T00:00:00Z|true",
        "days-of-month: ['-31:-1']|2026-02-01T00:00:00Z|true",
        "months: [january:march]|2026-03-31T23:00:00Z|true",
        "months: ['4:6', december]|2026-03-31T23:00:00Z|false",
        "months: ['4:6', december]|2026-12-01T00:00:00Z|true",
        "years: ['2025:2026']|2026-12-31T23:59:59Z|true",
        "years: ['2025:2026']|2027-01-01T00:00:00Z|false",
        "{weekdays: [wednesday], location: Asia/Tokyo}|2026-03-17T15:00:00Z|true",
        "{weekdays: [wednesday], location: Asia/Tokyo}|2026-03-18T15:00:00Z|false",
        "{weekdays: [friday], days-of-month: ['13']}|2026-03-13T00:00:00Z|true",
        // 2:30 does not exist in Berlin on 2026-03-29, and exists twice on 2026-10-25.
        "{times: [{from: '02:15', to: '02:45'}], location: Europe/Berlin}|2026-03-29T01:00:00Z|false",
        "{times: [{from: '02:15', to: '02:45'}], location: Europe/Berlin}|2026-10-25T00:30:00Z|true",
        "{times: [{from: '02:15', to: '02:45'}], location: Europe/Berlin}|2026-10-25T01:30:00Z|true",
      })
  void an_interval_covers_what_its_clock_and_calendar_say(String span, Instant at, boolean covers) {
    assertThat(interval(span).covers(at)).isEqualTo(covers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "times: [{from: '09:00', to: '17:00'}]",
        "{times: [{from: '02:15', to: '02:45'}], location: Europe/Berlin}",
        "{times: [{from: '01:30', to: '02:30'}, {from: '22:00', to: '24:00'}], location: Europe/Berlin}",
        "{times: [{from: '23:30', to: '24:00'}], weekdays: [saturday], location: America/New_York}",
        "{weekdays: [sunday], location: Pacific/Kiritimati}",
        "{times: [{from: '02:00', to: '02:20'}], location: Australia/Lord_Howe}",
        "{days-of-month: ['-1'], location: America/Sao_Paulo}",
        "{times: [{from: '00:00', to: '00:30'}], location: Africa/Cairo}",
      })
  void the_next_change_is_the_first_there_is(String span) {
    String far =
        "["
            + braced(span)
            + ", {weekdays: [wednesday], location: Pacific/Pago_Pago},"
            + " {times: [{from: '05:00', to: '05:10'}], location: Pacific/Kiritimati}]";
    for (TimeInterval interval : List.of(interval(span), intervals(far))) {
      for (String start :
          List.of("2026-03-06T00:00:00Z", "2026-04-03T11:00:00Z", "2026-10-24T00:00:00Z")) {
        // Minute by minute over the week in which clocks change somewhere.
        Instant from = Instant.parse(start);
        List<Instant> expected = new ArrayList<>();
        for (Instant at = from;
            at.isBefore(from.plus(Duration.ofDays(9)));
            at = at.plusSeconds(300)) {
          if (interval.covers(at) != interval.covers(at.minusSeconds(300)) && at.isAfter(from)) {
            expected.add(at);
          }
        }
        List<Instant> found = new ArrayList<>();
        Instant at = from;
        while (found.size() < expected.size()) {
          at = interval.nextChange(at).orElseThrow();
          found.add(at);
        }
        assertThat(found).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "years: ['2020:2025']|",
        "days-of-month: ['1:31']|",
        "years: ['2020:2026']|2027-01-01T00:00:00Z",
        "{days-of-month: ['29'], months: [february], weekdays: [tuesday]}|2028-02-29T00:00:00Z",
        "{days-of-month: ['29'], months: [february], weekdays: [monday]}|2044-02-29T00:00:00Z",
      })
  void a_change_that_is_far_off_or_never_comes_is_told_apart(String span, Instant next) {
    assertThat(interval(span).nextChange(Instant.parse("2026-03-18T00:00:00Z")).orElse(null))
        .isEqualTo(next);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "times: [{from: '17:00', to: '09:00'}]|times[0]: 'to' must lie after 'from'",
        "times: [{from: '25:00', to: '26:00'}]|times[0].from: must be a time of day",
        "weekdays: [mon]|weekdays[0]: 'mon' is unknown, or not written out",
        "weekdays: ['friday:monday']|weekdays[0]: must begin before it ends",
        "days-of-month: ['0']|days-of-month[0]: counts days from 1",
        "days-of-month: ['-5:5']|days-of-month[0]: must end with a negative day",
        "days-of-month: ['32']|days-of-month[0]: must lie between -31 and 31",
        "months: ['13']|months[0]: must lie between 1 and 12",
        "years: ['19']|years[0]: must lie between 1970 and 2200",
        "location: Mars|location: must be a time zone",
        "{}|names nothing, and would cover all of the time",
        "hours: 3|hours: unknown field",
      })
  void a_mistake_in_an_interval_is_named(String span, String complaint) {
    assertThatThrownBy(() -> interval(span))
        .hasMessageContaining("intervals[0]")
        .hasMessageContaining(complaint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "22:00|06:00||2026-03-18T22:00:00Z|2026-03-19T06:00:00Z",
        "22:00|06:00||2026-03-18T21:59:59Z|none",
        "22:00|06:00||2026-03-19T05:59:59Z|2026-03-19T06:00:00Z",
        "22:00|06:00||2026-03-19T06:00:00Z|none",
        "12:00|13:00||2026-03-19T12:30:00Z|2026-03-19T13:00:00Z",
        // 2026-03-20 is a Friday: its night ends on Saturday.
        "22:00|06:00|friday|2026-03-21T05:00:00Z|2026-03-21T06:00:00Z",
        "22:00|06:00|friday|2026-03-20T05:00:00Z|none",
        // Whole days that follow each other are one quiet.
        "00:00|00:00|saturday sunday|2026-03-21T05:00:00Z|2026-03-23T00:00:00Z",
        "00:00|00:00|saturday sunday|2026-03-23T00:00:00Z|none",
      })
  void quiet_lasts_until_its_end(
      LocalTime from, LocalTime to, String days, Instant at, Instant end) {
    assertThat(QuietTimes.endOfQuiet(quiet(from, to, days, "UTC"), at).orElse(null)).isEqualTo(end);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        // The clock jumps from 2:00 to 3:00 at 1:00 UTC.
        "22:00|02:30|2026-03-29T00:59:00Z|2026-03-29T01:00:00Z",
        "02:30|06:00|2026-03-29T01:00:00Z|2026-03-29T04:00:00Z",
        "22:00|06:00|2026-03-28T23:00:00Z|2026-03-29T04:00:00Z",
        // It goes back from 3:00 to 2:00 at 1:00 UTC.
        "22:00|06:00|2026-10-25T00:00:00Z|2026-10-25T05:00:00Z",
        "22:00|02:30|2026-10-25T00:29:00Z|2026-10-25T00:30:00Z",
        "22:00|02:30|2026-10-25T01:29:00Z|none",
      })
  void quiet_follows_the_clock_of_its_place(LocalTime from, LocalTime to, Instant at, Instant end) {
    assertThat(QuietTimes.endOfQuiet(quiet(from, to, null, "Europe/Berlin"), at).orElse(null))
        .isEqualTo(end);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DAY|07:30|UTC|2026-03-18T07:29:59Z|2026-03-18T07:30:00Z",
        "DAY|07:30|UTC|2026-03-18T07:30:00Z|2026-03-19T07:30:00Z",
        "DAY|07:30|Asia/Tokyo|2026-03-18T23:00:00Z|2026-03-19T22:30:00Z",
        "DAY|02:30|Europe/Berlin|2026-03-28T12:00:00Z|2026-03-29T01:00:00Z",
        "DAY|02:30|Europe/Berlin|2026-03-29T01:00:00Z|2026-03-30T00:30:00Z",
        "DAY|02:30|Europe/Berlin|2026-10-24T12:00:00Z|2026-10-25T00:30:00Z",
        "DAY|02:30|Europe/Berlin|2026-10-25T00:30:00Z|2026-10-26T01:30:00Z",
        "DAY|23:59|Pacific/Kiritimati|2026-03-18T12:00:00Z|2026-03-19T09:59:00Z",
        // Samoa left out 2011-12-30.
        "DAY|12:00|Pacific/Apia|2011-12-29T23:00:00Z|2011-12-30T10:00:00Z",
        "WEEK|08:00|UTC|2026-03-18T00:00:00Z|2026-03-23T08:00:00Z",
        "WEEK|08:00|UTC|2026-03-23T08:00:00Z|2026-03-30T08:00:00Z",
        "WEEK|08:00|UTC|2026-03-23T07:59:00Z|2026-03-23T08:00:00Z",
        "WEEK|00:30|Asia/Tokyo|2026-03-22T15:29:00Z|2026-03-22T15:30:00Z",
        "HOUR|00:15|UTC|2026-03-18T09:15:00Z|2026-03-18T10:15:00Z",
        "HOUR|00:15|UTC|2026-03-18T09:14:59Z|2026-03-18T09:15:00Z",
        "HOUR|00:15|Asia/Kathmandu|2026-03-18T09:00:00Z|2026-03-18T09:30:00Z",
        "HOUR|00:30|Europe/Berlin|2026-03-29T00:30:00Z|2026-03-29T01:30:00Z",
        "HOUR|00:30|Europe/Berlin|2026-10-25T00:30:00Z|2026-10-25T01:30:00Z",
        "HOUR|00:30|Europe/Berlin|2026-10-25T01:30:00Z|2026-10-25T02:30:00Z",
      })
  void the_next_digest_is_at_its_time_on_the_subscribers_clock(
      Timing.Every every, LocalTime at, ZoneId zone, Instant after, Instant next) {
    assertThat(DigestTimes.next(new Timing.Digest(every, at, DayOfWeek.MONDAY, zone), after))
        .isEqualTo(next);
  }

  @ParameterizedTest
  @CsvSource({
    "DAY,02:30,365",
    "DAY,03:00,365",
    "WEEK,02:30,52",
    "HOUR,02:30,8760",
  })
  void a_year_has_as_many_digests_as_days_weeks_or_hours(
      Timing.Every every, LocalTime time, int expected) {
    Timing.Digest digest =
        new Timing.Digest(every, time, DayOfWeek.SUNDAY, ZoneId.of("Europe/Berlin"));
    Instant at = Instant.parse("2026-01-01T00:00:00Z");
    int count = 0;
    while ((at = DigestTimes.next(digest, at)).isBefore(Instant.parse("2027-01-01T00:00:00Z"))) {
      count++;
    }

    assertThat(count).isEqualTo(expected);
  }

  private static QuietHours quiet(LocalTime from, LocalTime to, String days, String zone) {
    return new QuietHours(
        from,
        to,
        days == null
            ? Set.of()
            : Arrays.stream(days.split(" "))
                .map(day -> DayOfWeek.valueOf(day.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toSet()),
        ZoneId.of(zone),
        Severity.CRITICAL);
  }

  static TimeInterval interval(String span) {
    return intervals("[" + braced(span) + "]");
  }

  private static String braced(String span) {
    return span.startsWith("{") ? span : "{" + span + "}";
  }

  static TimeInterval intervals(String spans) {
    return TimeInterval.read(Yaml.parse("some.yaml", "name: some\nintervals: " + spans));
  }

  @Test
  void an_interval_is_asked_for_its_name() {
    assertThatThrownBy(() -> TimeInterval.read(Yaml.parse("some.yaml", "name: A b\nintervals: []")))
        .hasMessageContaining("some.yaml:1: name: must be up to 63 of");
  }
}
