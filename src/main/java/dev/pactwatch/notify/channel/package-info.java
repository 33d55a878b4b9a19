/**
 * The ways to tell somebody. A channel makes a message of a notification once, and sends these very
 * bytes at every attempt; whatever comes from news is escaped here for where it goes.
 */
package dev.pactwatch.notify.channel;
