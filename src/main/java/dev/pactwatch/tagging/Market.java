package dev.pactwatch.tagging;

/** Who sells clouds, as the lexicon marks the names. */
final class Market {

  private final Classes classes;

  Market(Classes classes) {
    this.classes = classes;
  }

  /** True for a name of one who sells clouds, among other things or only. */
  boolean sells(Passage passage, Mention mention) {
    if (mention.antecedent != null) {
      return sells(mention.antecedent.sentence().passage, mention.antecedent.mention());
    }
    long sellers = classes.cloudCompany | classes.cloudUnit;
    return (passage.classes(mention.from, mention.to) & sellers) != 0;
  }

  /** True for a party that sells clouds. */
  boolean seller(Draft.Member member) {
    return sells(member.sentence.passage, member.mention);
  }

  /** True for a party that is called by the name of its cloud. */
  boolean unit(Draft.Member member) {
    return (member.sentence.passage.classes(member.mention.from, member.mention.to)
            & classes.cloudUnit)
        != 0;
  }

  /** Those who let halls supply those who rent out machines, and these the big clouds. */
  int rank(Draft.Member member) {
    long bits = member.sentence.passage.classes(member.mention.from, member.mention.to);
    return (bits & classes.landlord) != 0
        ? 3
        : (bits & classes.neocloud) != 0 ? 2 : (bits & classes.cloudUnit) != 0 ? 1 : 0;
  }

  /** True where nobody in this role sells clouds; nobody at all for null. */
  boolean none(Draft draft, Role role) {
    for (Draft.Member member : draft.members.values()) {
      if ((role == null || member.role == role) && seller(member)) {
        return false;
      }
    }
    return true;
  }
}
