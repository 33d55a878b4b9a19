package dev.pactwatch.cli;

/** What a process does. */
enum Role {
  /** Feeds to Kafka. */
  ingest,
  /** Tags and matches. */
  detect,
  /** Alerts to subscribers. */
  notify,
  /** API and live page. */
  web
}
