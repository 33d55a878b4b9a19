package dev.pactwatch.tagging;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Items and their events as JSON Lines, the form in which labelled items are kept. */
public final class TagJson {

  private TagJson() {}

  /**
   * An item to be tagged.
   *
   * @param id any text
   * @param date day of publication, null where not given
   * @param title may be null
   * @param description may be null
   * @param body may be null
   */
  public record Item(String id, LocalDate date, String title, String description, String body) {}

  private record Line(String id, List<Event> events) {}

  /**
   * Reads {@code {"id", "date", "title", "description", "body"}}; other fields are ignored.
   *
   * @throws IllegalArgumentException with a reason to show when the line is no item
   */
  public static Item read(String line) {
    JsonNode json;
    try {
      json = Json.mapper().readTree(line);
    } catch (IOException e) {
      throw new IllegalArgumentException("is not JSON", e);
    }
    if (json == null || !json.isObject()) {
      throw new IllegalArgumentException("is no JSON object");
    }
    JsonNode id = json.get("id");
    if (id == null || !id.isValueNode() || id.isNull()) {
      throw new IllegalArgumentException("id: is missing");
    }
    return new Item(
        id.asText(),
        date(text(json, "date")),
        text(json, "title"),
        text(json, "description"),
        text(json, "body"));
  }

  /**
   * Reads an item with the events that a person found in it, {@code {"events": [{"type", "parties":
   * [{"name"}], "background"}]}} besides the fields of {@link #read}.
   *
   * @throws IllegalArgumentException with a reason to show when the line is no labelled item
   */
  public static WeightFit.Item labelled(String line) {
    Item item = read(line);
    JsonNode events;
    try {
      events = Json.mapper().readTree(line).get("events");
    } catch (IOException e) {
      throw new IllegalArgumentException("is not JSON", e);
    }
    if (events == null || !events.isArray()) {
      throw new IllegalArgumentException("events: is missing");
    }
    Map<EventType, List<String>> parties = new EnumMap<>(EventType.class);
    Set<EventType> background = EnumSet.noneOf(EventType.class);
    for (JsonNode event : events) {
      EventType type = type(text(event, "type"));
      if (event.path("background").asBoolean(false)) {
        background.add(type);
      } else {
        List<String> names = parties.computeIfAbsent(type, each -> new ArrayList<>());
        event.path("parties").forEach(party -> names.add(party.path("name").asText()));
      }
    }
    return new WeightFit.Item(
        item.id(), item.title(), item.description(), item.body(), item.date(), parties, background);
  }

  private static EventType type(String label) {
    for (EventType type : EventType.values()) {
      if (type.label().equals(label)) {
        return type;
      }
    }
    throw new IllegalArgumentException("events: type '" + label + "' is unknown");
  }

  /** {@code {"id": ..., "events": [...]}} without a line end. */
  public static String write(String id, List<Event> events) {
    return Json.write(new Line(id, events));
  }

  private static LocalDate date(String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    try {
      return LocalDate.parse(text.length() > 10 ? text.substring(0, 10) : text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("date: must be a day such as 2025-01-21", e);
    }
  }

  private static String text(JsonNode json, String field) {
    JsonNode value = json.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new IllegalArgumentException(field + ": must be a text");
    }
    return value.textValue();
  }
}
