/** Organisations, aliases, phrases and patterns from config/. Plain Java. */
package dev.pactwatch.lexicon;
