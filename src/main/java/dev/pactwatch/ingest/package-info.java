/** Polls feeds over HTTP and writes articles. */
package dev.pactwatch.ingest;
