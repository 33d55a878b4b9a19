package dev.pactwatch.topology;

import dev.pactwatch.agreement.Agreement;
import dev.pactwatch.matching.Kinship;
import dev.pactwatch.matching.Match;
import dev.pactwatch.tagging.Event;
import java.time.LocalDate;
import java.util.Optional;

/** What events are judged with; pure. */
public interface MatchRules {

  /** Judges one event of one day against one revision of an agreement. */
  Optional<Match> match(Event event, LocalDate date, Agreement agreement);

  /** Who belongs to whom: a unit and its parent meet under one name. */
  Kinship kinship();
}
