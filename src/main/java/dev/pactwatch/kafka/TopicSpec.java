package dev.pactwatch.kafka;

import java.util.Map;

/**
 * What a topic has to be.
 *
 * @param name full name, with the prefix
 * @param partitions exact number
 * @param replication lowest acceptable number of replicas
 * @param config settings that must hold exactly
 */
public record TopicSpec(
    String name, int partitions, short replication, Map<String, String> config) {}
