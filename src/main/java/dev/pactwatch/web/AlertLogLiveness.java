package dev.pactwatch.web;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;

/** Down when the reader's thread has ended: only a restart mends that. */
@Liveness
@ApplicationScoped
public class AlertLogLiveness implements HealthCheck {

  private final AlertLog log;

  AlertLogLiveness(AlertLog log) {
    this.log = log;
  }

  @Override
  public HealthCheckResponse call() {
    boolean alive = log.phase() != AlertLog.Phase.STOPPED;
    HealthCheckResponseBuilder response = HealthCheckResponse.named("web alert log reader");
    if (!alive) {
      response.withData("problem", "the reader has ended");
    }
    return response.status(alive).build();
  }
}
