package dev.pactwatch.article;

/**
 * Who published an article.
 *
 * @param name as the feed or the feed list gives it
 * @param domain registrable domain of the article's link, lower case, such as {@code example.co.uk}
 * @param family id under which outlets of one owner count as one source; the domain where no family
 *     is configured
 */
public record Publisher(String name, String domain, String family) {}
