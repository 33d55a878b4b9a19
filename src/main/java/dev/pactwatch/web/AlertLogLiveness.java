package dev.pactwatch.web;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
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
    return HealthCheckResponse.named("web alert log reader")
        .status(log.phase() != AlertLog.Phase.STOPPED)
        .build();
  }
}
