/** Event and agreement to relation, certainty and reasons. Plain Java. */
package dev.pactwatch.matching;
