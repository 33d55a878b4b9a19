package dev.pactwatch.hostile.fuzz;

import java.util.List;

/** Dates of the parts that dates have, in the order of most and in any other. */
final class DateText {

  private static final List<String> PARTS =
      List.of(
          "Mon, ",
          "Sunday ",
          "03 ",
          "31 ",
          "99 ",
          "Mar ",
          "february ",
          "märz ",
          "2025",
          "1999 ",
          "25 ",
          "0001",
          "2025-03-03",
          "20250303",
          "2025-W10-1",
          "2025-062",
          "3/31/2025",
          "31.12.2025",
          "T",
          "t",
          " ",
          "10:00",
          "23:59:60",
          "24:00:00",
          "10.30",
          "100000",
          ".123456789",
          ",5",
          "Z",
          " GMT",
          " EST",
          " PDT",
          "+0200",
          "-05:30",
          "+18",
          "+99:99",
          " Europe/Berlin",
          " am",
          " p.m.",
          "2025年3月3日",
          "オ",
          "-",
          "/",
          ":",
          "st",
          "th ",
          "(comment)",
          "0",
          "00",
          "12345678901234567890");

  private DateText() {}

  static String of(Choices choices) {
    if (choices.yes(10)) {
      return choices.rest();
    }
    if (choices.yes(50)) {
      // As they should be, with numbers that may not be.
      String date =
          "%04d-%02d-%02dT%02d:%02d:%02d"
              .formatted(
                  1950 + choices.below(300),
                  choices.below(14),
                  choices.below(33),
                  choices.below(26),
                  choices.below(62),
                  choices.below(62));
      return date + choices.of(PARTS);
    }
    StringBuilder date = new StringBuilder();
    for (int i = choices.below(8); i >= 0; i--) {
      date.append(choices.yes(95) ? choices.of(PARTS) : choices.text(4));
    }
    return date.toString();
  }
}
