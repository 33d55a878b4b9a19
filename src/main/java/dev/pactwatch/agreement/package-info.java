/** The registry's model, in-force rules, import and export. Plain Java. */
package dev.pactwatch.agreement;
