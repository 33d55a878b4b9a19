package dev.pactwatch.web.plot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.AgreementParty;
import dev.pactwatch.agreement.Confidence;
import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.agreement.RegistryFolder;
import dev.pactwatch.agreement.Standing;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.agreement.TermKind;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimelineTest {

  private static final LocalDate TODAY = LocalDate.parse("2026-06-01");

  @Test
  void everyDayOfThePackagedRegistryIsDrawnAsItsStandingSays() {
    LocalDate first = LocalDate.parse("2000-01-01");
    for (Agreement agreement :
        new RegistryFolder(Path.of("config", "agreements"), InstantSource.system())
            .registry()
            .all()) {
      for (Term term : agreement.terms()) {
        List<Timeline.Stretch> stretches = Timeline.stretches(agreement, term, first, TODAY);
        for (LocalDate day = first; day.isBefore(TODAY); day = day.plusDays(1)) {
          assertThat(sureOn(stretches, day))
              .as("%s on %s", agreement.id(), day)
              .isEqualTo(Standing.of(agreement, term, day).map(one -> one == Standing.IN_FORCE));
        }
      }
    }
  }

  @Test
  void aTermIsDrawnAsHoldingUpToTheDayOnWhichSomebodyLookedAndFaintlyAfterwards() {
    Timeline timeline = timeline(agreement("1", "2024-01-01", null, "2025-06-30"));

    assertThat(timeline.rows()).hasSize(1);
    List<Timeline.Bar> bars = timeline.rows().get(0).bars();
    assertThat(bars).extracting(Timeline.Bar::sure).containsExactly(true, false);
    assertThat(bars).extracting(Timeline.Bar::open).containsExactly(false, true);
    assertThat(place(bars.get(0).x())).isZero();
    assertThat(place(bars.get(1).end())).isBetween(90.0, 99.0);
    assertThat(bars.get(1).x()).isEqualTo(bars.get(0).end());
    assertThat(timeline.rows().get(0).standing()).isEqualTo("in force, checked to 30 Jun 2025");
    assertThat(timeline.rows().get(0).period()).isEqualTo("from 1 Jan 2024, no end known");
  }

  @Test
  void datesKnownToTheMonthHaveFaintEnds() {
    Timeline timeline = timeline(agreement("1", "2023-05", "2024-02", "2026-05"));

    List<Timeline.Bar> bars = timeline.rows().get(0).bars();
    assertThat(bars).extracting(Timeline.Bar::sure).containsExactly(false, true, false);
    assertThat(bars).extracting(Timeline.Bar::open).containsOnly(false);
    assertThat(timeline.rows().get(0).period()).isEqualTo("from May 2023 to Feb 2024");
    // Nothing goes on today: the picture ends with what it shows.
    assertThat(timeline.ticks()).extracting(TimeAxis.Tick::label).contains("May 2023");
  }

  @Test
  void anAlertStandsOnTheRevisionItWasJudgedAgainstElseOnTheOneOfItsDay() {
    List<Agreement> chain =
        List.of(
            agreement("1", "2023-01-01", "2024-06-01", "2026-05-01"),
            agreement("2", "2024-06-01", null, "2026-05-01"));
    Timeline timeline =
        Timeline.of(
            "t",
            "History",
            chain,
            List.of(
                occurrence("chain-2", "2023-03-01", "told of revision 2"),
                occurrence("gone", "2023-03-01", "in the time of revision 1")),
            TODAY);

    assertThat(timeline.rows().get(0).marks())
        .extracting(Timeline.Mark::label)
        .containsExactly("in the time of revision 1");
    assertThat(timeline.rows().get(1).marks())
        .extracting(Timeline.Mark::label)
        .containsExactly("told of revision 2");
    assertThat(timeline.rows().get(1).marks().get(0).when()).isEqualTo("1 Mar 2023");
  }

  @Test
  void alertsOfOneDayDoNotCoverEachOtherAndMakeTheirRowHigher() {
    Agreement agreement = agreement("1", "2024-01-01", null, "2026-05-01");
    Timeline one = Timeline.of("t", "h", List.of(agreement), one("2026-03-01"), TODAY);
    Timeline two =
        Timeline.of(
            "t",
            "h",
            List.of(agreement),
            List.of(one("2026-03-01").get(0), one("2026-03-01").get(0)),
            TODAY);

    assertThat(two.rows().get(0).marks()).extracting(Timeline.Mark::y).doesNotHaveDuplicates();
    assertThat(two.height()).isGreaterThan(one.height());
  }

  @Test
  void wordsThatTurnTheDirectionOfTextAreMadeVisible() {
    Timeline timeline =
        Timeline.of(
            "t",
            "h",
            List.of(agreement("1", "2024-01-01", null, "2026-05-01")),
            List.of(occurrence("chain-1", "2026-01-01", "a\u202Eb")),
            TODAY);

    assertThat(timeline.rows().get(0).marks().get(0).label()).isEqualTo("a\uFFFDb");
  }

  @Test
  void ticksAreAtWholeYearsOrMonthsAndNeverTooMany() {
    for (int months = 1; months < 400; months++) {
      TimeAxis axis = TimeAxis.spanning(TODAY.minusMonths(months), TODAY);
      assertThat(axis.ticks()).hasSizeBetween(1, 10);
      assertThat(axis.ticks().get(0).x()).isEqualTo("0.00%");
    }
    assertThat(TimeAxis.spanning(LocalDate.parse("2019-07-22"), TODAY).ticks())
        .extracting(TimeAxis.Tick::label)
        .startsWith("2019")
        .endsWith("2026");
    assertThat(TimeAxis.spanning(LocalDate.parse("2026-02-10"), TODAY).ticks())
        .extracting(TimeAxis.Tick::label)
        .containsExactly("Feb 2026", "Mar 2026", "Apr 2026", "May 2026", "Jun 2026");
  }

  private static Optional<Boolean> sureOn(List<Timeline.Stretch> stretches, LocalDate day) {
    return stretches.stream()
        .filter(one -> !day.isBefore(one.from()) && day.isBefore(one.to()))
        .map(Timeline.Stretch::sure)
        .findFirst();
  }

  private static Timeline timeline(Agreement agreement) {
    return Timeline.of("t", "History", List.of(agreement), List.of(), TODAY);
  }

  private static List<Timeline.Occurrence> one(String day) {
    return List.of(occurrence("chain-1", day, "happened"));
  }

  private static Timeline.Occurrence occurrence(String agreement, String day, String label) {
    return new Timeline.Occurrence(
        agreement, LocalDate.parse(day), label, "/alerts/a1", "high", false);
  }

  private static double place(String percent) {
    return Double.parseDouble(percent.replace("%", ""));
  }

  private static Agreement agreement(String revision, String from, String to, String checked) {
    return new Agreement(
        "chain-" + revision,
        "Borealis is the only cloud of Lumen",
        "chain",
        revision,
        List.of(
            new AgreementParty("lumen", "Lumen Labs", "grantor"),
            new AgreementParty("borealis", "Borealis Cloud", "beneficiary")),
        List.of(new Term(TermKind.EXCLUSIVE, "compute", "lumen", "borealis", null, List.of())),
        PartialDate.parse(from),
        to == null ? null : PartialDate.parse(to),
        null,
        to == null ? "in-force" : "superseded",
        PartialDate.parse(checked),
        Confidence.HIGH,
        List.of(),
        List.of(),
        null);
  }
}
