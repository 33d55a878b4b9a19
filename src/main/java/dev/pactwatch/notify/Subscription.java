package dev.pactwatch.notify;

import java.net.URI;
import java.util.List;

/**
 * Who is told what, and how.
 *
 * @param id unique; part of the consumer group's name and of every idempotency key
 */
public record Subscription(String id, Target target, Filter filter, Start start) {

  /** Where a subscription begins that has never committed an offset. */
  public enum Start {
    /** With the oldest alert that is kept. */
    BEGINNING,
    /** With the first alert after the subscription was first read. */
    NOW
  }

  /** Where deliveries go. */
  public sealed interface Target {}

  /** Standard output of the process. */
  public record Console() implements Target {}

  /**
   * A signed POST, as Standard Webhooks 1.0.0 describes it.
   *
   * @param secrets the newest first; more than one while they are rotated
   */
  public record Webhook(URI url, List<WebhookSecret> secrets) implements Target {

    public Webhook {
      secrets = List.copyOf(secrets);
    }
  }
}
