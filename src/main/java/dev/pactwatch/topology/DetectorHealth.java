package dev.pactwatch.topology;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when the topology has tasks. A state of RUNNING alone is not enough: a member without tasks
 * runs as well.
 */
@Readiness
@ApplicationScoped
public class DetectorHealth implements HealthCheck {

  private static final AtomicReference<Detector> DETECTOR = new AtomicReference<>();

  /** Tells which topology runs in this process; none where the role is not here. */
  public static void watch(Detector detector) {
    DETECTOR.set(detector);
  }

  @Override
  public HealthCheckResponse call() {
    Detector detector = DETECTOR.get();
    return HealthCheckResponse.named("detect")
        .status(detector == null || detector.ready())
        .withData("role", detector != null)
        .withData("deadLetters", DeadLetterHandler.count())
        .build();
  }
}
