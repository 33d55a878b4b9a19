package dev.pactwatch.notify;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Down when a worker's thread has ended though nobody stopped it: only a restart mends that. */
@Liveness
@ApplicationScoped
public class NotifyLiveness implements HealthCheck {

  private final AlertDispatcher dispatcher;

  NotifyLiveness(AlertDispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("notify workers")
        .status(
            dispatcher.snapshots().stream()
                .noneMatch(one -> one.phase() == SubscriptionState.Phase.STOPPED))
        .build();
  }
}
