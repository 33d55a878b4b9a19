package dev.pactwatch.web;

import dev.pactwatch.json.Kebab;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Up once older alerts have been read, so that nobody is shown half of them as if it were all. */
@Readiness
@ApplicationScoped
public class AlertLogReadiness implements HealthCheck {

  private final AlertLog log;

  AlertLogReadiness(AlertLog log) {
    this.log = log;
  }

  @Override
  public HealthCheckResponse call() {
    AlertLog.Phase phase = log.phase();
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("web alert log").withData("phase", Kebab.of(phase));
    String problem =
        switch (phase) {
          case OFF, LIVE -> null;
          case WAITING -> "the topic of alerts, or the broker, does not answer yet";
          case LOADING -> "older alerts are still being read";
          case STOPPED -> "the reader has ended";
        };
    if (problem != null) {
      response.withData("problem", problem);
    }
    return response.status(problem == null).build();
  }
}
