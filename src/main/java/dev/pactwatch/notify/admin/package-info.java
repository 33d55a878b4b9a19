/**
 * What people do to the notifier: one set of methods behind the interface for programs, the pages
 * and the commands. Every change names who made it and is written to the audit. Nothing here needs
 * the notifier to run in the same process: it picks up what stands in the database.
 */
package dev.pactwatch.notify.admin;
