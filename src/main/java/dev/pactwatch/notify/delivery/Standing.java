package dev.pactwatch.notify.delivery;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.notify.policy.NotifyFile;
import dev.pactwatch.notify.policy.PolicyState;
import dev.pactwatch.notify.store.AcknowledgementTable;
import dev.pactwatch.notify.store.AlertTable;
import dev.pactwatch.notify.store.MatchTable;
import dev.pactwatch.notify.store.SilenceTable;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** What decisions rest on, as it stands in the database. */
final class Standing {

  private record Known(int revision, Alert alert) {}

  /** Reading an alert back takes longer than asking which have changed. */
  private final Map<String, Known> open = new HashMap<>();

  /** Good for the transaction of the handle. */
  PolicyState at(Handle handle, NotifyFile file, Instant now) {
    return new PolicyState(
        file.inhibit().isEmpty() ? List.of() : open(handle),
        SilenceTable.standing(handle, now),
        AcknowledgementTable.all(handle),
        file.intervals(),
        file.inhibit(),
        (subscription, alert) -> MatchTable.told(handle, subscription, alert));
  }

  private synchronized Collection<Alert> open(Handle handle) {
    Map<String, Integer> now = AlertTable.openRevisions(handle);
    open.keySet().retainAll(now.keySet());
    now.forEach(
        (id, revision) -> {
          Known known = open.get(id);
          if (known == null || known.revision() != revision) {
            AlertTable.find(handle, id, revision)
                .ifPresent(row -> open.put(id, new Known(revision, row.alert())));
          }
        });
    return open.values().stream().map(Known::alert).toList();
  }
}
