/** Embedded broker, topic declaration, serdes, dead letters. */
package dev.pactwatch.kafka;
