package dev.pactwatch.ingest;

/**
 * A feed that a user wants watched.
 *
 * @param url address of the feed; its identity here
 * @param title as the user calls it, never null
 * @param site address of the pages behind it, may be null
 * @param category such as {@code courts}, may be null
 * @param comment what it is for, in the user's words; may be null
 */
public record FeedEntry(String url, String title, String site, String category, String comment) {}
