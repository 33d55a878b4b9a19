package dev.pactwatch.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedDatesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Wed, 08 May 2024 14:05:09 GMT          | 2024-05-08T14:05:09Z
          Wed, 8 May 2024 14:05:09 +0200         | 2024-05-08T12:05:09Z
          8 May 2024 14:05 -0730                 | 2024-05-08T21:35:00Z
          Wed, 08 May 24 14:05:09 EDT            | 2024-05-08T18:05:09Z
          Wed, 08 May 2024 14:05:09 PST          | 2024-05-08T22:05:09Z
          Wed, 08 May 2024 14:05:09 GMT+0100     | 2024-05-08T13:05:09Z
          Wed, 08 May 2024 14:05:09 UTC+2        | 2024-05-08T12:05:09Z
          Wed, 08 May 2024 14:05:09 +0000 (UTC)  | 2024-05-08T14:05:09Z
          Wed, 08 May 2024 14:05:09              | 2024-05-08T14:05:09Z
          Wed, 08 May 2024                       | 2024-05-08T00:00:00Z
          Mon, 08 May 2024 14:05:09 GMT          | 2024-05-08T14:05:09Z
          Wed 08 May 2024 14:05:09 Z             | 2024-05-08T14:05:09Z
          Wed,08-May-2024 14:05:09 GMT           | 2024-05-08T14:05:09Z
          08-May-24                              | 2024-05-08T00:00:00Z
          Wed, 08 May 2024 14:05:09 ET           | 2024-05-08T18:05:09Z
          Mon, 08 Jan 2024 14:05:09 ET           | 2024-01-08T19:05:09Z
          Wed, 08 May 2024 24:00:00 GMT          | 2024-05-09T00:00:00Z
          Wed, 08 May 2024 23:59:60 GMT          | 2024-05-08T23:59:59Z
          2024-05-08T14:05:09Z                   | 2024-05-08T14:05:09Z
          2024-05-08T14:05:09.492186Z            | 2024-05-08T14:05:09.492186Z
          2024-05-08T14:05:09,5+02:00            | 2024-05-08T12:05:09.500Z
          2024-05-08T14:05+0530                  | 2024-05-08T08:35:00Z
          2024-05-08T14:05:09-05                 | 2024-05-08T19:05:09Z
          2024-05-08 14:05:09                    | 2024-05-08T14:05:09Z
          2024-05-08 14:05:09 +0200              | 2024-05-08T12:05:09Z
          2024-05-08 14:05:09 UTC                | 2024-05-08T14:05:09Z
          2024-05-08                             | 2024-05-08T00:00:00Z
          2024-05                                | 2024-05-01T00:00:00Z
          2024                                   | 2024-01-01T00:00:00Z
          20240508                               | 2024-05-08T00:00:00Z
          20240508T140509Z                       | 2024-05-08T14:05:09Z
          20240508140509                         | 2024-05-08T14:05:09Z
          2024-129                               | 2024-05-08T00:00:00Z
          2024129                                | 2024-05-08T00:00:00Z
          2024-W19-3                             | 2024-05-08T00:00:00Z
          24-05-08                               | 2024-05-08T00:00:00Z
          1715177109                             | 2024-05-08T14:05:09Z
          1715177109000                          | 2024-05-08T14:05:09Z
          Wed May  8 14:05:09 2024               | 2024-05-08T14:05:09Z
          Wed May 8 14:05:09 EDT 2024            | 2024-05-08T18:05:09Z
          May 8, 2024                            | 2024-05-08T00:00:00Z
          May 8th, 2024 at 2:05 PM EDT           | 2024-05-08T18:05:00Z
          May 8, 2024 2:05 p.m.                  | 2024-05-08T14:05:00Z
          8th of May 2024                        | 2024-05-08T00:00:00Z
          12:30 AM, 8 May 2024                   | 2024-05-08T00:30:00Z
          Wed, 2024/05/08 14:05:09 EDT           | 2024-05-08T18:05:09Z
          5/18/2024 2:05:09 PM                   | 2024-05-18T14:05:09Z
          5/8/2024 2:05:09 PM                    | 2024-05-08T14:05:09Z
          18/05/2024 14:05                       | 2024-05-18T14:05:00Z
          08.05.2024 14:05                       | 2024-05-08T14:05:00Z
          8. Mai 2024 14:05 Uhr                  | 2024-05-08T14:05:00Z
          mar., 07 mai 2024 14:05:09 +0200       | 2024-05-07T12:05:09Z
          mar, 05 nov 2024 10:00:00 GMT          | 2024-11-05T10:00:00Z
          08 августа 2024 14:05                  | 2024-08-08T14:05:00Z
          Κυρ, 11 Ιούλ 2004 12:00:00 EST         | 2004-07-11T17:00:00Z
          2004-július-13T9:15-05:00              | 2004-07-13T14:15:00Z
          2024년 05월 08일 오후 02:05:09          | 2024-05-08T14:05:09Z
          2024年5月8日 14時05分                   | 2024-05-08T14:05:00Z
          Wed, 08 May 2024 14:05:09 Europe/Paris | 2024-05-08T12:05:09Z
          """)
  void a_date_is_understood_however_it_is_written(String written, Instant expected) {
    assertThat(FeedDates.parse(written)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "yesterday",
        "31 Apr 2024 10:00:00 GMT",
        "Wed, 32 Jan 2024 10:00:00 GMT",
        "2024-13-01",
        "2024-02-30T10:00:00Z",
        "2024-05-08T25:00:00Z",
        "03/04/2024",
        "0001-01-01T00:00:00Z",
        "12:30",
        "May",
        "99999999",
        "8 May 2024 10:00:00 +9900",
        "null",
        "2024-05-08T14:05:09Z and then a great many words that no date has",
      })
  void what_is_no_date_or_could_be_two_is_none(String written) {
    assertThat(FeedDates.parse(written)).isNull();
  }

  @Test
  void white_space_around_a_date_is_not_part_of_it() {
    assertThat(FeedDates.parse("\n\t " + " ".repeat(5_000) + "2024-05-08\n"))
        .isEqualTo("2024-05-08T00:00:00Z");
  }

  @Test
  void a_million_digits_cost_nothing() {
    String digits = "1".repeat(1_000_000);
    assertTimeoutPreemptively(
        Duration.ofSeconds(2),
        () -> {
          assertThat(FeedDates.parse(digits)).isNull();
          assertThat(FeedDates.parse("Wed, " + digits)).isNull();
        });
  }
}
