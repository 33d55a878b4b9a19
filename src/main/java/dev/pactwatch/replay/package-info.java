/** Isolated runs over history, and their comparison. */
package dev.pactwatch.replay;
