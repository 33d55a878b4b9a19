/** What a process tells of itself: counters and histograms for Prometheus, and traces. */
package dev.pactwatch.telemetry;
