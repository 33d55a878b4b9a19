/**
 * The proof: what went in at the source is held against what came out at the sinks. {@link
 * dev.pactwatch.proof.Checker} is plain Java over a {@link dev.pactwatch.proof.Ledger} and knows
 * neither Kafka nor processes; the rest makes such ledgers while processes, brokers and connections
 * are being broken.
 */
package dev.pactwatch.proof;
