package dev.pactwatch.replay;

import dev.pactwatch.config.ConfigException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * What a server may replay for those who ask by its pages, for the server, which is started after
 * it. News and sets are named, never pathed: whoever runs the installation puts them into {@code
 * replay/sources} and {@code replay/sets} of the data folder, or links them from there.
 */
@ApplicationScoped
public class RunningReplays {

  private static final AtomicReference<Offer> OFFER = new AtomicReference<>();

  /** Starts to work on a replay, apart from this process, and returns. */
  public interface Launcher {
    void launch(String id) throws IOException;
  }

  /**
   * What can be replayed.
   *
   * @param data folder of the installation
   * @param config what the installation decides with
   * @param touches whether an event that merely names a party alerts
   */
  public record Offer(
      ReplayStore store, Path data, ReplaySet.Origin config, boolean touches, Launcher launcher) {

    /** Names of the folders and files that may be replayed. */
    public List<String> sources() {
      return names("sources");
    }

    /** Names of the sets that may be compared with. */
    public List<String> sets() {
      return names("sets");
    }

    /**
     * @throws ConfigException when there is none of the name
     */
    public Path source(String name) {
      return named("sources", name);
    }

    /**
     * @throws ConfigException when there is none of the name
     */
    public Path set(String name) {
      return named("sets", name);
    }

    private Path named(String kind, String name) {
      if (!names(kind).contains(name)) {
        throw new ConfigException("replay/" + kind + " of the data folder has no '" + name + "'");
      }
      return data.resolve("replay").resolve(kind).resolve(name);
    }

    private List<String> names(String kind) {
      Path folder = data.resolve("replay").resolve(kind);
      if (!Files.isDirectory(folder)) {
        return List.of();
      }
      try (Stream<Path> all = Files.list(folder)) {
        return all.map(each -> each.getFileName().toString())
            .filter(name -> !name.startsWith("."))
            .sorted()
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Tells what this process offers. */
  public static void is(Offer offer) {
    OFFER.set(offer);
  }

  /** Empty where the role is not here. */
  public Optional<Offer> get() {
    return Optional.ofNullable(OFFER.get());
  }
}
