package dev.pactwatch.notify;

import dev.pactwatch.notify.delivery.Notifier;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
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
    return HealthCheckResponse.named("notify workers")
        .status(running.get().map(Notifier::alive).orElse(true))
        .build();
  }
}
