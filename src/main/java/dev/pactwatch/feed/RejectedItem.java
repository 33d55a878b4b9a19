package dev.pactwatch.feed;

/**
 * An item that was observed and yields no article.
 *
 * @param number 1-based position in the document; of the first, where it stands for several
 * @param count how many items in a row this stands for, at least 1
 * @param name guid, link or title by which a person can find it, may be null
 * @param reason one line for people
 */
public record RejectedItem(int number, int count, String name, String reason) {}
