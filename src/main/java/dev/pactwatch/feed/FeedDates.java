package dev.pactwatch.feed;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Dates as feeds write them: RFC 822 and what passes for it, ISO 8601 with its short, ordinal and
 * week forms, asctime, month names of a dozen languages, CJK units, Unix seconds.
 *
 * <p>Reads the text once, token by token, so hostile input costs what its length costs. A date that
 * cannot exist (31 April) or that can be read in two ways (03/04/2024) is no date: a wrong event
 * time does more harm than none. A time without a zone is taken as UTC.
 */
final class FeedDates {

  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  /** Zone names and their minutes east of Greenwich. */
  private static final Map<String, Integer> ZONES = new HashMap<>();

  /** Zone names that mean summer or winter time by the date. */
  private static final Map<String, ZoneId> REGIONS =
      Map.of(
          "et", NEW_YORK,
          "ct", ZoneId.of("America/Chicago"),
          "mt", ZoneId.of("America/Denver"),
          "pt", ZoneId.of("America/Los_Angeles"));

  private static final Map<String, Integer> MONTHS = new HashMap<>();

  static {
    zones("ut utc gmt z wet", 0);
    zones("bst west cet met mez", 60);
    zones("cest mest mesz eet sast", 120);
    zones("eest msk", 180);
    zones("gst", 240);
    zones("pkt", 300);
    zones("ist", 330);
    zones("ict wib", 420);
    zones("sgt hkt awst", 480);
    zones("jst kst", 540);
    zones("acst", 570);
    zones("aest", 600);
    zones("aedt", 660);
    zones("nzst", 720);
    zones("nzdt", 780);
    zones("brt art", -180);
    zones("nst", -210);
    zones("ast", -240);
    zones("adt", -180);
    zones("est", -300);
    zones("edt", -240);
    zones("cst", -360);
    zones("cdt", -300);
    zones("mst", -420);
    zones("mdt", -360);
    zones("pst", -480);
    zones("pdt", -420);
    zones("akst", -540);
    zones("akdt", -480);
    zones("hst", -600);

    months(
        "jan january janv janvier januar jänner jaenner januari enero ene gennaio gen janeiro ιαν ιανουάριος"
            + " январь января янв január januára styczeń stycznia sty leden ledna ocak",
        1);
    months(
        "feb february févr fevr février fevrier februar februari febrero febbraio fevereiro fev fév φεβ"
            + " февраль февраля фев február luty lutego lut únor února şubat",
        2);
    months(
        "mar march mars märz maerz mär mrz maart marzo março marco μάρ μαρ март марта мар március márc"
            + " marzec marca březen března mart",
        3);
    months(
        "apr april avr avril abril abr aprile απρ апрель апреля апр április ápr kwiecień kwietnia kwi"
            + " duben dubna nisan",
        4);
    months(
        "may mai mei mayo maggio mag maio μάϊ μαϊ μάι μαι май мая május máj maj maja květen května"
            + " mayıs",
        5);
    months(
        "jun june juin juni junio giugno giu junho ιούν ιουν ιον июнь июня июн június jún czerwiec"
            + " czerwca cze červen června haziran",
        6);
    months(
        "jul july juil juillet juli julio luglio lug julho ιούλ ιουλ ιολ июль июля июл július júl lipiec"
            + " lipca lip červenec července temmuz",
        7);
    months(
        "aug august août aout augustus agosto ago αύγ αυγ август августа авг augusztus sierpień"
            + " sierpnia sie srpen srpna ağustos augusti",
        8);
    months(
        "sep sept september septembre septiembre settembre set setembro σεπ сентябрь сентября сен"
            + " сент szeptember szept wrzesień września wrz září eylül",
        9);
    months(
        "oct october okt oktober octobre octubre ottobre ott outubro out οκτ октябрь октября окт"
            + " október październik października paź říjen října ekim",
        10);
    months(
        "nov november novembre noviembre novembro νοέ νοε ноябрь ноября ноя нояб listopad listopada"
            + " lis kasım",
        11);
    months(
        "dec december déc décembre decembre dez dezember diciembre dic dicembre dezembro δεκ декабрь"
            + " декабря дек grudzień grudnia gru prosinec prosince aralık",
        12);
  }

  private static void zones(String names, int minutes) {
    for (String name : names.split(" ")) {
      ZONES.put(name, minutes);
    }
  }

  private static void months(String names, int month) {
    for (String name : names.split(" ")) {
      MONTHS.put(name, month);
    }
  }

