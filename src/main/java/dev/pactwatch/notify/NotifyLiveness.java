package dev.pactwatch.notify;

import dev.pactwatch.notify.delivery.Notifier;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;

/** Down when a part has ended though nobody stopped it: only a restart mends that. */
@Liveness
@ApplicationScoped
public class NotifyLiveness implements HealthCheck {

  private final RunningNotifier running;

  NotifyLiveness(RunningNotifier running) {
    this.running = running;
  }

  @Override
  public HealthCheckResponse call() {
    boolean alive = running.get().map(Notifier::alive).orElse(true);
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("notify workers").withData("role", running.get().isPresent());
    if (!alive) {
      response.withData("problem", "a thread has ended that nobody stopped");
    }
    return response.status(alive).build();
  }
}
