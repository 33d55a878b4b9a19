package dev.pactwatch.notify.admin;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The notifier's administration in this process, for the server, which is started after it. */
@ApplicationScoped
public class RunningAdmin {

  private static final AtomicReference<NotifyAdmin> ADMIN = new AtomicReference<>();

  /** Tells which one this process has opened; null for none any more. */
  public static void is(NotifyAdmin admin) {
    ADMIN.set(admin);
  }

  /** Empty where the notifier's database is not open. */
  public Optional<NotifyAdmin> get() {
    return Optional.ofNullable(ADMIN.get());
  }
}
