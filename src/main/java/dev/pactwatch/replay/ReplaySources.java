package dev.pactwatch.replay;

import dev.pactwatch.config.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where old news comes from.
 *
 * @param paths files, folders, archives
 * @param addresses of feeds
 * @param topics ranges of a log of articles
 */
public record ReplaySources(List<Path> paths, List<String> addresses, List<TopicRange> topics) {

  private static final String TOPIC = "topic:";

  private static final Pattern RANGE = Pattern.compile("(\\d{1,6}):(\\d{0,18})-(\\d{0,18})");

  /**
   * Articles that were published already.
   *
   * @param topic without the prefix of the installation, such as {@code articles.v1}
   * @param offsets partition to the offsets wanted of it; empty for all of all partitions
   */
  public record TopicRange(String topic, Map<Integer, Offsets> offsets) {}

  /**
   * @param from first one
   * @param to first one that is not wanted
   */
  public record Offsets(long from, long to) {}

  /**
   * @param sources {@code topic:articles.v1}, with {@code ?offsets=0:100-200,1:-50} for some of it;
   *     addresses that begin with http:// or https://; everything else is a path
   * @throws ConfigException when a range cannot be read
   */
  public static ReplaySources of(List<String> sources) {
    List<Path> paths = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    List<TopicRange> topics = new ArrayList<>();
    for (String source : sources) {
      if (source.startsWith(TOPIC)) {
        topics.add(topic(source));
      } else if (source.startsWith("http://") || source.startsWith("https://")) {
        addresses.add(source);
      } else {
        paths.add(Path.of(source));
      }
    }
    return new ReplaySources(List.copyOf(paths), List.copyOf(addresses), List.copyOf(topics));
  }

  private static TopicRange topic(String source) {
    String[] nameAndRest = source.substring(TOPIC.length()).split("\\?", 2);
    if (nameAndRest[0].isBlank()) {
      throw new ConfigException(source + ": names no topic; try topic:articles.v1");
    }
    Map<Integer, Offsets> offsets = new TreeMap<>();
    if (nameAndRest.length == 2) {
      if (!nameAndRest[1].startsWith("offsets=")) {
        throw wrong(source);
      }
      for (String part : nameAndRest[1].substring("offsets=".length()).split(",")) {
        Matcher range = RANGE.matcher(part);
        if (!range.matches()) {
          throw wrong(source);
        }
        long from = range.group(2).isEmpty() ? 0 : Long.parseLong(range.group(2));
        long to = range.group(3).isEmpty() ? Long.MAX_VALUE : Long.parseLong(range.group(3));
        if (to < from
            || offsets.put(Integer.valueOf(range.group(1)), new Offsets(from, to)) != null) {
          throw wrong(source);
        }
      }
    }
    return new TopicRange(nameAndRest[0], offsets);
  }

  private static ConfigException wrong(String source) {
    return new ConfigException(
        source
            + ": offsets must be such as offsets=0:100-200,1:-50,2:7-, each partition once: from"
            + " the first offset to before the second");
  }
}
