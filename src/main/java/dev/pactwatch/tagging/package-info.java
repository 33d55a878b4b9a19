/** From an article to events with evidence. Plain Java. */
package dev.pactwatch.tagging;
