package dev.pactwatch.hostile.fuzz;

import java.util.List;

/**
 * Documents of subscriptions: the fields that there are, with values that some of them can have.
 */
final class SubscriptionText {

  private static final List<String> HEADS =
      List.of(
          "id: a\nchannel: console\n",
          "id: b-2\nchannel: console\n",
          "{id: c, channel: console}\n",
          "id: a\nchannel: kafka\ntopic: a\n",
          "id: desk\nchannel: console\nowner: us\n",
          "id: A B\nchannel: console\n",
          "channel: console\n",
          "id: a\n"
              + "channel: webhook\n"
              + "url: https://h.example/x\n"
              + "secrets: [{value: whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}]\n");

  private static final List<String> FIELDS =
      List.of(
          "severity: high",
          "severity: loud",
          "relations: [conflict, dispute]",
          "relations: conflict",
          "types: [litigation]",
          "statuses: [filed, agreed]",
          "statuses: [x]",
          "changes: [opened]",
          "organisations: [openai, microsoft]",
          "agreements: [a]",
          "text: [cloud, \"*\"]",
          "text: [\"\"]",
          "certain: true",
          "certain: maybe",
          "historical: false",
          "except: [{severity: low}]",
          "except: [{except: [{}]}]",
          "timing: at-once",
          "timing: {digest: hourly}",
          "timing: {digest: daily, at: \"08:00\", time-zone: Europe/Berlin}",
          "timing: {group-by: [agreement], group-wait: 30s, group-interval: 5m}",
          "timing: {digest: weekly, on: someday}",
          "quiet-hours: {from: \"22:00\", to: \"07:00\", time-zone: UTC}",
          "quiet-hours: {from: \"25:00\", to: \"07:00\"}",
          "rate: {per-minute: 30, at-once: 2}",
          "rate: {per-minute: -1}",
          "retries: [5s, 1m]",
          "retries: [P1D, 99999999999h]",
          "latest-only: true",
          "start: now",
          "notices: b",
          "mute-times: [x]",
          "active-times: x");

  private SubscriptionText() {}

  static String of(Choices choices) {
    StringBuilder text = new StringBuilder(choices.of(HEADS));
    java.util.Set<String> names = new java.util.HashSet<>();
    for (int i = choices.below(6); i > 0; i--) {
      String field = choices.of(FIELDS);
      if (names.add(field.substring(0, field.indexOf(':'))) || choices.yes(10)) {
        text.append(field).append('\n');
      }
    }
    if (choices.yes(20)) {
      int at = choices.below(text.length());
      text.insert(at, choices.text(12));
    }
    return text.toString();
  }
}
