/** Reading what users edit: YAML with the place of every value, and errors that name it. */
package dev.pactwatch.config;
