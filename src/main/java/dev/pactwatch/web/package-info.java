/** REST, live stream, pages. */
package dev.pactwatch.web;
