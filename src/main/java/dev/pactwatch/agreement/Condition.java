package dev.pactwatch.agreement;

import java.util.Collection;
import java.util.List;

/** What must hold of the registry for a change to be made: optimistic locking. */
@FunctionalInterface
public interface Condition {

  /** Whatever stands there is replaced. */
  Condition NONE = (before, changed) -> {};

  /** None of the agreements may exist yet. */
  Condition ABSENT =
      (before, changed) -> {
        for (Agreement agreement : changed) {
          before
              .find(agreement.id())
              .ifPresent(
                  there -> {
                    throw new VersionConflict(
                        "'" + there.id() + "'", Registry.NO_VERSION, before.version(there.chain()));
                  });
        }
      };

  /** Every one of the agreements must exist. */
  Condition PRESENT =
      (before, changed) -> {
        for (Agreement agreement : changed) {
          if (before.find(agreement.id()).isEmpty()) {
            throw new VersionConflict(
                "'" + agreement.id() + "'", "any", before.version(agreement.chain()));
          }
        }
      };

  /**
   * Every chain that is changed must have one of these versions.
   *
   * @param versions as {@link Registry#version(String)} gave them
   */
  static Condition chainAt(String... versions) {
    return (before, changed) -> {
      for (Agreement agreement : changed) {
        String chain = before.find(agreement.id()).map(Agreement::chain).orElse(agreement.chain());
        String there = before.version(chain);
        if (!List.of(versions).contains(there)) {
          throw new VersionConflict("chain '" + chain + "'", String.join(" or ", versions), there);
        }
      }
    };
  }

  /**
   * The registry as a whole must have one of these versions.
   *
   * @param versions as {@link Registry#version()} gave them
   */
  static Condition registryAt(String... versions) {
    return (before, changed) -> {
      if (!List.of(versions).contains(before.version())) {
        throw new VersionConflict("the registry", String.join(" or ", versions), before.version());
      }
    };
  }

  /**
   * @throws VersionConflict when it does not hold
   */
  void check(Registry before, Collection<Agreement> changed);
}
