/** Sentences, tokens, offsets, numbers and money, names. Plain Java. */
package dev.pactwatch.text;
