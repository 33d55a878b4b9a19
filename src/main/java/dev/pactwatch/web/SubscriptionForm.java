package dev.pactwatch.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.json.Json;
import dev.pactwatch.json.Kebab;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.notify.subscription.Target;
import dev.pactwatch.tagging.EventType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The fields of the form that writes a subscription's document, as given; the secret is not shown
 * again. What is wrong with the document is said by who reads it.
 *
 * @param address URL, mail addresses or topic, by channel
 * @param at time of a digest
 */
public record SubscriptionForm(
    String id,
    List<PageResource.Choice> channels,
    String address,
    List<PageResource.Choice> severities,
    List<PageResource.Choice> relations,
    List<PageResource.Choice> types,
    String organisations,
    boolean certain,
    List<PageResource.Choice> timings,
    String at,
    String quietFrom,
    String quietTo,
    String zone,
    ObjectNode document) {

  /** Their address is a secret. */
  private static final List<String> CHATS =
      Arrays.stream(Target.ChatService.values()).map(Kebab::of).toList();

  private static final List<String> CHANNELS =
      Stream.of(List.of("webhook", "email"), CHATS, List.of("ntfy", "kafka", "feed", "console"))
          .flatMap(List::stream)
          .toList();
  private static final String AT_ONCE = "at-once";
  private static final List<String> TIMINGS = List.of(AT_ONCE, "hourly", "daily", "weekly");

  /** Nothing filled in yet. */
  static final SubscriptionForm EMPTY = of(new MultivaluedHashMap<>());

  static SubscriptionForm of(MultivaluedMap<String, String> fields) {
    String channel = chosen(fields, "channel", CHANNELS);
    String timing = chosen(fields, "timing", TIMINGS);
    List<String> severities = Arrays.stream(Severity.values()).map(Kebab::of).toList();
    String severity = chosen(fields, "severity", severities);
    List<String> relations = fields.getOrDefault("relations", List.of());
    List<String> types = fields.getOrDefault("types", List.of());
    return new SubscriptionForm(
        text(fields, "id"),
        choices(CHANNELS.stream(), List.of(channel)),
        text(fields, "address"),
        choices(severities.stream(), List.of(severity)),
        choices(Arrays.stream(Relation.values()).map(Kebab::of), relations),
        choices(Arrays.stream(EventType.values()).map(EventType::label), types),
        text(fields, "organisations"),
        fields.containsKey("certain"),
        choices(TIMINGS.stream(), List.of(timing)),
        text(fields, "at"),
        text(fields, "quiet-from"),
        text(fields, "quiet-to"),
        text(fields, "zone"),
        document(fields, channel, severity, timing));
  }

  private static ObjectNode document(
      MultivaluedMap<String, String> fields, String channel, String severity, String timing) {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("id", text(fields, "id")).put("channel", channel);
    target(document, channel, text(fields, "address"), text(fields, "secret"));
    if (!severity.equals(Kebab.of(Severity.LOW))) {
      document.put("severity", severity);
    }
    list(document, "relations", fields.getOrDefault("relations", List.of()));
    list(document, "types", fields.getOrDefault("types", List.of()));
    list(document, "organisations", parts(text(fields, "organisations")));
    if (fields.containsKey("certain")) {
      document.put("certain", true);
    }
    String zone = text(fields, "zone");
    if (!timing.equals(AT_ONCE)) {
      ObjectNode digest = document.putObject("timing").put("digest", timing);
      if (!timing.equals("hourly")) {
        put(digest, "at", text(fields, "at"));
        put(digest, "time-zone", zone);
      }
    }
    if (!text(fields, "quiet-from").isEmpty() || !text(fields, "quiet-to").isEmpty()) {
      ObjectNode quiet = document.putObject("quiet-hours");
      put(quiet, "from", text(fields, "quiet-from"));
      put(quiet, "to", text(fields, "quiet-to"));
      put(quiet, "time-zone", zone);
    }
    return document;
  }

  private static void target(ObjectNode document, String channel, String address, String secret) {
    if (CHATS.contains(channel)) {
      document.putObject("url").put("value", address);
      return;
    }
    switch (channel) {
      case "webhook" -> {
        document.put("url", address);
        document.putArray("secrets").addObject().put("value", secret);
      }
      case "email" -> list(document, "to", parts(address));
      case "ntfy" -> {
        // As the apps show it: the topic is the last part of the address.
        int slash = address.lastIndexOf('/');
        if (slash > "https://".length()) {
          document.put("server", address.substring(0, slash));
        }
        document.put("topic", address.substring(slash + 1));
        if (!secret.isEmpty()) {
          document.putObject("token").put("value", secret);
        }
      }
      case "kafka" -> put(document, "topic", address);
      case "feed" -> document.putObject("key").put("value", secret);
      default -> {
        // A console has no address.
      }
    }
  }

  private static void put(ObjectNode node, String field, String value) {
    if (!value.isEmpty()) {
      node.put(field, value);
    }
  }

  private static void list(ObjectNode node, String field, List<String> values) {
    if (!values.isEmpty()) {
      ArrayNode array = node.putArray(field);
      values.forEach(array::add);
    }
  }

  private static List<String> parts(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  private static List<PageResource.Choice> choices(Stream<String> values, List<String> chosen) {
    List<PageResource.Choice> choices = new ArrayList<>();
    values.forEach(
        value ->
            choices.add(
                new PageResource.Choice(
                    value, Words.capital(Words.label(value)), chosen.contains(value))));
    return List.copyOf(choices);
  }

  /** One of the values; the first unless another is given. */
  private static String chosen(
      MultivaluedMap<String, String> fields, String name, List<String> values) {
    String given = text(fields, name);
    return values.contains(given) ? given : values.get(0);
  }

  private static String text(MultivaluedMap<String, String> fields, String name) {
    String given = fields.getFirst(name);
    return given == null ? "" : given.strip();
  }
}
