/**
 * What runs: takes alerts in, decides when they are told, and sends what is owed. State stands in
 * the {@link dev.pactwatch.notify.store store}, so that any number of instances may run and any of
 * them may end at any moment.
 */
package dev.pactwatch.notify.delivery;
