package dev.pactwatch.agreement;

/**
 * Where a record comes from.
 *
 * @param date as given, of year, month or day precision; may be null
 * @param type such as {@code primary} or {@code secondary}, may be null
 * @param access how it was read, may be null
 */
public record Source(
    String title, String publisher, String date, String url, String type, String access) {}
