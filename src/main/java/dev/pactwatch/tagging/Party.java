package dev.pactwatch.tagging;

/**
 * Who takes part in an event.
 *
 * @param organisation id in the lexicon; null for a name that no list holds
 * @param name as the article writes it
 * @param role what the party does in the event
 * @param optional true for an unnamed group such as "authors"; null otherwise
 * @param unlisted true for a name found by its shape and place alone; null otherwise
 */
public record Party(
    String organisation, String name, Role role, Boolean optional, Boolean unlisted) {}
