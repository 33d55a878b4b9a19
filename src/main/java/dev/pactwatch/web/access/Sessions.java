package dev.pactwatch.web.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Logins of browsers, in memory: a restart ends them. A session knows its token by the digest, so
 * that it ends with it and has the role that the token has at the moment.
 */
final class Sessions {

  private static final int MOST = 10_000;

  private record Session(String tokenHash, Instant ends) {}

  private final Duration lifetime;
  private final InstantSource clock;

  /** By the digest of the id, oldest first: what is in memory lets nobody in. */
  private final Map<String, Session> sessions =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Session> eldest) {
          return size() > MOST;
        }
      };

  Sessions(Duration lifetime, InstantSource clock) {
    this.lifetime = lifetime;
    this.clock = clock;
  }

  Duration lifetime() {
    return lifetime;
  }

  /** Id of a new session. */
  synchronized String open(AccessToken token) {
    Instant now = clock.instant();
    sessions.values().removeIf(session -> !now.isBefore(session.ends()));
    String id = AccessToken.random();
    sessions.put(AccessToken.hash(id), new Session(token.hash(), now.plus(lifetime)));
    return id;
  }

  /** Digest of the token that the session was opened with, while it lasts. */
  synchronized Optional<String> tokenHash(String id) {
    Session session = sessions.get(AccessToken.hash(id));
    return session == null || !clock.instant().isBefore(session.ends())
        ? Optional.empty()
        : Optional.of(session.tokenHash());
  }

  synchronized void close(String id) {
    sessions.remove(AccessToken.hash(id));
  }
}
