package dev.pactwatch.lexicon;

import java.util.List;

/**
 * An organisation or a person that can be party to an event.
 *
 * @param id stable, lower-case
 * @param name how it is shown
 * @param kind company, unit, regulator, government, court, association, university, media, person
 *     or fund
 * @param parent id of the group it belongs to, may be null
 * @param ticker on its main exchange, may be null
 * @param country ISO 3166 alpha-2, may be null
 * @param sectors may be empty
 * @param word true where the name is an ordinary word as well
 * @param aliases every way to write it that the lexicon knows, the name first
 */
public record Organisation(
    String id,
    String name,
    String kind,
    String parent,
    String ticker,
    String country,
    List<String> sectors,
    boolean word,
    List<Alias> aliases) {

  public Organisation {
    sectors = List.copyOf(sectors);
    aliases = List.copyOf(aliases);
  }
}
