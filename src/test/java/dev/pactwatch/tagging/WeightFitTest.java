package dev.pactwatch.tagging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.lexicon.Lexicon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFitTest {

  private static final Path LEXICON = Path.of("config", "lexicon");

  @Test
  void whatSpeaksForAnEventGetsAPositiveWeightAndWhatSpeaksAgainstANegativeOne() {
    WeightFit.Fitted fitted = fit();

    assertThat(fitted.examples()).isEqualTo(40);
    assertThat(fitted.right()).isEqualTo(20);
    assertThat(fitted.weights().get("word duration")).isPositive();
    assertThat(fitted.weights().get("word outage")).isNegative();
    assertThat(fitted.precision()).isEqualTo(1);
    assertThat(fitted.recall()).isEqualTo(1);
  }

  @Test
  void theSameItemsGiveTheSameWeights() {
    assertThat(fit().yaml()).isEqualTo(fit().yaml());
  }

  @Test
  void aTermThatDoesNotExistIsRefusedWithItsPlace(@TempDir Path directory) throws IOException {
    try (Stream<Path> files = Files.list(LEXICON)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
    Path weights = directory.resolve("weights.yaml");
    Files.writeString(weights, "weights:\n  litigation:\n    moon-phase: 2\n");

    assertThatThrownBy(() -> new Tagger(Lexicon.load(directory)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(weights + ":3")
        .hasMessageContaining("'moon-phase' is unknown");
  }

  private static WeightFit.Fitted fit() {
    List<WeightFit.Item> items = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      items.add(
          TagJson.labelled(
              "{\"id\":\"y"
                  + i
                  + "\",\"title\":\"Zibbo signs five-year cloud contract with Quandle\",\"events\":"
                  + "[{\"type\":\"cloud-partnership\",\"parties\":[{\"name\":\"Zibbo\"}]}]}"));
      items.add(
          TagJson.labelled(
              "{\"id\":\"n"
                  + i
                  + "\",\"title\":\"Zibbo signs off cloud outage with Quandle\",\"events\":[]}"));
    }
    return new WeightFit(new Tagger(Lexicon.load(LEXICON)))
        .fit(items).stream()
            .filter(each -> each.type() == EventType.CLOUD_PARTNERSHIP)
            .findFirst()
            .orElseThrow();
  }
}
