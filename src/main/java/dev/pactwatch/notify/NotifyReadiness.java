package dev.pactwatch.notify;

import dev.pactwatch.notify.delivery.Notifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Down while alerts cannot be read or the outbox cannot be worked on. A receiver that fails or has
 * gone leaves the check up: the notifier itself does its work.
 */
@Readiness
@ApplicationScoped
public class NotifyReadiness implements HealthCheck {

  private final RunningNotifier running;

  NotifyReadiness(RunningNotifier running) {
    this.running = running;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response = HealthCheckResponse.named("notify");
    Optional<Notifier> notifier = running.get();
    if (notifier.isEmpty()) {
      return response.withData("role", "off").up().build();
    }
    Notifier.Status status;
    try {
      status = notifier.get().status();
    } catch (RuntimeException e) {
      return response
          .withData("problem", "the outbox does not answer: " + e.getClass().getSimpleName())
          .down()
          .build();
    }
    status.matched().forEach((state, count) -> response.withData(state.label(), count));
    response.withData("unreadable", status.unreadable());
    if (!status.joined()) {
      response.withData("problem", "no part in reading the alerts yet");
    }
    if (!status.problems().isEmpty()) {
      response.withData("problem", String.join("; ", status.problems()));
    }
    return response.status(status.joined() && status.problems().isEmpty()).build();
  }
}