  private FeedDates() {}

  /** The instant meant, or null where none can be made out. */
  static Instant parse(String raw) {
    if (raw == null) {
      return null;
    }
    // The bound is on what is looked at: white space around a date must not hide it, nor cost much.
    int from = 0;
    int to = raw.length();
    while (from < to && raw.charAt(from) <= ' ') {
      from++;
    }
    while (to > from && raw.charAt(to - 1) <= ' ') {
      to--;
    }
    if (to == from || to - from > Limits.DATE_CHARS) {
      return null;
    }
    String text = raw.substring(from, to).toLowerCase(Locale.ROOT);
    try {
      Instant instant = new Reading(text).read();
      return instant == null || implausible(instant)
          ? null
          : instant.truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  /** Year 1 is how some systems write "never". */
  private static boolean implausible(Instant instant) {
    return instant.isBefore(Instant.EPOCH.minusSeconds(3_155_760_000L))
        || instant.isAfter(Instant.ofEpochSecond(7_258_118_400L));
  }

  private static final class Reading {

    private final String text;
    private int at;

    private LocalDate date;
    private Integer year;
    private Integer month;
    private Integer day;
    private LocalTime time;
    private boolean nextDay;
    private Boolean afternoon;
    private Integer offsetMinutes;
    private ZoneId region;
    private final List<String> numbers = new ArrayList<>(3);

    Reading(String text) {
      this.text = text;
    }

    Instant read() {
      if (digitsOnly(text)) {
        return ofDigits();
      }
      while (at < text.length()) {
        char c = text.charAt(at);
        if (isDigit(c)) {
          if (!number()) {
            return null;
          }
        } else if (c == '(') {
          int close = text.indexOf(')', at);
          at = close < 0 ? text.length() : close + 1;
        } else if ((c == '+' || c == '-' || c == '\u2212') && offsetMayFollow() && nextIsDigit()) {
          if (!offset(c == '+' ? 1 : -1)) {
            return null;
          }
        } else if (Character.isLetter(c)) {
          if (!word()) {
            return null;
          }
        } else {
          at++;
        }
      }
      return assemble();
    }

    private Instant ofDigits() {
      return switch (text.length()) {
        case 10 -> Instant.ofEpochSecond(Long.parseLong(text));
        case 13 -> Instant.ofEpochMilli(Long.parseLong(text));
        case 4 -> day(LocalDate.of(Integer.parseInt(text), 1, 1));
        case 6 ->
            integer(0, 4) >= 1900 && integer(0, 4) <= 2100
                ? day(LocalDate.of(integer(0, 4), integer(4, 6), 1))
                : day(LocalDate.of(century(integer(0, 2)), integer(2, 4), integer(4, 6)));
        case 7 -> day(LocalDate.ofYearDay(integer(0, 4), integer(4, 7)));
        case 8 -> day(LocalDate.of(integer(0, 4), integer(4, 6), integer(6, 8)));
        case 14 ->
            LocalDateTime.of(
                    integer(0, 4),
                    integer(4, 6),
                    integer(6, 8),
                    integer(8, 10),
                    integer(10, 12),
                    integer(12, 14))
                .toInstant(ZoneOffset.UTC);
        default -> null;
      };
    }

    private int integer(int from, int to) {
      return Integer.parseInt(text.substring(from, to));
    }

    private static Instant day(LocalDate day) {
      return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** Something that begins with a digit: a time, a date in digits, or a plain number. */
    private boolean number() {
      int start = at;
      int end = digitsEnd(start);
      char next = end < text.length() ? text.charAt(end) : ' ';
      if (next == ':' || isTimeWithDots(start, end)) {
        return clock();
      }
      if (hasDate()) {
        if (time == null && (end - start == 4 || end - start == 6) && lastWasT(start)) {
          return compactClock(start, end);
        }
        if (time == null && end - start <= 2 && meridiemFollows(end)) {
          at = end;
          return clockOf(integer(start, end), 0, 0, 0);
        }
      }
      if ((next == '-' || next == '/' || next == '.') && date == null && endsInDigitDate(end)) {
        return digitDate(start, end, next);
      }
      if (end - start == 8 && !hasDate()) {
        date =
            LocalDate.of(
                integer(start, start + 4), integer(start + 4, start + 6), integer(start + 6, end));
        at = end;
        return true;
      }
      if (isUnit(next)) {
        return eastAsian(start, end, next);
      }
      if (end - start > 4) {
        return false;
      }
      at = end;
      if (end < text.length() && Character.isLetter(text.charAt(end))) {
        skipOrdinal();
      }
      numbers.add(text.substring(start, end));
      return numbers.size() <= 3;
    }

    private boolean hasDate() {
      return date != null || (month != null && !numbers.isEmpty()) || day != null;
    }

    private boolean offsetMayFollow() {
      return time != null || date != null || (month != null && numbers.size() == 2);
    }

    private boolean lastWasT(int start) {
      return start > 0 && text.charAt(start - 1) == 't';
    }

    private boolean isTimeWithDots(int start, int end) {
      // "14.30" and "14.30.55" after a date, as in Finnish and Italian feeds.
      return hasDate()
          && time == null
          && end - start <= 2
          && end + 2 < text.length()
          && text.charAt(end) == '.'
          && isDigit(text.charAt(end + 1))
          && isDigit(text.charAt(end + 2))
          && (end + 3 == text.length() || !isDigit(text.charAt(end + 3)));
    }

    private boolean meridiemFollows(int end) {
      int i = skipSpace(end);
      return i + 1 < text.length()
          && (text.charAt(i) == 'a' || text.charAt(i) == 'p')
          && (text.charAt(i + 1) == 'm' || text.startsWith(".m", i + 1));
    }

    /** Whether a digit, or a letter of a month's name, follows the separator at {@code end}. */
    private boolean endsInDigitDate(int end) {
      return end + 1 < text.length()
          && (isDigit(text.charAt(end + 1)) || Character.isLetter(text.charAt(end + 1)));
    }

    /** {@code hh:mm[:ss[.fraction]]}; hour 24 and second 60 are what ISO 8601 allows them to be. */
    private boolean clock() {
      if (time != null) {
        return false;
      }
      char separator = text.charAt(digitsEnd(at));
      int[] parts = new int[3];
      int count = 0;
      while (count < 3) {
        int end = digitsEnd(at);
        if (end == at || end - at > 2) {
          return false;
        }
        parts[count++] = integer(at, end);
        at = end;
        if (at < text.length()
            && text.charAt(at) == separator
            && at + 1 < text.length()
            && isDigit(text.charAt(at + 1))
            && count < 3) {
          at++;
        } else {
          break;
        }
      }
      if (count < 2) {
        return false;
      }
      return clockOf(parts[0], parts[1], parts[2], count == 3 ? fraction() : 0);
    }

    private int fraction() {
      if (at + 1 >= text.length()
          || ".,:".indexOf(text.charAt(at)) < 0
          || !isDigit(text.charAt(at + 1))) {
        return 0;
      }
      int end = digitsEnd(at + 1);
      int nanos = 0;
      for (int i = at + 1, unit = 100_000_000; i < end && unit > 0; i++, unit /= 10) {
        nanos += (text.charAt(i) - '0') * unit;
      }
      at = end;
      return nanos;
    }

    private boolean compactClock(int start, int end) {
      at = end;
      return clockOf(
          integer(start, start + 2),
          integer(start + 2, start + 4),
          end - start == 6 ? integer(start + 4, end) : 0,
          end - start == 6 ? fraction() : 0);
    }

    private boolean clockOf(int hour, int minute, int second, int nanos) {
      if (hour == 24 && minute == 0 && second == 0) {
        nextDay = true;
        time = LocalTime.MIDNIGHT;
        return true;
      }
      time = LocalTime.of(hour, minute, second == 60 ? 59 : second, nanos);
      return true;
    }

    /**
     * {@code 2024-05-01}, {@code 2024-122}, {@code 2024-w18-3}, {@code 1/31/2024}, {@code
     * 1-may-24}.
     */
    private boolean digitDate(int start, int end, char separator) {
      String first = text.substring(start, end);
      at = end + 1;
      if (Character.isLetter(text.charAt(at))) {
        if (text.charAt(at) == 'w' && first.length() == 4 && nextIsDigit()) {
          return weekDate(Integer.parseInt(first));
        }
        int letters = lettersEnd(at);
        Integer named = month(text.substring(at, letters));
        if (named == null) {
          // "31.december" is a day and a word; the word has its turn next.
          numbers.add(first);
          return first.length() <= 4;
        }
        month = named;
        at = letters;
        numbers.add(first);
        if (at + 1 < text.length() && text.charAt(at) == separator && nextIsDigit()) {
          int last = digitsEnd(at + 1);
          numbers.add(text.substring(at + 1, last));
          at = last;
        }
        return true;
      }
      int secondEnd = digitsEnd(at);
      String second = text.substring(at, secondEnd);
      at = secondEnd;
      if (first.length() == 4 && second.length() == 3) {
        date = LocalDate.ofYearDay(Integer.parseInt(first), Integer.parseInt(second));
        return true;
      }
      String third = null;
      if (at + 1 < text.length() && text.charAt(at) == separator && nextIsDigit()) {
        int thirdEnd = digitsEnd(at + 1);
        third = text.substring(at + 1, thirdEnd);
        at = thirdEnd;
      }
      return digitDate(first, second, third, separator);
    }

    private boolean digitDate(String first, String second, String third, char separator) {
      if (first.length() > 4 || second.length() > 2 || (third != null && third.length() > 4)) {
        return false;
      }
      int a = Integer.parseInt(first);
      int b = Integer.parseInt(second);
      if (first.length() == 4) {
        date = LocalDate.of(a, b, third == null ? 1 : Integer.parseInt(third));
        return third == null || third.length() <= 2;
      }
      if (third == null) {
        return false;
      }
      int c = Integer.parseInt(third);
      if (third.length() == 4 || separator != '-') {
        int fullYear = third.length() == 4 ? c : century(c);
        if (separator == '.') {
          date = LocalDate.of(fullYear, b, a);
        } else if (a > 12 || a == b) {
          date = LocalDate.of(fullYear, b, a);
        } else if (b > 12 || text.endsWith("am") || text.endsWith("pm")) {
          date = LocalDate.of(fullYear, a, b);
        } else {
          return false;
        }
        return true;
      }
      // ISO 8601 with the century left out, as old feeds write it.
      date = LocalDate.of(century(a), b, c);
      return true;
    }

    private boolean weekDate(int weekYear) {
      int end = digitsEnd(at + 1);
      String digits = text.substring(at + 1, end);
      at = end;
      int dayOfWeek = 1;
      if (digits.length() == 3) {
        dayOfWeek = digits.charAt(2) - '0';
      } else if (at + 1 < text.length() && text.charAt(at) == '-' && nextIsDigit()) {
        dayOfWeek = text.charAt(at + 1) - '0';
        at += 2;
      }
      if (digits.length() < 2 || digits.length() > 3) {
        return false;
      }
      date =
          LocalDate.of(weekYear, 1, 4)
              .with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, Integer.parseInt(digits.substring(0, 2)))
              .with(ChronoField.DAY_OF_WEEK, dayOfWeek);
      return true;
    }

    private static boolean isUnit(char c) {
      return "년年월月일日시時点분分초秒".indexOf(c) >= 0;
    }

    private boolean eastAsian(int start, int end, char unit) {
      if (end - start > 4) {
        return false;
      }
      int value = integer(start, end);
      at = end + 1;
      switch (unit) {
        case '년', '年' -> year = value;
        case '월', '月' -> month = value;
        case '일', '日' -> day = value;
        case '시', '時', '点' -> time = LocalTime.of(value % 24, 0);
        case '분', '分' -> time = time == null ? null : time.withMinute(value);
        default -> time = time == null ? null : time.withSecond(value);
      }
      return true;
    }

    private boolean word() {
      int start = at;
      int end = lettersEnd(start);
      String word = text.substring(start, end);
      at = end;
      // The last name counts: "mar" is also a Tuesday in French, Spanish and Italian.
      Integer named = date == null ? month(word) : null;
      if (named != null) {
        month = named;
        return true;
      }
      switch (word) {
        case "am", "오전", "午前", "上午" -> afternoon = false;
        case "pm", "오후", "午後", "下午" -> afternoon = true;
        case "a", "p" -> {
          if (text.startsWith(".m", at)) {
            afternoon = word.equals("p");
            at += 2;
          }
        }
        default -> zone(word, start);
      }
      return true;
    }

    private void zone(String word, int start) {
      Integer minutes = ZONES.get(word);
      if (minutes != null && (time != null || hasDate())) {
        offsetMinutes = minutes;
        return;
      }
      ZoneId named = REGIONS.get(word);
      if (named != null && time != null) {
        region = named;
        return;
      }
      if (time != null && at < text.length() && text.charAt(at) == '/') {
        int end = at + 1;
        while (end < text.length()
            && (Character.isLetter(text.charAt(end)) || "_/".indexOf(text.charAt(end)) >= 0)) {
          end++;
        }
        String id = text.substring(start, end);
        for (String known : ZoneId.getAvailableZoneIds()) {
          if (known.equalsIgnoreCase(id)) {
            region = ZoneId.of(known);
          }
        }
        at = end;
      }
    }

    /** {@code +0200}, {@code -05:30}, {@code +2}; after a zone's name, relative to it. */
    private boolean offset(int sign) {
      at++;
      int end = digitsEnd(at);
      String digits = text.substring(at, end);
      at = end;
      int hours;
      int minutes = 0;
      switch (digits.length()) {
        case 1, 2 -> {
          hours = Integer.parseInt(digits);
          if (at + 2 < text.length() && text.charAt(at) == ':' && isDigit(text.charAt(at + 1))) {
            int last = digitsEnd(at + 1);
            if (last - at != 3) {
              return false;
            }
            minutes = integer(at + 1, last);
            at = last;
          }
        }
        case 3 -> {
          hours = Integer.parseInt(digits.substring(0, 1));
          minutes = Integer.parseInt(digits.substring(1));
        }
        case 4 -> {
          int value = Integer.parseInt(digits);
          hours = value / 100;
          minutes = value % 100;
        }
        default -> {
          return false;
        }
      }
      if (hours > 18 || minutes > 59) {
        return false;
      }
      offsetMinutes = sign * (hours * 60 + minutes);
      region = null;
      return true;
    }

    private Instant assemble() {
      if (date == null && !dateFromParts()) {
        return null;
      }
      if (afternoon != null && time != null && time.getHour() <= 12) {
        time = time.withHour(time.getHour() % 12 + (afternoon ? 12 : 0));
      }
      LocalDateTime local =
          LocalDateTime.of(
              nextDay ? date.plusDays(1) : date, time == null ? LocalTime.MIDNIGHT : time);
      if (region != null) {
        return local.atZone(region).toInstant();
      }
      return local.toInstant(
          offsetMinutes == null ? ZoneOffset.UTC : ZoneOffset.ofTotalSeconds(offsetMinutes * 60));
    }

    /** Digits of a year. */
    private static final int LONGEST_YEAR = 4;

    /** Day, year, and a named month, in whatever order they stood. */
    private boolean dateFromParts() {
      for (String number : numbers) {
        if (number.length() > LONGEST_YEAR) {
          return false;
        }
        int value = Integer.parseInt(number);
        if (number.length() >= 3 && year == null) {
          year = value;
        } else if (day == null && value <= 31 && number.length() <= 2) {
          day = value;
        } else if (year == null && number.length() == 2) {
          year = century(value);
        } else if (month == null && number.length() <= 2) {
          month = value;
        } else {
          return false;
        }
      }
      if (year == null || month == null || (day == null && numbers.size() > 1)) {
        return false;
      }
      date = LocalDate.of(year, month, day == null ? 1 : day);
      return true;
    }

    private static int century(int twoDigits) {
      return twoDigits < 70 ? 2000 + twoDigits : 1900 + twoDigits;
    }

    private static Integer month(String word) {
      Integer exact = MONTHS.get(word);
      if (exact != null) {
        return exact;
      }
      // Names cut short or run on, as far as English goes: "sept", "janu", "octob".
      return word.length() > 3 && word.length() <= 9 && ENGLISH.contains(" " + word)
          ? MONTHS.get(word.substring(0, 3))
          : null;
    }

    private static final String ENGLISH =
        " january february march april may june july august september october november december";

    /** After a day: st, nd, rd, th, er, and the like; anything longer is a word of its own. */
    private void skipOrdinal() {
      int end = lettersEnd(at);
      String suffix = text.substring(at, end);
      if (suffix.equals("st")
          || suffix.equals("nd")
          || suffix.equals("rd")
          || suffix.equals("th")
          || suffix.equals("er")) {
        at = end;
      }
    }

    private boolean nextIsDigit() {
      return at + 1 < text.length() && isDigit(text.charAt(at + 1));
    }

    private int digitsEnd(int from) {
      int i = from;
      while (i < text.length() && isDigit(text.charAt(i))) {
        i++;
      }
      return i;
    }

    private int lettersEnd(int from) {
      int i = from;
      while (i < text.length() && Character.isLetter(text.charAt(i))) {
        i++;
      }
      return i;
    }

    private int skipSpace(int from) {
      int i = from;
      while (i < text.length() && text.charAt(i) == ' ') {
        i++;
      }
      return i;
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }

    private static boolean digitsOnly(String text) {
      for (int i = 0; i < text.length(); i++) {
        if (!isDigit(text.charAt(i))) {
          return false;
        }
      }
      return true;
    }
  }
}
