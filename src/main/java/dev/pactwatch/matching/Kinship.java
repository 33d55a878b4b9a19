package dev.pactwatch.matching;

import java.util.Collection;
import java.util.List;

/** Who belongs to whom, and what to call them. Pure: the same answer for the same id. */
public interface Kinship {

  /** Every organisation on its own, called by its id. */
  Kinship NONE =
      new Kinship() {
        @Override
        public String group(String organisationId) {
          return organisationId;
        }

        @Override
        public String name(String organisationId) {
          return organisationId;
        }
      };

  /** Id of the group that the organisation belongs to; its own id where it is unknown. */
  String group(String organisationId);

  /** The name to show; the id where it is unknown. */
  String name(String organisationId);

  /**
   * Names by which texts may call the organisation or its group, products that stand for it too.
   */
  default Collection<String> aliases(String organisationId) {
    return List.of(name(organisationId));
  }
}
