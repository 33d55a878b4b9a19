package dev.pactwatch.agreement;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The texts of a registry's files as they are, or as they are to become. Immutable; every step
 * checks the whole registry.
 */
final class RegistryDraft {

  private static final String NEW_FILE_HEAD =
      "# Agreements registered by command or over the API. Edit them here as well, if you like.\n";

  private record Content(String text, List<AgreementFiles.Placed> own) {
    static Content of(Path file, String text) {
      return new Content(text, AgreementFiles.of(Yaml.parse(file.toString(), text)));
    }
  }

  private final Path path;
  private final TreeMap<Path, Content> files;
  private final Registry registry;
  private final Map<String, Path> fileOfId = new HashMap<>();
  private final Map<String, Path> lastFileOfChain = new HashMap<>();

  private RegistryDraft(Path path, TreeMap<Path, Content> files) {
    this.path = path;
    this.files = files;
    this.registry = AgreementFiles.merged(files.values().stream().map(Content::own).toList());
    files.forEach(
        (file, content) ->
            content
                .own()
                .forEach(
                    one -> {
                      fileOfId.put(one.agreement().id(), file);
                      lastFileOfChain.put(one.agreement().chain(), file);
                    }));
  }

  /**
   * @param path folder of YAML files, or one such file
   */
  static RegistryDraft read(Path path) {
    TreeMap<Path, Content> files = new TreeMap<>();
    for (Path file : AgreementFiles.files(path)) {
      try {
        files.put(file, Content.of(file, Files.readString(file, StandardCharsets.UTF_8)));
      } catch (IOException e) {
        throw new ConfigException(file + ": cannot be read: " + e.getMessage(), e);
      }
    }
    return new RegistryDraft(path, files);
  }

  Registry registry() {
    return registry;
  }

  /** The file that holds an agreement. */
  Optional<Path> fileOf(String id) {
    return Optional.ofNullable(fileOfId.get(id));
  }

  /** Files whose text differs from an earlier state of them. */
  Map<Path, String> changedSince(RegistryDraft before) {
    Map<Path, String> changed = new LinkedHashMap<>();
    files.forEach(
        (file, content) -> {
          Content old = before.files.get(file);
          if (old == null || !old.text().equals(content.text())) {
            changed.put(file, content.text());
          }
        });
    return changed;
  }

  /**
   * Each agreement in the place of the one with its id; a new one behind its chain, or in a file of
   * that name.
   */
  RegistryDraft put(Collection<Agreement> agreements, String newFile) {
    Map<Path, List<Agreement>> byFile = new TreeMap<>();
    for (Agreement agreement : agreements) {
      Optional<Agreement> there = registry.find(agreement.id());
      if (there.isPresent() && there.get().equals(agreement)) {
        continue;
      }
      Path file =
          fileOf(agreement.id())
              .or(() -> Optional.ofNullable(lastFileOfChain.get(agreement.chain())))
              .orElseGet(() -> file(newFile));
      byFile.computeIfAbsent(file, key -> new ArrayList<>()).add(agreement);
    }
    TreeMap<Path, Content> edited = new TreeMap<>(files);
    byFile.forEach(
        (file, changed) -> {
          Content old = files.get(file);
          String text =
              old == null
                  ? NEW_FILE_HEAD + AgreementFiles.yaml(changed)
                  : AgreementEdit.put(file.toString(), old.text(), changed);
          edited.put(file, Content.of(file, text));
        });
    return new RegistryDraft(path, edited);
  }

  /** Without a record that is there. */
  RegistryDraft erase(String id) {
    Path file = fileOf(id).orElseThrow();
    TreeMap<Path, Content> edited = new TreeMap<>(files);
    edited.put(
        file, Content.of(file, AgreementEdit.remove(file.toString(), files.get(file).text(), id)));
    return new RegistryDraft(path, edited);
  }

  /**
   * The records of a text: as a file of its own, comments and all, where it has the registry's form
   * and nothing that the registry knows; otherwise one by one.
   */
  RegistryDraft adopt(String name, String text) {
    Registry read = AgreementFiles.read(name, text);
    String file = yamlName(name);
    boolean known =
        read.all().stream()
            .anyMatch(
                agreement ->
                    registry.find(agreement.id()).isPresent()
                        || !registry.history(agreement.chain()).isEmpty());
    if (known
        || read.size() == 0
        || !Files.isDirectory(path)
        || files.containsKey(file(file))
        || !hasRegistryForm(name, text)) {
      return put(read.all(), file);
    }
    TreeMap<Path, Content> edited = new TreeMap<>(files);
    edited.put(file(file), Content.of(file(file), text));
    return new RegistryDraft(path, edited);
  }

  private static boolean hasRegistryForm(String name, String text) {
    Yaml root = Yaml.parse(name, text);
    return root.isMap() && root.map().containsKey("agreements");
  }

  /** A file of the folder; the registry's own one where it is no folder. */
  private Path file(String name) {
    return Files.isDirectory(path) ? path.resolve(name) : path;
  }

  /** The last part of a name, so that it cannot lead out of the folder, as a YAML file. */
  static String yamlName(String name) {
    String last = Path.of(name).getFileName().toString().replaceAll("[^A-Za-z0-9._-]", "-");
    String bare = last.replaceAll("\\.(ya?ml|json)$", "").replaceAll("^[.-]+", "");
    return (bare.isEmpty() ? "imported" : bare) + ".yaml";
  }
}
