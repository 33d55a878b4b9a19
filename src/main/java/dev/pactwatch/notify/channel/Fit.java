package dev.pactwatch.notify.channel;

/** Texts that keep to the limits of a service, and show where something is left out. */
final class Fit {

  private Fit() {}

  /**
   * The text, or its beginning and a mark. Cut at the end of a line or else of a word, and not
   * within one of Slack's {@code <links>}.
   *
   * @param more stands at the end of what was cut, such as a link to the rest
   */
  static String text(String text, int length, String more) {
    if (text.length() <= length) {
      return text;
    }
    String mark = Clean.CUT + (more.isEmpty() ? "" : " " + more);
    int room = Math.max(0, length - mark.length() - 1);
    int end = text.lastIndexOf('\n', room);
    String separator = "\n";
    if (end < room / 2) {
      end = text.lastIndexOf(' ', room);
      separator = " ";
    }
    if (end < room / 2) {
      end = room;
      separator = "";
      if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
        end--;
      }
    }
    String kept = text.substring(0, end);
    int open = kept.lastIndexOf('<');
    if (open >= 0 && kept.startsWith("http", open + 1) && kept.indexOf('>', open) < 0) {
      kept = kept.substring(0, open);
    }
    return kept.stripTrailing() + separator + mark;
  }
}
