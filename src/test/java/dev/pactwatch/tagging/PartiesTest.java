package dev.pactwatch.tagging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartiesTest {

  private final Mention first = new Mention(0, 1, null, null, false);
  private final Mention second = new Mention(2, 3, null, null, false);
  private final Mention third = new Mention(4, 5, null, null, false);
  private final Parties parties = new Parties();

  @Test
  void partiesStayInTheOrderInWhichTheyWereFoundAndKeepTheirFirstRole() {
    parties.putIfAbsent(second, Role.DEFENDANT);
    parties.putIfAbsent(first, Role.PLAINTIFF);
    parties.putIfAbsent(second, Role.PARTY);

    assertThat(parties.keySet()).containsExactly(second, first);
    assertThat(parties).containsEntry(second, Role.DEFENDANT).hasSize(2);
    assertThat(parties.containsValue(Role.PARTY)).isFalse();
  }

  @Test
  void oneThatIsTakenOutLeavesTheOthersAndMayComeBack() {
    parties.put(first, Role.PLAINTIFF);
    parties.put(second, Role.DEFENDANT);
    parties.put(third, Role.PARTY);
    parties.keySet().removeIf(each -> each.equals(second));
    parties.put(second, Role.PARTY);

    assertThat(parties.keySet()).containsExactly(first, third, second);
    assertThat(parties.values()).containsExactly(Role.PLAINTIFF, Role.PARTY, Role.PARTY);
  }

  @Test
  void nothingIsLeftOfWhatWasFoundBefore() {
    parties.put(first, Role.PLAINTIFF);
    parties.clear();
    parties.put(second, Role.PARTY);

    assertThat(parties.containsKey(first)).isFalse();
    assertThat(parties.keySet()).containsExactly(second);
  }
}
