/**
 * The notifier's database, H2 in a file or PostgreSQL: alerts seen, what matched, the outbox of
 * messages with leases, every attempt, silences, acknowledgements and the audit of changes.
 */
package dev.pactwatch.notify.store;
