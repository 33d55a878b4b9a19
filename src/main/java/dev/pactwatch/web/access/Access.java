package dev.pactwatch.web.access;

import dev.pactwatch.config.ConfigException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Whether one has to log in, and who is who. Once a process asks for a login it does so until its
 * end: with the last token taken out nobody gets in, and not everybody.
 */
@ApplicationScoped
public class Access {

  /** A change of the file is used after two looks. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private static final int FAILURES = 10;
  private static final Duration FAILURES_WITHIN = Duration.ofMinutes(5);

  private final AccessFile file;
  private final InstantSource clock = InstantSource.system();
  private final Sessions sessions;
  private final FailureLimit logins;
  private final FailureLimit headers;
  private final OidcRoles oidc;
  private AccessWatch watch;
  private volatile boolean enforced;
  private ScheduledExecutorService looking;

  Access(
      @ConfigProperty(name = "pactwatch.config-dir", defaultValue = "config") Path folder,
      @ConfigProperty(name = "pactwatch.access.session", defaultValue = "PT12H") Duration session,
      OidcRoles oidc) {
    this.file = new AccessFile(folder.resolve(AccessFile.NAME), clock);
    this.sessions = new Sessions(session, clock);
    this.logins = new FailureLimit(FAILURES, FAILURES_WITHIN, clock);
    this.headers = new FailureLimit(FAILURES, FAILURES_WITHIN, clock);
    this.oidc = oidc;
  }

  /**
   * Reads the file.
   *
   * @throws ConfigException when it cannot be used
   */
  synchronized AccessWatch watch() {
    if (watch == null) {
      watch = new AccessWatch(file);
    }
    return watch;
  }

  void start(@Observes StartupEvent event) {
    looking =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "access");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        looking.scheduleWithFixedDelay(
            watch()::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    if (looking != null) {
      looking.shutdownNow();
    }
  }

  /**
   * Whether requests need a login.
   *
   * @throws ConfigException when the file of tokens cannot be used at the start
   */
  public boolean enforced() {
    if (!enforced && (oidc.configured() || !watch().tokens().isEmpty())) {
      enforced = true;
    }
    return enforced;
  }

  /** The token that these characters are, while it is in the file and not expired. */
  Optional<AccessToken> token(String secret) {
    return AccessToken.isShaped(secret) ? byHash(AccessToken.hash(secret)) : Optional.empty();
  }

  /** The token that the session was opened with, while both last. */
  Optional<AccessToken> session(String id) {
    return sessions.tokenHash(id).flatMap(this::byHash);
  }

  /** Whether a token that was good once still is: in the file, and not expired. */
  boolean lasts(AccessToken token) {
    return byHash(token.hash()).isPresent();
  }

  /** In constant time: all are compared, each to its end. */
  private Optional<AccessToken> byHash(String hash) {
    Instant now = clock.instant();
    byte[] asked = bytes(hash);
    AccessToken found = null;
    for (AccessToken token : watch().tokens()) {
      if (MessageDigest.isEqual(bytes(token.hash()), asked)) {
        found = token;
      }
    }
    return Optional.ofNullable(found).filter(token -> !token.isExpired(now));
  }

  boolean hasPassed(Instant end) {
    return !clock.instant().isBefore(end);
  }

  Sessions sessions() {
    return sessions;
  }

  /** Of the page of login. */
  FailureLimit failedLogins() {
    return logins;
  }

  /** Of programs: one that is set up wrongly must not keep the people of its address out. */
  FailureLimit failedHeaders() {
    return headers;
  }

  /** The role of somebody whom another server vouches for. */
  Optional<AccessRole> oidcRole(Set<String> claimed) {
    return oidc.role(claimed);
  }

  boolean oidcConfigured() {
    return oidc.configured();
  }

  private static byte[] bytes(String hash) {
    return hash.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }
}
