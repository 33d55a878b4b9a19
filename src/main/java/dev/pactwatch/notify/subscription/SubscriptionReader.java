package dev.pactwatch.notify.subscription;

import dev.pactwatch.alert.Severity;
import dev.pactwatch.config.Yaml;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads one subscription, from an entry of {@code subscriptions.yaml} or from a document of its
 * own. Every complaint is a {@link dev.pactwatch.config.ConfigException} that names file, line and
 * field. What subscriptions say about each other is checked by whoever has them all.
 */
public final class SubscriptionReader {

  /** Part of keys and addresses, and short enough for a log line. */
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

  private static final Set<String> COMMON = common();
  private static final Set<String> GROUPED =
      Set.of("group-by", "group-wait", "group-interval", "repeat-interval");
  private static final Set<String> DIGEST = Set.of("digest", "at", "on", "time-zone");

  private static final int MAX_OWNER = 200;
  private static final int MAX_RETRIES = 50;
  private static final int MAX_NAMES = 100;

  /** Alertmanager's. */
  private static final Duration GROUP_INTERVAL = Duration.ofMinutes(5);

  private static final LocalTime DIGEST_AT = LocalTime.of(8, 0);

  private enum DigestName {
    HOURLY,
    DAILY,
    WEEKLY
  }

  private final TargetReader targets;
  private final FilterReader filters;

  public SubscriptionReader(SecretSource secrets, KnownIds known) {
    this.targets = new TargetReader(secrets);
    this.filters = new FilterReader(known);
  }

  public Subscription read(Yaml item) {
    return read(item, null);
  }

  /**
   * Reads a document that takes the place of a stored subscription. A secret shown as {@link
   * Secret#HIDDEN} stays as it is stored, unless it would go to another server than before.
   *
   * @param stored null where there is none
   */
  public Subscription read(Yaml item, Subscription stored) {
    Yaml id = item.need("id");
    checkId(id);
    Target target = targets.read(item, COMMON, stored == null ? null : stored.target());
    return new Subscription(
        id.text(),
        item.get("owner").map(SubscriptionReader::owner).orElse(null),
        target,
        filters.read(item),
        timing(item, target),
        item.get("quiet-hours").map(SubscriptionReader::quiet).orElse(null),
        names(item, "mute-times"),
        names(item, "active-times"),
        item.get("start")
            .map(value -> value.oneOf(Subscription.Start.class))
            .orElse(Subscription.Start.BEGINNING),
        item.get("rate").map(SubscriptionReader::rate).orElse(null),
        item.get("retries").map(SubscriptionReader::retries).orElse(List.of()),
        item.get("latest-only").map(Yaml::bool).orElse(false),
        item.get("notices").map(value -> notices(value, id.text())).orElse(null));
  }

  /** Whether the text can be an id, of subscriptions and of whatever else is named in the file. */
  public static void checkId(Yaml id) {
    if (!ID.matcher(id.text()).matches()) {
      throw id.problem(
          "must be up to 63 of a-z, 0-9, - and _, and start with a letter or digit, not '"
              + id.text()
              + "'");
    }
  }

  /** A time zone by its name. */
  public static ZoneId zone(Yaml field) {
    try {
      return ZoneId.of(field.text());
    } catch (DateTimeException e) {
      throw field.problem(
          "must be a time zone such as Europe/Berlin or UTC, not '" + field.text() + "'");
    }
  }

  private static String owner(Yaml field) {
    String text = field.text();
    if (text.isBlank() || text.length() > MAX_OWNER) {
      throw field.problem("must be a text of up to " + MAX_OWNER + " characters");
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw field.problem("must not hold control characters");
    }
    return text;
  }

  private static Timing timing(Yaml item, Target target) {
    Optional<Yaml> field = item.get("timing");
    if (field.isEmpty()) {
      return new Timing.AtOnce();
    }
    Yaml timing = field.get();
    if (timing.isText()) {
      if (!timing.text().equals("at-once")) {
        throw timing.problem(
            "must be at-once, or a mapping with 'group-by' or 'digest', not '"
                + timing.text()
                + "'");
      }
      return new Timing.AtOnce();
    }
    if (timing.map().containsKey("digest")) {
      timing.map(DIGEST);
      return digest(timing);
    }
    if (timing.map().isEmpty()) {
      throw timing.problem("lacks 'group-by' or 'digest'");
    }
    timing.map(GROUPED);
    return grouped(timing, target);
  }

  private static Timing grouped(Yaml timing, Target target) {
    Set<Timing.Label> by =
        constants(timing.get("group-by"), value -> value.oneOf(Timing.Label.class));
    Duration wait = timing.get("group-wait").map(Durations::read).orElse(groupWait(target));
    Duration interval =
        timing.get("group-interval").map(Durations::readPositive).orElse(GROUP_INTERVAL);
    Duration repeat = timing.get("repeat-interval").map(Durations::read).orElse(Duration.ZERO);
    if (!repeat.isZero() && repeat.compareTo(interval) < 0) {
      throw timing
          .need("repeat-interval")
          .problem(
              "must be 0s for never, or at least the group-interval of "
                  + Durations.format(interval));
    }
    return new Timing.Grouped(List.copyOf(by), wait, interval, repeat.isZero() ? null : repeat);
  }

