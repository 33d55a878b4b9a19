package dev.pactwatch.agreement;

/**
 * Who changes the registry.
 *
 * @param name user of the operating system, or of the API
 * @param via on which way, such as {@code command-line} or {@code api}
 * @param why in words, may be null
 */
public record Author(String name, String via, String why) {}
