package dev.pactwatch.notify.channel;

/**
 * How a value of a template is written into the text around it, so that it shows as itself and does
 * nothing. Every value passes through here; a template cannot get around it.
 */
enum Markup {
  /** Mail without markup, subjects, push messages. */
  PLAIN,
  /** Between tags and in attributes, quoted or not. */
  HTML,
  /**
   * Slack's mrkdwn. It knows no escape for its signs, so that they give way to others that look
   * like them.
   */
  SLACK,
  /** Markdown of Adaptive Cards. */
  TEAMS,
  /** Discord's Markdown. */
  DISCORD;

  /**
   * @param value what a template prints: a text, a number, or a {@link Link}
   */
  String escape(Object value) {
    if (value instanceof Link link) {
      return switch (this) {
        case PLAIN -> link.url();
        case HTML -> html(link.url());
        // An underscore or a tilde means the same encoded, and is no sign then.
        case SLACK -> slack(link.without("_~@").url());
        case TEAMS, DISCORD -> link.without("_~@").url();
      };
    }
    String text = Clean.line(String.valueOf(value));
    return switch (this) {
      case PLAIN -> text;
      case HTML -> html(text);
      case SLACK -> slack(text);
      case TEAMS, DISCORD -> markdown(text);
    };
  }

  private static String html(String text) {
    StringBuilder html = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> html.append("&amp;");
        case '<' -> html.append("&lt;");
        case '>' -> html.append("&gt;");
        // The last two matter in an attribute that a template forgot to quote.
        case '"', '\'', '`', '=' -> html.append("&#").append((int) c).append(';');
        default -> html.append(c);
      }
    }
    return html.toString();
  }

  private static String slack(String text) {
    StringBuilder slack = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> slack.append("&amp;");
        case '<' -> slack.append("&lt;");
        // At the start of a line it would quote, escaped or not.
        case '>' -> slack.append(i == 0 ? "\u203a" : "&gt;");
        case '*' -> slack.append('\u2217');
        case '_' -> slack.append('\uff3f');
        case '~' -> slack.append('\u223c');
        case '`' -> slack.append('\u02cb');
        case '@' -> slack.append('\uff20');
        default -> slack.append(c);
      }
    }
    return slack.toString();
  }

  private static String markdown(String text) {
    StringBuilder markdown = new StringBuilder(text.length() + 16);
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean sign = "\\*_~`|<>#[](){}@".indexOf(c) >= 0;
      boolean list = (i == 0 && "-+=".indexOf(c) >= 0) || (i > 0 && i == digits && c == '.');
      // Neither an address nor a host name in a text becomes a link.
      boolean address =
          (c == '/' && i > 0 && (text.charAt(i - 1) == '/' || text.charAt(i - 1) == ':'))
              || (c == '.' && i >= 3 && text.regionMatches(true, i - 3, "www", 0, 3))
              || (c == ':' && i >= 6 && text.regionMatches(true, i - 6, "mailto", 0, 6));
      if (sign || list || address) {
        markdown.append('\\');
      }
      markdown.append(c);
    }
    return markdown.toString();
  }
}
