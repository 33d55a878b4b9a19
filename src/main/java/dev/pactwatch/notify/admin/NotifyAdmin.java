package dev.pactwatch.notify.admin;

import dev.pactwatch.notify.channel.Channels;
import dev.pactwatch.notify.delivery.Catalogue;
import dev.pactwatch.notify.delivery.ReaderLinks;
import dev.pactwatch.notify.store.AuditTable;
import dev.pactwatch.notify.store.NotifyDatabase;
import dev.pactwatch.notify.store.SecretBox;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** What people do to the notifier, and what they ask of it. Safe for use by many threads. */
public final class NotifyAdmin {

  /** As wide as the audit's columns. */
  private static final int MAX_NAME = 200;

  private final NotifyDatabase database;
  private final SubscriptionAdmin subscriptions;
  private final DeliveryAdmin deliveries;
  private final SilenceAdmin silences;
  private final AlertAdmin alerts;
  private final AlertFeedPages feeds;
  private final Unsubscribing unsubscribing;

  /**
   * @param channels is asked when a message is to be rendered for the first time
   * @param page address under which readers reach this installation; null for none
   */
  public NotifyAdmin(
      NotifyDatabase database,
      Catalogue catalogue,
      Supplier<Channels> channels,
      SecretBox box,
      String page,
      InstantSource clock) {
    this.database = database;
    ReaderLinks links = new ReaderLinks(page, box);
    this.subscriptions = new SubscriptionAdmin(database, catalogue, channels, links, clock);
    this.deliveries = new DeliveryAdmin(database, clock);
    this.silences = new SilenceAdmin(database, catalogue, clock);
    this.alerts = new AlertAdmin(database, catalogue, clock);
    this.feeds = new AlertFeedPages(database, catalogue, links);
    this.unsubscribing = new Unsubscribing(catalogue, links);
  }

  /** Who is told what, where and how. */
  public SubscriptionAdmin subscriptions() {
    return subscriptions;
  }

  /** What was sent, or is owed. */
  public DeliveryAdmin deliveries() {
    return deliveries;
  }

  /** What keeps alerts from being told. */
  public SilenceAdmin silences() {
    return silences;
  }

  /** Who has taken on what, and why somebody was told of an alert or was not. */
  public AlertAdmin alerts() {
    return alerts;
  }

  /** Documents of subscriptions that are read as feeds. */
  public AlertFeedPages feeds() {
    return feeds;
  }

  /** Readers who end their subscription by the link of a message. */
  public Unsubscribing unsubscribing() {
    return unsubscribing;
  }

  /**
   * Who changed what.
   *
   * @param entries newest first
   * @param broken numbers of the entries that were changed by another hand, or before which one is
   *     missing
   */
  public record Audit(List<AuditTable.Row> entries, List<Long> broken) {}

  /** The newest changes, and whether the whole trail is as it was written. */
  public Audit audit(int limit) {
    return database.read(
        handle -> new Audit(AuditTable.list(handle, limit), AuditTable.broken(handle)));
  }

  /** Adds to the trail. */
  static void note(
      Handle handle,
      InstantSource clock,
      String who,
      String action,
      String subject,
      String detail) {
    AuditTable.add(handle, clock.instant(), name(who), action, name(subject), detail);
  }

  /** As much of a name as the trail takes. */
  static String name(String who) {
    return who.length() <= MAX_NAME ? who : who.substring(0, MAX_NAME - 1) + "…";
  }
}
