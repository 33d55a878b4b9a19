package dev.pactwatch.notify.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pactwatch.config.ConfigException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.postgresql.Driver;

/** The database behind the outbox, with its tables made or brought up to date. */
public final class NotifyDatabase implements AutoCloseable {

  static {
    // H2 would listen on every address of the machine.
    if (System.getProperty("h2.bindAddress") == null) {
      System.setProperty("h2.bindAddress", "127.0.0.1");
    }
  }

  private static final String H2_AS_POSTGRESQL =
      ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH";

  private static final String REACH_SECONDS = "5";

  private final HikariDataSource pool;
  private final Jdbi jdbi;

  private NotifyDatabase(HikariDataSource pool) {
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
    jdbi.getConfig(SqlStatements.class).setUnusedBindingAllowed(false);
  }

  /**
   * @throws ConfigException when the database cannot be reached or is not one of ours
   */
  public static NotifyDatabase open(DatabaseSettings settings) {
    HikariConfig config = new HikariConfig();
    boolean h2 = settings.kind() == DatabaseSettings.Kind.H2;
    config.setJdbcUrl(settings.url() + (h2 ? H2_AS_POSTGRESQL : ""));
    // By name, as the list of drivers that the runtime keeps depends on who asked for it first.
    config.setDriverClassName(h2 ? "org.h2.Driver" : "org.postgresql.Driver");
    config.setUsername(settings.user() == null && h2 ? "sa" : settings.user());
    config.setPassword(settings.password() == null ? "" : settings.password().reveal());
    config.setMaximumPoolSize(settings.connections());
    config.setPoolName("notify");
    config.setConnectionTimeout(10_000);
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    HikariDataSource pool = null;
    try {
      pool = new HikariDataSource(config);
      Flyway.configure()
          .dataSource(pool)
          .locations("classpath:db/notify")
          .table("notify_schema")
          .load()
          .migrate();
      return new NotifyDatabase(pool);
    } catch (FlywayException | com.zaxxer.hikari.pool.HikariPool.PoolInitializationException e) {
      if (pool != null) {
        pool.close();
      }
      throw unusable(settings, e);
    }
  }

  /**
   * Connects to a PostgreSQL and leaves again, without a look at its tables; nothing is done for
   * H2, which is a file.
   *
   * @throws ConfigException when the database cannot be reached
   */
  public static void reach(DatabaseSettings settings) {
    if (settings.kind() == DatabaseSettings.Kind.H2) {
      return;
    }
    Properties login = new Properties();
    login.setProperty("connectTimeout", REACH_SECONDS);
    login.setProperty("socketTimeout", REACH_SECONDS);
    if (settings.user() != null) {
      login.setProperty("user", settings.user());
    }
    login.setProperty("password", settings.password() == null ? "" : settings.password().reveal());
    try (Connection connection = new Driver().connect(settings.url(), login)) {
      connection.clearWarnings();
    } catch (SQLException e) {
      throw unusable(settings, e);
    }
  }

  private static ConfigException unusable(DatabaseSettings settings, Exception e) {
    return new ConfigException(
        "pactwatch.notify.database.url: "
            + settings.shown()
            + " cannot be used: "
            + firstLine(rootOf(e)),
        e);
  }

  /** All or nothing. */
  public <T> T inTransaction(Function<Handle, T> work) {
    return jdbi.inTransaction(work::apply);
  }

  /** All or nothing. */
  public void useTransaction(Consumer<Handle> work) {
    jdbi.useTransaction(work::accept);
  }

  /** Reads outside of a transaction. */
  public <T> T read(Function<Handle, T> work) {
    return jdbi.withHandle(work::apply);
  }

  @Override
  public void close() {
    pool.close();
  }

  private static Throwable rootOf(Throwable problem) {
    Throwable root = problem;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static String firstLine(Throwable problem) {
    String message = problem.getMessage();
    return message == null
        ? problem.getClass().getSimpleName()
        : message.lines().findFirst().orElse("").strip();
  }
}
