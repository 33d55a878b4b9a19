/**
 * The one door to the outside: every request to an address that a user, a feed or a redirect named
 * goes through {@link dev.pactwatch.http.OutboundClient}. It refuses odd spellings, dials only
 * addresses it has checked, follows redirects itself, and bounds time and size. Plain Java; the
 * HTTP library stays inside this package.
 */
package dev.pactwatch.http;
