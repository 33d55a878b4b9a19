/**
 * When a matched alert is told, and when not: grouping, digests, quiet hours, silences, mute times,
 * inhibition, acknowledgement and escalation. Plain functions of what is known and of a given time;
 * the words mean what Prometheus' Alertmanager means by them.
 */
package dev.pactwatch.notify.policy;
