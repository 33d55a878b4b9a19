package dev.pactwatch.matching;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.agreement.PartialDate;
import dev.pactwatch.agreement.Term;
import dev.pactwatch.tagging.Event;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Party;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Agreements by the groups of their parties and by date: finds those that an event could touch
 * without looking at the others. Immutable.
 */
public final class AgreementIndex {

  /** An agreement can matter for this long after its end: news of a change, or a late suit. */
  private static final int AFTERMATH_DAYS = 366;

  /** First and last day on which an agreement can matter, as epoch days. */
  private record Entry(long first, long last, Agreement agreement) {}

  private static final Entry[] NOTHING = {};

  private final Map<String, Entry[]> byGrantor;
  private final Map<String, Entry[]> byBeneficiary;
  private final Kinship kinship;
  private final int size;

  private AgreementIndex(
      Map<String, Entry[]> byGrantor,
      Map<String, Entry[]> byBeneficiary,
      Kinship kinship,
      int size) {
    this.byGrantor = byGrantor;
    this.byBeneficiary = byBeneficiary;
    this.kinship = kinship;
    this.size = size;
  }

  public static AgreementIndex of(Collection<Agreement> agreements, Kinship kinship) {
    Map<String, List<Entry>> byGrantor = new HashMap<>();
    Map<String, List<Entry>> byBeneficiary = new HashMap<>();
    for (Agreement agreement : agreements) {
      PartialDate from = agreement.effectiveFrom();
      PartialDate to = agreement.effectiveTo();
      Entry entry =
          new Entry(
              from == null ? Long.MIN_VALUE : from.first().toEpochDay(),
              to == null ? Long.MAX_VALUE : to.last().toEpochDay() + AFTERMATH_DAYS,
              agreement);
      Set<String> grantors = new HashSet<>();
      Set<String> beneficiaries = new HashSet<>();
      for (Term term : agreement.terms()) {
        grantors.add(kinship.group(term.grantor()));
        beneficiaries.add(kinship.group(term.beneficiary()));
      }
      beneficiaries.removeAll(grantors);
      grantors.forEach(key -> byGrantor.computeIfAbsent(key, k -> new ArrayList<>(1)).add(entry));
      beneficiaries.forEach(
          key -> byBeneficiary.computeIfAbsent(key, k -> new ArrayList<>(1)).add(entry));
    }
    return new AgreementIndex(sorted(byGrantor), sorted(byBeneficiary), kinship, agreements.size());
  }

  private static Map<String, Entry[]> sorted(Map<String, List<Entry>> lists) {
    Map<String, Entry[]> sorted = new HashMap<>(lists.size() * 2);
    lists.forEach(
        (group, entries) -> {
          entries.sort(
              Comparator.comparingLong(Entry::first)
                  .thenComparing(entry -> entry.agreement().id()));
          sorted.put(group, entries.toArray(NOTHING));
        });
    return sorted;
  }

  public int size() {
    return size;
  }

  /**
   * Hands over, once each, the agreements that the event may touch on that day: for a deal those
   * whose grantor takes part, for a litigation those of which any side does. {@link
   * Relation#TOUCHES} asks for more than is found here.
   */
  public void candidates(Event event, LocalDate date, Consumer<Agreement> consumer) {
    long day = date.toEpochDay();
    boolean anySide = event.type() == EventType.LITIGATION;
    List<Party> parties = event.parties();
    String[] groups = new String[parties.size()];
    int known = 0;
    for (Party party : parties) {
      String organisation = party.organisation();
      if (organisation != null) {
        String group = kinship.group(organisation);
        if (!contains(groups, known, group)) {
          groups[known++] = group;
        }
      }
    }
    for (int i = 0; i < known; i++) {
      hand(byGrantor.getOrDefault(groups[i], NOTHING), groups, i, anySide, day, consumer);
      if (anySide) {
        hand(byBeneficiary.getOrDefault(groups[i], NOTHING), groups, i, true, day, consumer);
      }
    }
  }

  private void hand(
      Entry[] entries,
      String[] groups,
      int handled,
      boolean anySide,
      long day,
      Consumer<Agreement> consumer) {
    for (Entry entry : entries) {
      if (entry.first() > day) {
        return;
      }
      if (entry.last() >= day
          && (handled == 0 || !metBefore(entry.agreement(), groups, handled, anySide))) {
        consumer.accept(entry.agreement());
      }
    }
  }

  private boolean metBefore(Agreement agreement, String[] groups, int handled, boolean anySide) {
    for (Term term : agreement.terms()) {
      if (contains(groups, handled, kinship.group(term.grantor()))
          || (anySide && contains(groups, handled, kinship.group(term.beneficiary())))) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(String[] groups, int length, String group) {
    for (int i = 0; i < length; i++) {
      if (groups[i].equals(group)) {
        return true;
      }
    }
    return false;
  }
}
