package dev.pactwatch.notify.delivery;

import com.google.common.hash.Hashing;
import dev.pactwatch.config.ConfigException;
import dev.pactwatch.notify.channel.Channel;
import dev.pactwatch.notify.channel.Channels;
import dev.pactwatch.notify.channel.Notification;
import dev.pactwatch.notify.channel.Notification.Item;
import dev.pactwatch.notify.channel.Notification.Kind;
import dev.pactwatch.notify.store.AlertTable;
import dev.pactwatch.notify.store.MessageTable;
import dev.pactwatch.notify.subscription.Subscription;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes messages, each under a key that is the same whoever makes it: what a receiver knows a
 * repeat by. Keeps one channel per subscription as long as the subscription stays as it is.
 */
public final class Rendering implements AutoCloseable {

  /** More in one message, nobody reads; what is over comes in a further message. */
  static final int MOST_ITEMS = 100;

  private record Open(Subscription subscription, Channel channel) {}

  private final Channels channels;
  private final ReaderLinks links;
  private final Map<String, Open> open = new HashMap<>();

  public Rendering(Channels channels, ReaderLinks links) {
    this.channels = channels;
    this.links = links;
  }

  /**
   * @throws ConfigException when the subscription's target cannot be used here
   */
  public synchronized Channel channel(Subscription subscription) {
    Open known = open.get(subscription.id());
    if (known != null && known.subscription().equals(subscription)) {
      return known.channel();
    }
    Channel channel = channels.create(subscription);
    open.put(subscription.id(), new Open(subscription, channel));
    if (known != null) {
      known.channel().close();
    }
    return channel;
  }

  /** The key of the message that tells one revision. */
  static String alertKey(Subscription subscription, String alertId, int revision) {
    return alertId + "-r" + revision + "-" + subscription.id();
  }

  /** One revision of one alert. */
  MessageTable.New alert(Subscription subscription, AlertTable.Row row, Instant now) {
    return message(
        subscription,
        alertKey(subscription, row.alert().id(), row.alert().revision()),
        row.alert().id(),
        Kind.ALERT,
        List.of(item(row)),
        null,
        now);
  }

  /** Alerts of one group, in one message or, when they are many, in several. */
  List<MessageTable.New> group(
      Subscription subscription, String key, List<AlertTable.Row> rows, String note, Instant now) {
    String id =
        subscription.id()
            + "-g-"
            + Hashing.sha256().hashString(key, StandardCharsets.UTF_8).toString().substring(0, 16)
            + "-"
            + now.toEpochMilli();
    return several(
        subscription, id, id.substring(0, id.lastIndexOf('-')), Kind.GROUP, rows, note, now);
  }

  /** Everything since the last digest. */
  List<MessageTable.New> digest(
      Subscription subscription, List<AlertTable.Row> rows, String note, Instant now) {
    return several(
        subscription,
        subscription.id() + "-d-" + now.getEpochSecond(),
        subscription.id() + "-d",
        Kind.DIGEST,
        rows,
        note,
        now);
  }

  /** Alerts that are told again. */
  List<MessageTable.New> reminder(
      Subscription subscription, String key, List<AlertTable.Row> rows, String note, Instant now) {
    String id = key + "-" + subscription.id();
    return several(subscription, id, null, Kind.REMINDER, rows, note, now);
  }

  /** About the deliveries of another subscription. */
  MessageTable.New notice(Subscription subscription, String key, String note, Instant now) {
    return message(
        subscription, key + "-" + subscription.id(), null, Kind.NOTICE, List.of(), note, now);
  }

  private List<MessageTable.New> several(
      Subscription subscription,
      String id,
      String inOrder,
      Kind kind,
      List<AlertTable.Row> rows,
      String note,
      Instant now) {
    List<MessageTable.New> messages = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += MOST_ITEMS) {
      List<Item> items =
          rows.subList(from, Math.min(rows.size(), from + MOST_ITEMS)).stream()
              .map(Rendering::item)
              .toList();
      messages.add(
          message(
              subscription,
              from == 0 ? id : id + "-" + (1 + from / MOST_ITEMS),
              inOrder,
              kind,
              items,
              note,
              now));
    }
    return messages;
  }

  private MessageTable.New message(
      Subscription subscription,
      String id,
      String inOrder,
      Kind kind,
      List<Item> items,
      String note,
      Instant now) {
    Notification notification =
        new Notification(
            id, subscription.id(), kind, items, note, now, links.of(subscription.id()));
    return new MessageTable.New(
        channel(subscription).render(notification), subscription.id(), inOrder, kind, now, now);
  }

  private static Item item(AlertTable.Row row) {
    return new Item(row.alert(), row.json());
  }

  @Override
  public synchronized void close() {
    open.values().forEach(one -> one.channel().close());
    open.clear();
  }
}
