/** The one JSON form of every record: field names, dates, what happens to unknown fields. */
package dev.pactwatch.json;
