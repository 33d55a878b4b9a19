package dev.pactwatch.notify.admin;

import dev.pactwatch.notify.delivery.Catalogue;
import dev.pactwatch.notify.delivery.ReaderLinks;
import dev.pactwatch.notify.store.SubscriptionTable.Origin;
import dev.pactwatch.notify.store.SubscriptionTable.State;
import java.util.Optional;

/** Readers who end their subscription by the link of a message, without a login (RFC 8058). */
public final class Unsubscribing {

  /** Stands in the audit in the place of a name: whoever has the message can do it. */
  private static final String READER = "reader";

  private static final String REASON = "unsubscribed by the reader";

  private final Catalogue catalogue;
  private final ReaderLinks links;

  Unsubscribing(Catalogue catalogue, ReaderLinks links) {
    this.catalogue = catalogue;
    this.links = links;
  }

  /** The subscription that the last part of such an address names; empty for one we never made. */
  public Optional<String> subscription(String token) {
    return links.subscription(token);
  }

  /**
   * Ends it, as often as it is asked: one that was made over REST is removed; one of the file,
   * which is not ours to change, is paused.
   *
   * @return whether we made the token
   */
  public boolean end(String token) {
    Optional<String> id = links.subscription(token);
    if (id.isEmpty()) {
      return false;
    }
    Optional<Catalogue.Entry> found = catalogue.refresh().find(id.get());
    if (found.isPresent()) {
      Catalogue.Entry entry = found.get();
      if (entry.origin() == Origin.API) {
        catalogue.remove(entry.id(), READER);
      } else if (entry.state() != State.PAUSED) {
        catalogue.state(entry.id(), State.PAUSED, REASON, READER);
      }
    }
    return true;
  }
}
