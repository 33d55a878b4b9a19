/**
 * Who may ask: tokens and their file, sessions of browsers, roles, and the one table that says
 * which role a request needs.
 */
package dev.pactwatch.web.access;
