package dev.pactwatch.notify.store;

import dev.pactwatch.notify.subscription.Secret;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.opentest4j.TestAbortedException;

/** The databases that the notifier runs on, for tests that must pass on each. */
public enum Databases {
  H2,
  POSTGRESQL;

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private static EmbeddedPostgres server;

  /** An empty database of its own. */
  public DatabaseSettings fresh(Path folder) {
    if (this == H2) {
      return DatabaseSettings.embedded(folder);
    }
    String name = "outbox" + NUMBER.incrementAndGet();
    EmbeddedPostgres running = server();
    try (Connection connection = running.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return new DatabaseSettings(
        "jdbc:postgresql://127.0.0.1:" + running.getPort() + "/" + name,
        "postgres",
        new Secret("postgres"),
        8);
  }

  /** One for the whole run; it ends with the process. */
  private static synchronized EmbeddedPostgres server() {
    if (server == null) {
      try {
        server =
            EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofSeconds(60))
                .setServerConfig("max_connections", "100")
                .start();
      } catch (IOException | IllegalStateException e) {
        // A container may forbid what the server needs to run as somebody else than root.
        if (System.getenv("CI") == null) {
          throw new TestAbortedException("skipped: PostgreSQL did not start here: " + e, e);
        }
        throw new IllegalStateException("PostgreSQL did not start", e);
      }
    }
    return server;
  }
}
