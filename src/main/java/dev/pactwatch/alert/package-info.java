/** Identity, lifecycle and severity of alerts. Plain Java. */
package dev.pactwatch.alert;
