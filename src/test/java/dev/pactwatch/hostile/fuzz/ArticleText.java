package dev.pactwatch.hostile.fuzz;

import java.util.List;

/** Texts of the words that the tagger looks for, in any order, and of any others. */
final class ArticleText {

  private static final List<String> WORDS =
      List.of(
          "Microsoft",
          "OpenAI",
          "Amazon",
          "AWS",
          "Oracle",
          "Google Cloud",
          "CoreWeave",
          "Anthropic",
          "Nvidia",
          "SAP",
          "the company",
          "the start-up",
          "its rival",
          "a judge",
          "sues",
          "sued",
          "considers suing",
          "files suit against",
          "settles with",
          "signs",
          "signed",
          "expands",
          "ends",
          "extends",
          "agrees to",
          "in talks with",
          "denies",
          "exclusive",
          "non-exclusive",
          "preferred",
          "sole",
          "cloud deal",
          "cloud partnership",
          "computing contract",
          "lawsuit",
          "agreement",
          "partnership",
          "right of first refusal",
          "over",
          "with",
          "and",
          "to",
          "for",
          "of",
          "worth",
          "$10 billion",
          "50bn dollars",
          "€3.5m",
          "up to",
          "five-year",
          "in 2019",
          "last year",
          ",",
          ".",
          ". ",
          "\n\n",
          "\"",
          "(",
          ")",
          "-",
          "’s",
          "'s",
          ":",
          "not",
          "no longer",
          "Azure",
          "TPUs",
          "Frontier",
          "capacity",
          "provider",
          "said",
          "according to",
          "after",
          "from");

  private ArticleText() {}

  static String line(Choices choices, int most) {
    StringBuilder line = new StringBuilder();
    for (int i = choices.below(most + 1); i >= 0; i--) {
      if (choices.yes(92)) {
        line.append(choices.of(WORDS));
      } else {
        line.append(choices.text(12));
      }
      line.append(choices.yes(95) ? " " : "");
    }
    return line.toString();
  }
}
