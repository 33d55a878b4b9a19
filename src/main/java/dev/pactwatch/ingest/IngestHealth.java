package dev.pactwatch.ingest;

import dev.pactwatch.json.Kebab;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the poller polls. */
@Readiness
@ApplicationScoped
public class IngestHealth implements HealthCheck {

  private static final AtomicReference<Poller> POLLER = new AtomicReference<>();

  /** Tells which poller runs in this process; none where the role is not here. */
  public static void watch(Poller poller) {
    POLLER.set(poller);
  }

  /** The poller of this process; empty where the role is not here. */
  static Optional<Poller> poller() {
    return Optional.ofNullable(POLLER.get());
  }

  @Override
  public HealthCheckResponse call() {
    Poller poller = POLLER.get();
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("ingest").withData("role", poller != null);
    boolean ready = poller == null || poller.status() == Poller.Status.RUNNING;
    if (!ready) {
      response
          .withData("state", Kebab.of(poller.status()))
          .withData(
              "problem", poller.problem().orElse("the states of the feeds are still being read"));
    }
    return response.status(ready).build();
  }
}
