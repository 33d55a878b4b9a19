package dev.pactwatch.ingest;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;

/** Down when the scheduler has ended though nobody stopped it: only a restart mends that. */
@Liveness
@ApplicationScoped
public class IngestLiveness implements HealthCheck {

  @Override
  public HealthCheckResponse call() {
    Optional<Poller> poller = IngestHealth.poller();
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("ingest scheduler").withData("role", poller.isPresent());
    boolean alive = poller.map(Poller::alive).orElse(true);
    if (!alive) {
      response.withData("problem", poller.flatMap(Poller::problem).orElse("the scheduler ended"));
    }
    return response.status(alive).build();
  }
}
