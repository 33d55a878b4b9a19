package dev.pactwatch.ingest;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * When a feed is asked next, with everything that had a say.
 *
 * @param at when
 * @param seconds from the poll to {@code at}
 * @param because name of the input that decided
 * @param inputs all inputs, those that lost included
 */
public record PollDecision(Instant at, long seconds, String because, List<Input> inputs) {

  public PollDecision {
    inputs = inputs == null ? List.of() : List.copyOf(inputs);
  }

  /**
   * One wish for an interval.
   *
   * @param source {@code adaptive}, {@code ttl}, {@code sy}, {@code max-age}, {@code expires},
   *     {@code retry-after}, {@code backoff}, {@code floor}, {@code cap}, {@code jitter}, {@code
   *     skip}, {@code push}
   * @param seconds the interval it wants
   * @param note how it came about
   */
  public record Input(String source, long seconds, String note) {}

  /** One line for people: {@code 1800 s because of ttl; adaptive 600 s (...), ttl 1800 s (...)}. */
  public String explain() {
    return inputs.stream()
        .map(input -> input.source() + " " + input.seconds() + " s (" + input.note() + ")")
        .collect(Collectors.joining(", ", seconds + " s because of " + because + "; ", ""));
  }
}
