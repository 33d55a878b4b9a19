/**
 * Who wants to be told of what, where and how: the model of subscriptions, their file, their
 * filters and the index over them. Nothing here sends, stores or reads a clock.
 */
package dev.pactwatch.notify.subscription;
