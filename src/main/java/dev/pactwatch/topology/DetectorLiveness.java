package dev.pactwatch.topology;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;

/** Down when a stream thread has died of an error: only a restart mends that. */
@Liveness
@ApplicationScoped
public class DetectorLiveness implements HealthCheck {

  private final RunningDetector running;

  DetectorLiveness(RunningDetector running) {
    this.running = running;
  }

  @Override
  public HealthCheckResponse call() {
    Optional<String> died = running.get().flatMap(Detector::died);
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("detect threads").withData("role", running.get().isPresent());
    died.ifPresent(error -> response.withData("problem", "a stream thread died: " + error));
    return response.status(died.isEmpty()).build();
  }
}
