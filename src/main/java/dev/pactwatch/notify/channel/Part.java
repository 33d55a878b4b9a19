package dev.pactwatch.notify.channel;

import dev.pactwatch.json.Kebab;
import dev.pactwatch.notify.subscription.Target.ChatService;

/** A text that templates write. Its file may have a variant for a kind or an event type. */
enum Part {
  EMAIL_SUBJECT("email-subject", ".txt", Markup.PLAIN, false),
  EMAIL_TEXT("email", ".txt", Markup.PLAIN, false),
  EMAIL_HTML("email", ".html", Markup.HTML, false),
  SLACK(Kebab.of(ChatService.SLACK), ".txt", Markup.SLACK, true),
  TEAMS(Kebab.of(ChatService.TEAMS), ".md", Markup.TEAMS, true),
  DISCORD(Kebab.of(ChatService.DISCORD), ".md", Markup.DISCORD, true),
  NTFY_TITLE("ntfy-title", ".txt", Markup.PLAIN, false),
  NTFY_TEXT("ntfy", ".txt", Markup.PLAIN, false);

  private final String stem;
  private final String ending;
  private final Markup markup;
  private final boolean single;

  Part(String stem, String ending, Markup markup, boolean single) {
    this.stem = stem;
    this.ending = ending;
    this.markup = markup;
    this.single = single;
  }

  /**
   * Name of the file.
   *
   * @param variant such as {@code digest} or {@code litigation}; null for the one that serves all
   */
  String file(String variant) {
    return stem + (variant == null ? "" : "." + variant) + ending;
  }

  Markup markup() {
    return markup;
  }

  /** Whether it writes one alert of a message, rather than the message. */
  boolean single() {
    return single;
  }
}
