package dev.pactwatch.web.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.YearMonth;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlotsTest {

  private static final Bonds.Party ONE = new Bonds.Party("one", "One", "beneficiary", null);
  private static final Bonds.Party TWO = new Bonds.Party("two", "Two", "bound", null);
  private static final Bonds.Party THREE = new Bonds.Party("three", "Three", "provider", null);

  @Test
  void monthsWithoutReportsKeepTheirPlace() {
    TreeMap<YearMonth, List<Integer>> counts = new TreeMap<>();
    counts.put(YearMonth.of(2025, 3), List.of(2, 0));
    counts.put(YearMonth.of(2026, 1), List.of(1, 3));
    Months months = Months.of("m", "Events", "reports a month", List.of("a", "b"), counts);

    assertThat(months.columns()).hasSize(11);
    assertThat(months.columns().get(1).parts()).isEmpty();
    List<Months.Part> last = months.columns().get(10).parts();
    assertThat(last).extracting(Months.Part::count).containsExactly(1, 3);
    // The second stands on the first, and the first on the base.
    assertThat(last.get(0).y() + last.get(0).height()).isEqualTo(months.base());
    assertThat(last.get(1).y() + last.get(1).height()).isEqualTo(last.get(0).y());
    assertThat(months.lines()).extracting(Months.Line::label).containsExactly("0", "2", "4");
    assertThat(months.rows()).hasSize(2);
    assertThat(months.description()).startsWith("6 in all, from Mar 2025 to Jan 2026");
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 2", "3, 4", "5, 6", "7, 10", "11, 20", "61, 100", "100, 100", "101, 200"})
  void theScaleIsRoundAndHoldsEverything(int most, int scale) {
    assertThat(Months.scale(most)).isEqualTo(scale);
  }

  @Test
  void arrowsOfOnePairDoNotCoverEachOtherAndEndAtTheBoxes() {
    Bonds bonds =
        Bonds.of(
            "b",
            "Bonds",
            List.of(ONE, TWO),
            List.of(THREE),
            List.of(
                new Bonds.Bond("two", "one", Bonds.Kind.TERM, "two is bound to one"),
                new Bonds.Bond("one", "two", Bonds.Kind.EVENT, "one against two"),
                new Bonds.Bond("one", "three", Bonds.Kind.EVENT, "one against three"),
                new Bonds.Bond("one", "four", Bonds.Kind.EVENT, "nobody in the picture")));

    assertThat(bonds.nodes()).hasSize(3);
    assertThat(bonds.edges()).extracting(Bonds.Edge::number).containsExactly(1, 2, 3);
    Bonds.Edge term = bonds.edges().get(0);
    Bonds.Edge event = bonds.edges().get(1);
    assertThat(Math.abs(term.atX() - event.atX())).isGreaterThan(20);
    Bonds.Node one = bonds.nodes().get(0);
    Bonds.Node two = bonds.nodes().get(1);
    assertThat(term.y1()).isEqualTo(two.y());
    assertThat(term.y2()).isEqualTo(one.y() + one.height());
    assertThat(bonds.edges().get(2).x1()).isEqualTo(one.x() + one.width());
    assertThat(bonds.nodes()).allSatisfy(node -> assertThat(node.x()).isBetween(0, 202));
  }

  @Test
  void withoutOthersTheTwoSidesStandInTheMiddle() {
    Bonds bonds = Bonds.of("b", "Bonds", List.of(ONE, TWO), List.of(), List.of());

    assertThat(bonds.nodes()).extracting(Bonds.Node::centre).containsOnly(Bonds.WIDTH / 2);
    assertThat(bonds.nodes().get(0).y()).isLessThan(bonds.nodes().get(1).y() - 46);
  }
}
