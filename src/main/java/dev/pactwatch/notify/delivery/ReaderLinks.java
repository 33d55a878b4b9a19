package dev.pactwatch.notify.delivery;

import dev.pactwatch.notify.channel.Notification.Links;
import dev.pactwatch.notify.store.SecretBox;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Addresses of this installation that stand in messages. The one that ends a subscription acts
 * without a login: its last part names the subscription and proves that we wrote it.
 */
public final class ReaderLinks {

  private static final String CONTEXT = "unsubscribe:";

  /** Of no id and of no tag. */
  private static final char SEPARATOR = '~';

  private final String page;
  private final SecretBox box;

  /**
   * @param page address under which readers reach this installation; null for none
   */
  public ReaderLinks(String page, SecretBox box) {
    this.page =
        page == null || page.isBlank()
            ? null
            : page.strip().endsWith("/")
                ? page.strip().substring(0, page.strip().length() - 1)
                : page.strip();
    this.box = box;
  }

  /** Without a public address there are none. */
  public Links of(String subscription) {
    return page == null
        ? new Links(null, null)
        : new Links(page, page + "/unsubscribe/" + token(subscription));
  }

  /** Address of a document of this installation; null where no public address is set. */
  public String absolute(String path) {
    return page == null ? null : page + path;
  }

  /** The last part of the address that ends a subscription. */
  public String token(String subscription) {
    return subscription + SEPARATOR + box.tag(CONTEXT + subscription);
  }

  /** The subscription that such a token ends; empty when we did not make it. */
  public Optional<String> subscription(String token) {
    int end = token.indexOf(SEPARATOR);
    if (end < 1) {
      return Optional.empty();
    }
    String id = token.substring(0, end);
    // In a time that tells nothing about where the two differ.
    return MessageDigest.isEqual(
            token(id).getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8))
        ? Optional.of(id)
        : Optional.empty();
  }
}
