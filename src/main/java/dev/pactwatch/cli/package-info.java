/** The commands. */
package dev.pactwatch.cli;
