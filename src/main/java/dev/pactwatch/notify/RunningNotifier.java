package dev.pactwatch.notify;

import dev.pactwatch.notify.delivery.Notifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The notifier of this process, for the server, which is started after it. */
@ApplicationScoped
public class RunningNotifier {

  private static final AtomicReference<Notifier> NOTIFIER = new AtomicReference<>();

  /** Tells which notifier runs in this process. */
  public static void is(Notifier notifier) {
    NOTIFIER.set(notifier);
  }

  /** Empty where the role is not here. */
  public Optional<Notifier> get() {
    return Optional.ofNullable(NOTIFIER.get());
  }
}
