package dev.pactwatch.topology;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when the topology has tasks. A state of RUNNING alone is not enough: a member without tasks
 * runs as well.
 */
@Readiness
@ApplicationScoped
public class DetectorHealth implements HealthCheck {

  private final RunningDetector running;

  DetectorHealth(RunningDetector running) {
    this.running = running;
  }

  @Override
  public HealthCheckResponse call() {
    Optional<Detector> detector = running.get();
    Optional<String> waiting = detector.flatMap(Detector::waiting);
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("detect")
            .withData("role", detector.isPresent())
            .withData("deadLetters", DeadLetterHandler.count());
    waiting.ifPresent(reason -> response.withData("problem", reason));
    return response.status(waiting.isEmpty()).build();
  }
}
