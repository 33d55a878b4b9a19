package dev.pactwatch.notify.store;

import dev.pactwatch.notify.subscription.Secret;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where the notifier keeps what it owes.
 *
 * @param url JDBC, of H2 or PostgreSQL
 * @param user null for the database's own default
 * @param password null for none
 * @param connections at most
 */
public record DatabaseSettings(String url, String user, Secret password, int connections) {

  /** Kinds of databases, which differ in a few words of SQL. */
  enum Kind {
    H2,
    POSTGRESQL
  }

  /** H2 in a file below the data folder, which several processes of one machine may open. */
  public static DatabaseSettings embedded(Path dataDir) {
    // Every commit is on its way to the disk before it is answered: a kill loses none. The server
    // through which further processes come in listens on loopback alone (h2.bindAddress).
    return new DatabaseSettings(
        "jdbc:h2:file:"
            + dataDir.resolve("notify").resolve("outbox").toAbsolutePath()
            + ";AUTO_SERVER=TRUE;WRITE_DELAY=0",
        null,
        null,
        8);
  }

  Kind kind() {
    return url.toLowerCase(Locale.ROOT).startsWith("jdbc:postgresql:") ? Kind.POSTGRESQL : Kind.H2;
  }

  /** The address without what may be secret in its parameters. */
  String shown() {
    int end = url.indexOf(kind() == Kind.H2 ? ';' : '?');
    return end < 0 ? url : url.substring(0, end);
  }
}
