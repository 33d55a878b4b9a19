package dev.pactwatch.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalSortTest {

  @TempDir Path folder;

  @Test
  void whatDoesNotFitIntoMemoryComesInTheSameOrder() throws IOException {
    Path aside = folder.resolve("aside");
    List<String> expected;
    try (ExternalSort inMemory = new ExternalSort(aside)) {
      fill(inMemory);
      expected = values(inMemory);
      assertThat(aside).doesNotExist();
    }

    try (ExternalSort onDisk = new ExternalSort(aside, 500)) {
      fill(onDisk);
      assertThat(files(aside)).hasSizeGreaterThan(10);
      assertThat(values(onDisk)).hasSize(1_000).isEqualTo(expected);
    }
    assertThat(files(aside)).isEmpty();
  }

  @Test
  void keysAreComparedPartByPartAndNegativeTimesComeFirst() throws IOException {
    try (ExternalSort sort = new ExternalSort(folder)) {
      for (String time : List.of("2026-01-01T00:00:00Z", "1850-01-01T00:00:00Z")) {
        for (String name : List.of("b", "a!", "a")) {
          sort.add(
              SortKeys.of(SortKeys.time(Instant.parse(time)), name, "x"),
              time.substring(0, 4) + name);
        }
      }

      assertThat(values(sort))
          .containsExactly("1850a", "1850a!", "1850b", "2026a", "2026a!", "2026b");
    }
  }

  private static void fill(ExternalSort sort) throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 1_000; i++) {
      sort.add(String.valueOf(random.nextInt(300)), "line " + i + " \u00e4 \t tab");
    }
  }

  private static List<String> values(ExternalSort sort) throws IOException {
    List<String> values = new ArrayList<>();
    sort.forEach(values::add);
    return values;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
