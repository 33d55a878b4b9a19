package dev.pactwatch.tagging;

import dev.pactwatch.lexicon.Alias;
import dev.pactwatch.lexicon.Organisation;

/** A name in a sentence that can be a party. */
final class Mention {
  final int from;
  final int to;
  final Organisation organisation;
  final Alias alias;

  /** A group without a name, such as "authors". */
  final boolean unnamed;

  /** Followed by a possessive. */
  boolean possessive;

  /** Describes the noun that follows: "Acme workers". */
  boolean modifier;

  /** Stands before a noun that it describes: "the Globex lawsuit". */
  boolean attributive;

  /** Stands before "fight": what the fight is about. */
  boolean ofFeud;

  /** Describes somebody who speaks for it: "Acme lawyers". */
  boolean ofLawyer;

  /** Stands before "lawsuit", as its owner or as its description. */
  boolean ofSuit;

  /** Stands before "contract" or "cloud", which it describes: "the Globex contract". */
  boolean ofDeal;

  /** Explains the name before it: "Acme's cloud unit" after "Globex". */
  boolean dropped;

  /** The comma after a description between commas, 0 for none. */
  int aside;

  /** Word id of the preposition before its group, -1 for none. */
  int preposition = -1;

  /** See {@link Item#key}; null until somebody asks. */
  String key;

  /** Number of the group of names joined by commas and "and". */
  int group;

  /** Who is meant by "the airline"; null where a mention is a name itself. */
  final Antecedent antecedent;

  /** A name that stands before, and the sentence in which it stands. */
  record Antecedent(Mention mention, Sentence sentence) {}

  Mention(int from, int to, Organisation organisation, Alias alias, boolean unnamed) {
    this.from = from;
    this.to = to;
    this.organisation = organisation;
    this.alias = alias;
    this.unnamed = unnamed;
    this.antecedent = null;
  }

  /** Words that refer back to a name. */
  Mention(int from, int to, Antecedent antecedent, String key) {
    this.from = from;
    this.to = to;
    this.organisation = antecedent.mention.organisation;
    this.alias = null;
    this.unnamed = false;
    this.antecedent = antecedent;
    this.key = key;
  }

  /** Two mentions are never equal; the hash of an object's identity would take longer to make. */
  @Override
  public int hashCode() {
    return from;
  }

  boolean unlisted() {
    return organisation == null && !unnamed;
  }

  boolean product() {
    return alias != null && alias.as() == Alias.As.PRODUCT;
  }

  /** A country or a city that stands for its government. */
  boolean place() {
    return organisation != null && organisation.kind().equals("government");
  }

  /** A government, a ministry or a regulator. */
  boolean authority() {
    return organisation != null
        && (organisation.kind().equals("government") || organisation.kind().equals("regulator"));
  }

  boolean descriptor() {
    return alias != null
        && !place()
        && (alias.as() == Alias.As.DESCRIPTOR || alias.as() == Alias.As.PLACE);
  }
}
