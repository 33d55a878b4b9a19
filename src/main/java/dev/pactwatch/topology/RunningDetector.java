package dev.pactwatch.topology;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The topology of this process, for the server, which is started after it. */
@ApplicationScoped
public class RunningDetector {

  private static final AtomicReference<Detector> DETECTOR = new AtomicReference<>();

  /** Tells which topology runs in this process. */
  public static void is(Detector detector) {
    DETECTOR.set(detector);
  }

  /** Empty where the role is not here. */
  public Optional<Detector> get() {
    return Optional.ofNullable(DETECTOR.get());
  }

  /**
   * The rules by which the topology of this process decides, so that who explains them need not
   * hold a second lexicon; empty where the role is not here.
   */
  public Optional<ProductRules> rules() {
    return get()
        .map(Detector::rules)
        .filter(ProductRules.class::isInstance)
        .map(ProductRules.class::cast);
  }
}
