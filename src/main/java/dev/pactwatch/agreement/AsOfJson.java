package dev.pactwatch.agreement;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.pactwatch.json.Json;
import java.util.List;

/**
 * The answer to {@code agreements as-of DATE --json}: an array of objects, one per term that holds.
 */
public final class AsOfJson {

  private AsOfJson() {}

  /**
   * One term.
   *
   * @param agreement id of the revision
   * @param certainty how surely it holds on that day
   * @param checkedTo the day up to which somebody looked
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Row(
      String agreement,
      String chain,
      String revision,
      TermKind kind,
      String topic,
      String grantor,
      String beneficiary,
      String scope,
      List<String> carveOuts,
      List<String> carveOutsInWords,
      PartialDate effectiveFrom,
      PartialDate effectiveTo,
      Standing certainty,
      PartialDate checkedTo,
      Confidence confidence,
      Source source) {}

  public static List<Row> rows(List<InForce> answers) {
    return answers.stream().map(AsOfJson::row).toList();
  }

  private static Row row(InForce answer) {
    Agreement agreement = answer.agreement();
    Term term = answer.term();
    return new Row(
        agreement.id(),
        agreement.chain(),
        agreement.revision(),
        term.kind(),
        term.topic(),
        term.grantor(),
        term.beneficiary(),
        term.scope(),
        term.carveOuts(),
        agreement.carveOuts(),
        agreement.effectiveFrom(),
        agreement.effectiveTo(),
        answer.certainty(),
        answer.checkedTo(),
        agreement.confidence(),
        answer.source());
  }

  /** One object per line, the whole an array. */
  public static String write(List<InForce> answers) {
    List<Row> rows = rows(answers);
    if (rows.isEmpty()) {
      return "[]";
    }
    StringBuilder text = new StringBuilder("[\n");
    for (int i = 0; i < rows.size(); i++) {
      text.append("  ").append(Json.write(rows.get(i))).append(i + 1 < rows.size() ? ",\n" : "\n");
    }
    return text.append(']').toString();
  }
}
