package dev.pactwatch.lexicon;

import dev.pactwatch.text.Fold;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The organisations of a lexicon, by id and by name. Immutable. */
public final class Organisations {

  private final Map<String, Organisation> byId;

  /** Made when the first name is asked for: those who only tag never do. */
  private volatile Map<String, Organisation> byName;

  private final Map<String, Organisation> byTicker = new HashMap<>();
  private final Map<String, String> groups = new HashMap<>();

  /**
   * @param byId in file order; not to be changed any more
   */
  Organisations(Map<String, Organisation> byId) {
    this.byId = Collections.unmodifiableMap(byId);
    for (Organisation organisation : byId.values()) {
      if (organisation.ticker() != null) {
        byTicker.putIfAbsent(organisation.ticker(), organisation);
      }
      if (organisation.parent() != null) {
        groups.put(organisation.id(), root(organisation));
      }
    }
  }

  /** The organisation with this id. */
  public Optional<Organisation> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The organisation that is written so, capitals and accents aside; names go before aliases. */
  public Optional<Organisation> byName(String name) {
    Map<String, Organisation> names = byName;
    if (names == null) {
      names = names();
      byName = names;
    }
    return Optional.ofNullable(names.get(Fold.of(name.strip())));
  }

  private Map<String, Organisation> names() {
    Map<String, Organisation> names = new HashMap<>(byId.size() * 4);
    for (Organisation organisation : byId.values()) {
      names.putIfAbsent(Fold.of(organisation.name()), organisation);
    }
    for (Organisation organisation : byId.values()) {
      List<Alias> aliases = organisation.aliases();
      // the first is the name itself
      for (int i = 1; i < aliases.size(); i++) {
        names.putIfAbsent(Fold.of(aliases.get(i).text()), organisation);
      }
    }
    return names;
  }

  /** The organisation with this ticker. */
  public Optional<Organisation> byTicker(String ticker) {
    return Optional.ofNullable(byTicker.get(ticker));
  }

  /** Id of the root parent; the id itself where there is no parent or the id is unknown. */
  public String group(String id) {
    return groups.getOrDefault(id, id);
  }

  /** The name to show; the id itself where it is unknown. */
  public String name(String id) {
    Organisation organisation = byId.get(id);
    return organisation == null ? id : organisation.name();
  }

  /** How many there are. */
  public int size() {
    return byId.size();
  }

  /** All of them in file order. */
  public Collection<Organisation> all() {
    return byId.values();
  }

  private String root(Organisation organisation) {
    Set<String> seen = new HashSet<>();
    Organisation at = organisation;
    while (at.parent() != null && seen.add(at.id()) && byId.containsKey(at.parent())) {
      at = byId.get(at.parent());
    }
    return at.id();
  }
}
