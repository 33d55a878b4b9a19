/** The Kafka Streams wiring: every node and store named. */
package dev.pactwatch.topology;