  /** As long as a reader of this channel would rather wait than be told twice. */
  private static Duration groupWait(Target target) {
    if (target instanceof Target.Email) {
      return Duration.ofSeconds(30);
    }
    return target instanceof Target.Chat || target instanceof Target.Ntfy
        ? Duration.ofSeconds(5)
        : Duration.ZERO;
  }

  private static Timing digest(Yaml timing) {
    DigestName name = timing.need("digest").oneOf(DigestName.class);
    if (name != DigestName.WEEKLY && timing.get("on").isPresent()) {
      throw timing.need("on").problem("is the day of a weekly digest");
    }
    return new Timing.Digest(
        switch (name) {
          case HOURLY -> Timing.Every.HOUR;
          case DAILY -> Timing.Every.DAY;
          case WEEKLY -> Timing.Every.WEEK;
        },
        timing
            .get("at")
            .map(SubscriptionReader::time)
            .orElse(name == DigestName.HOURLY ? LocalTime.MIDNIGHT : DIGEST_AT),
        timing.get("on").map(value -> value.oneOf(DayOfWeek.class)).orElse(DayOfWeek.MONDAY),
        timing.get("time-zone").map(SubscriptionReader::zone).orElse(ZoneOffset.UTC));
  }

  private static QuietHours quiet(Yaml field) {
    field.map(Set.of("from", "to", "days", "time-zone", "except"));
    LocalTime from = time(field.need("from"));
    // 24:00 of a day is 0:00 of the next, which is how a night is written.
    LocalTime to =
        field.need("to").text().equals("24:00") ? LocalTime.MIDNIGHT : time(field.need("to"));
    Set<DayOfWeek> days = constants(field.get("days"), value -> value.oneOf(DayOfWeek.class));
    if (from.equals(to) && (days.isEmpty() || days.size() == DayOfWeek.values().length)) {
      throw field.problem("is all of the time: 'from' and 'to' are the same on every day");
    }
    return new QuietHours(
        from,
        to,
        days,
        field.get("time-zone").map(SubscriptionReader::zone).orElse(ZoneOffset.UTC),
        field.get("except").map(value -> value.oneOf(Severity.class)).orElse(null));
  }

  /** Hours and minutes of a day. */
  private static LocalTime time(Yaml field) {
    try {
      if (field.text().length() == 5) {
        return LocalTime.parse(field.text());
      }
    } catch (DateTimeParseException e) {
      throw timeProblem(field);
    }
    throw timeProblem(field);
  }

  private static RuntimeException timeProblem(Yaml field) {
    return field.problem("must be a time of day such as \"07:30\", not '" + field.text() + "'");
  }

  private static Subscription.Rate rate(Yaml field) {
    field.map(Set.of("per-minute", "at-once"));
    if (field.get("per-minute").isEmpty() && field.get("at-once").isEmpty()) {
      throw field.problem("lacks 'per-minute' or 'at-once'");
    }
    return new Subscription.Rate(
        field.get("per-minute").map(value -> between(value, 60_000)).orElse(0),
        field.get("at-once").map(value -> between(value, 1_000)).orElse(0));
  }

  private static int between(Yaml field, int most) {
    int number = field.integer();
    if (number < 1 || number > most) {
      throw field.problem("must lie between 1 and " + most + ", not " + number);
    }
    return number;
  }

  private static List<Duration> retries(Yaml field) {
    List<Yaml> items = field.isText() ? List.of(field) : field.list();
    if (items.isEmpty() || items.size() > MAX_RETRIES) {
      throw field.problem("must hold 1 to " + MAX_RETRIES + " pauses, not " + items.size());
    }
    return items.stream().map(Durations::readPositive).toList();
  }

  private static List<String> names(Yaml item, String name) {
    Optional<Yaml> field = item.get(name);
    List<String> read = new ArrayList<>();
    for (String one : field.map(Yaml::texts).orElse(List.of())) {
      if (read.contains(one)) {
        throw field.get().problem("'" + one + "' stands twice");
      }
      read.add(one);
    }
    if (read.size() > MAX_NAMES) {
      throw field.get().problem("must hold up to " + MAX_NAMES + " names");
    }
    return read;
  }

  private static String notices(Yaml field, String id) {
    if (field.text().equals(id)) {
      throw field.problem("must name another subscription: this one is the one that fails");
    }
    return field.text();
  }

  private static <T> Set<T> constants(Optional<Yaml> field, Function<Yaml, T> read) {
    Set<T> found = new LinkedHashSet<>();
    if (field.isPresent()) {
      for (Yaml one : field.get().isText() ? List.of(field.get()) : field.get().list()) {
        found.add(read.apply(one));
      }
    }
    return found;
  }

  private static Set<String> common() {
    Set<String> all = new HashSet<>(FilterReader.FIELDS);
    all.addAll(
        Set.of(
            "id",
            "owner",
            "channel",
            "start",
            "timing",
            "quiet-hours",
            "mute-times",
            "active-times",
            "rate",
            "retries",
            "latest-only",
            "notices"));
    return Set.copyOf(all);
  }
}
