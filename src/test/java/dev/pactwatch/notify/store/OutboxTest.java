package dev.pactwatch.notify.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.notify.channel.Message;
import dev.pactwatch.notify.channel.Notification;
import dev.pactwatch.notify.subscription.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the outbox promises, on each database. */
class OutboxTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant SOON = NOW.plusSeconds(30);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Databases.class)
  void a_message_is_kept_with_its_bytes_and_only_once(Databases kind) {
    try (NotifyDatabase database = NotifyDatabase.open(kind.fresh(folder))) {
      database.useTransaction(handle -> put(handle, "m1", "desk", "a", "first"));
      database.useTransaction(handle -> put(handle, "m1", "desk", "a", "another body"));

      MessageTable.Row kept =
          database.read(handle -> MessageTable.find(handle, "m1")).orElseThrow();
      assertThat(new String(kept.message().body(), StandardCharsets.UTF_8)).isEqualTo("first");
      assertThat(kept.message().headers()).isEqualTo(Map.of("h", "v"));
      assertThat(kept.state()).isEqualTo(MessageState.PENDING);
      assertThat(kept.due()).isEqualTo(NOW);
    }
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void revisions_of_an_alert_are_leased_one_after_the_other(Databases kind) {
    try (NotifyDatabase database = NotifyDatabase.open(kind.fresh(folder))) {
      database.useTransaction(
          handle -> {
            put(handle, "a-1", "desk", "a", "");
            put(handle, "a-2", "desk", "a", "");
            put(handle, "b-1", "desk", "b", "");
            put(handle, "a-1-other", "other", "a", "");
          });

      assertThat(lease(database, "one", NOW)).containsExactly("a-1", "b-1");
      assertThat(lease(database, "one", NOW)).isEmpty();

      // Failed: its next attempt is later, and the revision after it waits as well.
      assertThat(attempted(database, "a-1", "one", MessageState.PENDING, 1, SOON, "no", NOW))
          .isTrue();
      assertThat(lease(database, "one", NOW)).isEmpty();
      assertThat(lease(database, "one", SOON)).containsExactly("a-1");
      assertThat(attempted(database, "a-1", "one", MessageState.DELIVERED, 2, null, null, SOON))
          .isTrue();
      assertThat(lease(database, "one", SOON)).containsExactly("a-2");
    }
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void a_lease_that_has_run_out_is_taken_over_and_its_holder_has_no_more_say(Databases kind) {
    try (NotifyDatabase database = NotifyDatabase.open(kind.fresh(folder))) {
      database.useTransaction(handle -> put(handle, "m", "desk", "a", ""));

      assertThat(lease(database, "paused", NOW)).containsExactly("m");
      assertThat(lease(database, "other", NOW.plusSeconds(29))).isEmpty();
      assertThat(lease(database, "other", NOW.plusSeconds(31))).containsExactly("m");
      assertThat(attempted(database, "m", "paused", MessageState.DELIVERED, 1, null, null, NOW))
          .isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void many_instances_at_once_lease_every_message_once(Databases kind) throws Exception {
    try (NotifyDatabase database = NotifyDatabase.open(kind.fresh(folder))) {
      int messages = 300;
      database.useTransaction(
          handle -> {
            for (int i = 0; i < messages; i++) {
              put(handle, "m" + i, "desk", "a" + i, "");
            }
          });
      Map<String, String> taken = new ConcurrentHashMap<>();
      Set<String> twice = ConcurrentHashMap.newKeySet();
      ExecutorService instances = Executors.newFixedThreadPool(6);
      try {
        List<Future<?>> running = new java.util.ArrayList<>();
        for (int i = 0; i < 6; i++) {
          String owner = "instance" + i;
          running.add(
              instances.submit(
                  () -> {
                    while (taken.size() < messages) {
                      for (String id : lease(database, owner, NOW)) {
                        if (taken.putIfAbsent(id, owner) != null) {
                          twice.add(id);
                        }
                      }
                    }
                  }));
        }
        for (Future<?> one : running) {
          one.get();
        }
      } finally {
        instances.shutdownNow();
      }
      assertThat(taken).hasSize(messages);
      assertThat(twice).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void a_newer_revision_takes_the_place_of_what_waits_but_not_of_what_is_on_its_way(
      Databases kind) {
    try (NotifyDatabase database = NotifyDatabase.open(kind.fresh(folder))) {
      database.useTransaction(
          handle -> {
            put(handle, "a-1", "desk", "a", "");
            put(handle, "a-2", "desk", "a", "");
          });
      assertThat(lease(database, "one", NOW)).containsExactly("a-1");

      List<String> taken =
          database.inTransaction(handle -> MessageTable.supersede(handle, "desk", "a", NOW));

      assertThat(taken).containsExactly("a-2");
      Map<MessageState, Long> counts = database.read(handle -> MessageTable.counts(handle, "desk"));
      assertThat(counts).isEqualTo(Map.of(MessageState.PENDING, 1L, MessageState.SUPERSEDED, 1L));
    }
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void the_audit_tells_when_a_row_was_changed_or_taken_out(Databases kind) {
    try (NotifyDatabase database = NotifyDatabase.open(kind.fresh(folder))) {
      for (String subject : List.of("one", "two", "three", "four")) {
        database.useTransaction(
            handle -> AuditTable.add(handle, NOW, "local", "put", subject, null));
      }
      assertThat(broken(database)).isEmpty();

      database.useTransaction(
          handle -> handle.execute("UPDATE audit SET who = 'nobody' WHERE subject = 'two'"));
      assertThat(broken(database)).hasSize(1);
      database.useTransaction(
          handle -> handle.execute("DELETE FROM audit WHERE subject = 'three'"));
      assertThat(broken(database)).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void a_database_is_opened_again_with_what_it_holds(Databases kind) {
    DatabaseSettings settings = kind.fresh(folder);
    try (NotifyDatabase database = NotifyDatabase.open(settings)) {
      database.useTransaction(handle -> put(handle, "m", "desk", "a", ""));
    }
    try (NotifyDatabase database = NotifyDatabase.open(settings)) {
      Optional<MessageTable.Row> kept = database.read(handle -> MessageTable.find(handle, "m"));
      assertThat(kept).isPresent();
    }
  }

  @ParameterizedTest
  @EnumSource(Databases.class)
  void two_processes_may_open_it_at_once(Databases kind) {
    DatabaseSettings settings = kind.fresh(folder);
    try (NotifyDatabase first = NotifyDatabase.open(settings);
        NotifyDatabase second = NotifyDatabase.open(settings)) {
      first.useTransaction(handle -> put(handle, "m", "desk", "a", ""));
      assertThat(lease(second, "second", NOW)).containsExactly("m");
    }
  }

  @Test
  void an_unreachable_database_is_named_without_its_password() {
    DatabaseSettings settings =
        new DatabaseSettings(
            "jdbc:postgresql://127.0.0.1:1/x?password=hush", "u", new Secret("hush"), 1);
    assertThatThrownBy(() -> NotifyDatabase.open(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("jdbc:postgresql://127.0.0.1:1/x cannot be used")
        .hasMessageNotContaining("hush");
  }

  private static boolean attempted(
      NotifyDatabase database,
      String id,
      String owner,
      MessageState state,
      int attempts,
      Instant next,
      String problem,
      Instant now) {
    return database.inTransaction(
        handle -> MessageTable.attempted(handle, id, owner, state, attempts, next, problem, now));
  }

  private static List<Long> broken(NotifyDatabase database) {
    return database.read(AuditTable::broken);
  }

  private static Set<String> lease(NotifyDatabase database, String owner, Instant now) {
    List<String> ids =
        database.inTransaction(
            handle ->
                MessageTable.lease(handle, "desk", owner, now, now.plusSeconds(30), 10).stream()
                    .map(MessageTable.Row::id)
                    .toList());
    return new TreeSet<>(ids);
  }

  private static void put(
      Handle handle, String id, String subscription, String alert, String body) {
    MessageTable.insert(
        handle,
        List.of(
            new MessageTable.New(
                new Message(
                    id,
                    "application/json",
                    Map.of("h", "v"),
                    body.getBytes(StandardCharsets.UTF_8)),
                subscription,
                alert,
                Notification.Kind.ALERT,
                NOW,
                NOW)));
  }
}
