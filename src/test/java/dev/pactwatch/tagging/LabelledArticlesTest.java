package dev.pactwatch.tagging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.json.Json;
import dev.pactwatch.lexicon.Lexicon;
import dev.pactwatch.lexicon.Organisation;
import dev.pactwatch.lexicon.Organisations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Labelled retellings of real events: the scores may rise but not fall. Counted as the annotation
 * guide says: per item and type, background events neither way, units folded into their groups.
 */
class LabelledArticlesTest {

  private static final Path ITEMS = Path.of("src", "test", "resources", "eval", "articles.jsonl");
  private static final Map<EventType, Counts> COUNTS = new EnumMap<>(EventType.class);
  private static Organisations organisations;

  private static final class Counts {
    int found;
    int invented;
    int missed;
    int parties;
    int partiesInvented;
    int partiesMissed;
    int roles;
    int statuses;

    double detection() {
      return 2.0 * found / (2 * found + invented + missed);
    }

    double partyScore() {
      return 2.0 * parties / (2 * parties + partiesInvented + partiesMissed);
    }
  }

  @BeforeAll
  static void tagAll() throws IOException {
    Lexicon lexicon = Lexicon.load(Path.of("config", "lexicon"));
    organisations = lexicon.organisations();
    Tagger tagger = new Tagger(lexicon);
    for (EventType type : EventType.values()) {
      COUNTS.put(type, new Counts());
    }
    for (String line : Files.readAllLines(ITEMS)) {
      TagJson.Item item = TagJson.read(line);
      JsonNode gold = Json.mapper().readTree(line).get("events");
      List<Event> events = tagger.tag(item.title(), item.description(), item.body(), item.date());
      for (EventType type : EventType.values()) {
        count(type, gold, events);
      }
    }
  }

  @Test
  void suitsAreFoundWithTheirPartiesAndStatus() {
    Counts counts = COUNTS.get(EventType.LITIGATION);

    assertThat(counts.detection()).as("detection F1").isGreaterThanOrEqualTo(0.95);
    assertThat(counts.partyScore()).as("parties F1").isGreaterThanOrEqualTo(0.84);
    assertThat(counts.roles / (double) counts.parties).as("roles").isGreaterThanOrEqualTo(0.90);
    assertThat(counts.statuses / (double) counts.found).as("status").isGreaterThanOrEqualTo(0.88);
  }

  @Test
  void cloudPartnershipsAreFoundWithTheirPartiesAndStatus() {
    Counts counts = COUNTS.get(EventType.CLOUD_PARTNERSHIP);

    assertThat(counts.detection()).as("detection F1").isGreaterThanOrEqualTo(0.90);
    assertThat(counts.partyScore()).as("parties F1").isGreaterThanOrEqualTo(0.88);
    assertThat(counts.roles / (double) counts.parties).as("roles").isGreaterThanOrEqualTo(0.95);
    assertThat(counts.statuses / (double) counts.found).as("status").isGreaterThanOrEqualTo(0.80);
  }

  private static void count(EventType type, JsonNode gold, List<Event> events) {
    JsonNode best = null;
    boolean background = false;
    for (JsonNode each : gold) {
      if (each.get("type").asText().equals(type.label())) {
        background |= each.path("background").asBoolean();
        if (!each.path("background").asBoolean() && best == null) {
          best = each;
        }
      }
    }
    Event found =
        events.stream()
            .filter(each -> each.type() == type && !each.background())
            .findFirst()
            .orElse(null);
    Counts counts = COUNTS.get(type);
    if (best == null && background) {
      return;
    }
    if (best != null && found != null) {
      counts.found++;
      compare(counts, best, found);
    } else if (best != null) {
      counts.missed++;
    } else if (found != null) {
      counts.invented++;
    }
  }

  private static void compare(Counts counts, JsonNode gold, Event found) {
    counts.statuses += gold.get("status").asText().equals(found.status().label()) ? 1 : 0;
    Map<String, String> wanted = new HashMap<>();
    Set<String> either = new HashSet<>();
    for (JsonNode party : gold.get("parties")) {
      String key = fold(party.get("name").asText());
      if (party.path("optional").asBoolean()) {
        either.add(key);
      } else {
        wanted.put(key, party.get("role").asText());
      }
    }
    Map<String, String> given = new HashMap<>();
    for (Party party : found.parties()) {
      String key =
          party.organisation() == null
              ? fold(party.name())
              : organisations.group(party.organisation());
      if (!either.contains(key)) {
        given.put(key, party.role().label());
      }
    }
    for (Map.Entry<String, String> each : wanted.entrySet()) {
      String role = given.remove(each.getKey());
      if (role == null) {
        counts.partiesMissed++;
      } else {
        counts.parties++;
        counts.roles += role.equals(each.getValue()) ? 1 : 0;
      }
    }
    counts.partiesInvented += given.size();
  }

  private static String fold(String name) {
    return organisations
        .byName(name)
        .map(Organisation::id)
        .map(organisations::group)
        .orElseGet(() -> name.toLowerCase(Locale.ROOT).replaceFirst("^the ", ""));
  }
}
