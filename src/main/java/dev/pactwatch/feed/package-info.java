/** Parses feeds: Rome inside, limits around it. No network. */
package dev.pactwatch.feed;
