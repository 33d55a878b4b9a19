/** What an article is: identity, canonical link, publisher family. */
package dev.pactwatch.article;
