package dev.pactwatch.hostile.fuzz;

import java.util.List;

/** Headlines of what means something to a browser, a mail program, a chat or a terminal. */
final class MarkupText {

  private static final List<String> PIECES =
      List.of(
          "<",
          ">",
          "&",
          "\"",
          "'",
          "`",
          "*",
          "_",
          "~",
          "|",
          "[",
          "]",
          "(",
          ")",
          "{",
          "}",
          "!",
          "#",
          "@",
          "\\",
          "/",
          ":",
          "=",
          "+",
          "-",
          "\r\n",
          "\n",
          "\t",
          "\u001b[31m",
          "\u0007",
          "\u202e",
          "\u200b",
          "\ufeff",
          "\ud800",
          "\u2028",
          "script",
          "onerror=",
          "javascript:",
          "https://evil.example/",
          "www.evil.example",
          "mailto:a@b.example",
          "<!channel>",
          "<@U1>",
          "@everyone",
          "<at>",
          "]]>",
          "-->",
          "<!--",
          "&lt;",
          "&#60;",
          "=?utf-8?q?=0d?=",
          "Bcc: x@y.example",
          "1. ",
          "- ",
          "> ",
          "```",
          "||",
          "$(",
          "{{",
          "}}",
          "{alert.id}",
          "é",
          "漢",
          "😀",
          "\u0301",
          "word",
          " ",
          "  ",
          "A long headline about a cloud deal");

  private MarkupText() {}

  static String of(Choices choices) {
    StringBuilder text = new StringBuilder();
    for (int i = choices.below(40); i >= 0; i--) {
      text.append(choices.yes(90) ? choices.of(PIECES) : choices.text(20));
    }
    return text.toString();
  }
}
