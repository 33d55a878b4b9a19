package dev.pactwatch.notify;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Down while a subscription has no connection to Kafka. A receiver that fails or has gone is shown
 * but leaves the check up: the notifier itself does its work.
 */
@Readiness
@ApplicationScoped
public class NotifyReadiness implements HealthCheck {

  private final AlertDispatcher dispatcher;

  NotifyReadiness(AlertDispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response = HealthCheckResponse.named("notify");
    if (!dispatcher.active()) {
      return response.withData("role", "off").up().build();
    }
    List<SubscriptionState.Snapshot> snapshots = dispatcher.snapshots();
    for (SubscriptionState.Snapshot one : snapshots) {
      response.withData(one.id(), describe(one));
    }
    return response.status(snapshots.stream().allMatch(NotifyReadiness::connected)).build();
  }

  private static boolean connected(SubscriptionState.Snapshot one) {
    return switch (one.phase()) {
      case RUNNING, RETRYING, DISABLED -> true;
      case STARTING, BROKEN, STOPPED -> false;
    };
  }

  static String describe(SubscriptionState.Snapshot one) {
    long suppressed = one.suppressed().values().stream().mapToLong(Long::longValue).sum();
    return one.phase().name().toLowerCase(Locale.ROOT)
        + ": "
        + one.delivered()
        + " delivered, "
        + suppressed
        + " not wanted, "
        + one.failedAttempts()
        + " failed attempts, "
        + one.dead()
        + " given up, "
        + one.unreadable()
        + " unreadable"
        + (one.problem() == null ? "" : "; " + one.problem());
  }
}
