package dev.pactwatch.notify.admin;

import dev.pactwatch.notify.channel.AlertFeeds;
import dev.pactwatch.notify.delivery.Catalogue;
import dev.pactwatch.notify.delivery.ReaderLinks;
import dev.pactwatch.notify.store.AlertTable;
import dev.pactwatch.notify.store.MatchTable;
import dev.pactwatch.notify.store.NotifyDatabase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Documents of subscriptions that are read as feeds, at addresses that only their readers know. */
public final class AlertFeedPages {

  private static final int ENTRIES = 50;

  /** How a feed is written. */
  public enum Format {
    ATOM("atom"),
    JSON("json");

    private final String ending;

    Format(String ending) {
      this.ending = ending;
    }

    /** Of the address, without the dot. */
    public String ending() {
      return ending;
    }
  }

  private final NotifyDatabase database;
  private final Catalogue catalogue;
  private final ReaderLinks links;

  AlertFeedPages(NotifyDatabase database, Catalogue catalogue, ReaderLinks links) {
    this.database = database;
    this.catalogue = catalogue;
    this.links = links;
  }

  /**
   * The newest alerts that were told, or those before a place.
   *
   * @param key the secret part of the address
   * @param before where the document that named this one ended; null for the newest
   * @return empty where no feed has this key
   */
  public Optional<byte[]> page(String key, Format format, Long before) {
    return SubscriptionAdmin.byKey(catalogue.refresh().entries().values(), key)
        .map(entry -> page(entry, key, format, before));
  }

  private byte[] page(Catalogue.Entry feed, String key, Format format, Long before) {
    List<AlertFeeds.Entry> entries = new ArrayList<>();
    String address = "/feeds/alerts/" + key + "." + format.ending();
    String previous =
        database.read(
            handle -> {
              List<MatchTable.Row> rows = MatchTable.sent(handle, feed.id(), before, ENTRIES + 1);
              boolean more = rows.size() > ENTRIES;
              List<MatchTable.Row> shown = more ? rows.subList(0, ENTRIES) : rows;
              Set<String> alerts = new HashSet<>();
              for (MatchTable.Row row : shown) {
                // Of each alert its newest revision: an id stands once in a document.
                if (alerts.add(row.alertId())) {
                  AlertTable.find(handle, row.alertId(), row.revision())
                      .ifPresent(
                          found -> entries.add(new AlertFeeds.Entry(found.alert(), row.changed())));
                }
              }
              return more ? address + "?before=" + shown.get(ENTRIES - 1).seq() : null;
            });
    AlertFeeds.Page page =
        new AlertFeeds.Page(
            feed.id(),
            "Pactwatch: " + feed.id(),
            links.absolute(before == null ? address : address + "?before=" + before),
            links.of(feed.id()),
            previous == null ? null : links.absolute(previous),
            before == null ? null : links.absolute(address));
    return format == Format.ATOM ? AlertFeeds.atom(page, entries) : AlertFeeds.json(page, entries);
  }
}
