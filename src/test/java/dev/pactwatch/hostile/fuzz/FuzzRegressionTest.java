package dev.pactwatch.hostile.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every target with the inputs that once broke it, and with some of a seed. The profile {@code
 * fuzz} looks for more.
 */
class FuzzRegressionTest {

  private static final int INPUTS = Integer.getInteger("fuzz.inputs", 300);
  private static final long SEED = Long.getLong("fuzz.seed", 20261123L);
  private static final Path CORPUS = Path.of("src", "test", "resources", "fuzz");

  @ParameterizedTest
  @EnumSource
  void what_once_broke_it_no_longer_does(FuzzTarget target) throws IOException {
    for (Path input : corpus(target)) {
      run(target, Files.readAllBytes(input), input.toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void enough_of_any_bytes_get_through_and_none_breaks_it(FuzzTarget target) throws IOException {
    Random random = new Random(SEED);
    int through = 0;
    for (int i = 0; i < INPUTS; i++) {
      byte[] input = new byte[random.nextInt(600)];
      random.nextBytes(input);
      if (run(target, input, "input " + i + " of seed " + SEED)) {
        through++;
      }
    }
    assertThat(100 * through / INPUTS)
        .as("of a hundred inputs, those that got through")
        .isGreaterThanOrEqualTo(target.share());
  }

  @Test
  void the_second_opinion_on_addresses_knows_what_is_public() throws Exception {
    for (String one :
        List.of("8.8.8.8", "172.15.0.1", "172.32.0.1", "2606:4700::1111", "64:ff9b::808:808")) {
      assertThat(PublicAddress.is(InetAddress.getByName(one))).as(one).isTrue();
    }
    for (String one :
        List.of(
            "127.0.0.1",
            "10.9.8.7",
            "100.64.0.1",
            "169.254.169.254",
            "192.0.0.192",
            "198.18.0.1",
            "240.0.0.1",
            "::1",
            "fc00::1",
            "fe80::1",
            "2001:db8::1",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "::127.0.0.1")) {
      assertThat(PublicAddress.is(InetAddress.getByName(one))).as(one).isFalse();
    }
  }

  private static boolean run(FuzzTarget target, byte[] input, String name) throws IOException {
    try {
      return target.use(input);
    } catch (RuntimeException | Error e) {
      Path folder = Files.createDirectories(Path.of("target", "fuzz", target.label()));
      Path kept = Files.write(folder.resolve("broke"), input);
      throw new AssertionError(target.label() + " broke on " + name + ", kept as " + kept, e);
    }
  }

  private static List<Path> corpus(FuzzTarget target) throws IOException {
    Path folder = CORPUS.resolve(target.label());
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
