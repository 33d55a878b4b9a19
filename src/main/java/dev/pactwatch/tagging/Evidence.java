package dev.pactwatch.tagging;

/**
 * The words that prove one field of an event.
 *
 * @param of the event's field: {@code type}, {@code status}, {@code amount}, {@code exclusivity},
 *     {@code product}, {@code topic}, {@code background}, {@code parties[0]} ..., or {@code
 *     sentence} for the sentence that reports the event
 * @param field the article's field: {@code headline}, {@code summary} or {@code body}
 * @param start offset of the first UTF-16 unit in that field
 * @param end offset after the last one
 * @param text equals {@code field.substring(start, end)}
 * @param rule id of the lexicon's rule or entry that fired, may be null
 */
public record Evidence(String of, String field, int start, int end, String text, String rule) {}
