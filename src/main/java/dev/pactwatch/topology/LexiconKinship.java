package dev.pactwatch.topology;

import dev.pactwatch.lexicon.Alias;
import dev.pactwatch.lexicon.Organisation;
import dev.pactwatch.lexicon.Organisations;
import dev.pactwatch.matching.Kinship;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Groups, names and aliases as the lexicon lists them. */
final class LexiconKinship implements Kinship {

  private final Organisations organisations;
  private final Map<String, List<String>> aliases = new HashMap<>();

  LexiconKinship(Organisations organisations) {
    this.organisations = organisations;
    for (Organisation organisation : organisations.all()) {
      List<String> ofGroup =
          aliases.computeIfAbsent(
              organisations.group(organisation.id()), group -> new ArrayList<>());
      for (Alias alias : organisation.aliases()) {
        if (standsAlone(alias)) {
          ofGroup.add(alias.text());
        }
      }
    }
  }

  /** A descriptor, a place or a name that needs other words beside it may mean another. */
  private static boolean standsAlone(Alias alias) {
    return alias.needs().isEmpty()
        && alias.not().isEmpty()
        && alias.as() != Alias.As.DESCRIPTOR
        && alias.as() != Alias.As.PLACE;
  }

  @Override
  public String group(String organisationId) {
    return organisations.group(organisationId);
  }

  @Override
  public String name(String organisationId) {
    return organisations.name(organisationId);
  }

  @Override
  public Collection<String> aliases(String organisationId) {
    return aliases.getOrDefault(group(organisationId), List.of(name(organisationId)));
  }
}
