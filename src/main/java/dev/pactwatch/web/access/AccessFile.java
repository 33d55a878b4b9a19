package dev.pactwatch.web.access;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.json.ChainedLines;
import dev.pactwatch.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The file of tokens, which people edit by hand as well: a change by the program touches the lines
 * of its token alone. Changes by the program are on record in {@code access-audit.jsonl} beside the
 * file. Safe for use by many threads and processes.
 */
public final class AccessFile {

  /** In the configuration folder. */
  public static final String NAME = "access.yaml";

  /** Beside the file. */
  public static final String AUDIT = "access-audit.jsonl";

  private static final Set<String> FIELDS = Set.of("name", "role", "hash", "created", "expires");

  /**
   * A change on record.
   *
   * @param action {@code added} or {@code removed}
   * @param via {@code command-line}
   * @param why in words, may be null
   * @param previous digest of the line before, so that a line that was taken out or changed shows
   */
  public record Change(
      Instant at,
      String action,
      String token,
      String role,
      Instant expires,
      String by,
      String via,
      String why,
      String previous) {

    Change after(String line) {
      return new Change(at, action, token, role, expires, by, via, why, line);
    }
  }

  private final Path file;
  private final InstantSource clock;

  /**
   * @param file that need not exist: no tokens
   */
  public AccessFile(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  public Path file() {
    return file;
  }

  /**
   * In the order of the file.
   *
   * @throws ConfigException naming file and line when it cannot be used
   */
  public List<AccessToken> read() {
    return parse(text());
  }

  /**
   * Makes a token at the end of the file.
   *
   * @param expires null for never
   * @param by who makes it
   * @param why in words, may be null
   * @return the token itself, which cannot be had again
   */
  public String add(String name, AccessRole role, Instant expires, String by, String why) {
    if (!AccessToken.NAME.matcher(name).matches()) {
      throw new ConfigException(
          "'" + name + "': a token's name is up to 64 of a-z, A-Z, 0-9, and within it . _ @ -");
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    String secret = AccessToken.fresh();
    AccessToken token =
        new AccessToken(
            name,
            role,
            AccessToken.hash(secret),
            now,
            expires == null ? null : expires.truncatedTo(ChronoUnit.SECONDS));
    change(
        (text, before) -> {
          if (before.stream().anyMatch(one -> one.name().equals(name))) {
            throw new ConfigException(
                file + ": has a token '" + name + "' already; remove it first or choose another");
          }
          List<AccessToken> after = new ArrayList<>(before);
          after.add(token);
          return new Next(with(text, token), after);
        },
        entry("added", token, by, why));
    return secret;
  }

  /**
   * Takes a token out: whoever has it is shut out.
   *
   * @throws ConfigException when there is none of this name
   */
  public AccessToken remove(String name, String by, String why) {
    AccessToken known = find(read(), name);
    change(
        (text, before) -> {
          AccessToken token = find(before, name);
          List<AccessToken> after = new ArrayList<>(before);
          int index = after.indexOf(token);
          after.remove(index);
          return new Next(without(text, index), after);
        },
        entry("removed", known, by, why));
    return known;
  }

  private AccessToken find(List<AccessToken> tokens, String name) {
    return tokens.stream()
        .filter(token -> token.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new ConfigException("no token '" + name + "'; see token list"));
  }

  private Change entry(String action, AccessToken token, String by, String why) {
    return new Change(
        clock.instant().truncatedTo(ChronoUnit.MILLIS),
        action,
        token.name(),
        token.role().label(),
        token.expires(),
        by,
        "command-line",
        why,
        null);
  }

  // ---- reading

  private String text() {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return "";
    } catch (CharacterCodingException e) {
      throw new ConfigException(file + ": is not UTF-8 text", e);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private List<AccessToken> parse(String text) {
    List<AccessToken> tokens = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Yaml entry :
        root(text).flatMap(root -> root.get("tokens")).map(Yaml::list).orElse(List.of())) {
      AccessToken token = token(entry);
      if (!names.add(token.name())) {
        throw entry.need("name").problem("'" + token.name() + "' stands twice");
      }
      tokens.add(token);
    }
    return List.copyOf(tokens);
  }

  /** Empty where there is nothing but comments. */
  private Optional<Yaml> root(String text) {
    if (text.lines().map(String::strip).allMatch(line -> line.isEmpty() || line.startsWith("#"))) {
      return Optional.empty();
    }
    Yaml root = Yaml.parse(file.toString(), text);
    Map<String, Yaml> unused = root.map(Set.of("tokens"));
    return Optional.of(root);
  }

  private static AccessToken token(Yaml entry) {
    Map<String, Yaml> unused = entry.map(FIELDS);
    Yaml name = entry.need("name");
    if (!AccessToken.NAME.matcher(name.text()).matches()) {
      throw name.problem("must be up to 64 of a-z, A-Z, 0-9, and within it . _ @ -");
    }
    Yaml hash = entry.need("hash");
    if (!AccessToken.HASH.matcher(hash.text()).matches()) {
      // What stands there may be a token that somebody took for its digest: it is not repeated.
      throw hash.problem("must be 64 hexadecimal digits; make tokens with 'pactwatch token add'");
    }
    return new AccessToken(
        name.text(),
        entry.need("role").oneOf(AccessRole.class),
        hash.text(),
        entry.get("created").map(AccessFile::instant).orElse(null),
        entry.get("expires").map(AccessFile::instant).orElse(null));
  }

  private static Instant instant(Yaml value) {
    try {
      return Instant.parse(value.text());
    } catch (DateTimeException e) {
      throw value.problem(
          "must be a moment such as 2027-01-31T00:00:00Z, not '" + value.text() + "'");
    }
  }

  // ---- writing

  private record Next(String text, List<AccessToken> tokens) {}

  @FunctionalInterface
  private interface Edit {
    Next apply(String text, List<AccessToken> before);
  }

  private String with(String text, AccessToken token) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    Optional<Yaml> tokens = root(text).map(root -> root.map().get("tokens"));
    if (tokens.isEmpty()) {
      lines.add("tokens:");
      lines.addAll(written("  ", token));
    } else if (tokens.get().isNull() || tokens.get().list().isEmpty()) {
      int key = key(lines);
      lines.set(key, lines.get(key).replaceFirst("^(tokens:)\\s*(\\[\\s*]|null)", "$1"));
      lines.addAll(key + 1, written("  ", token));
    } else {
      List<Yaml> entries = tokens.get().list();
      String first = lines.get(entries.get(0).line() - 1);
      String indent = first.substring(0, Math.max(0, first.indexOf('-')));
      lines.addAll(last(entries.get(entries.size() - 1)), written(indent, token));
    }
    return String.join("\n", lines) + "\n";
  }

  /** Place of the line that begins the list; one that is empty has no place of its own. */
  private static int key(List<String> lines) {
    int key = 0;
    while (!lines.get(key).startsWith("tokens:")) {
      key++;
    }
    return key;
  }

  private String without(String text, int index) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    List<Yaml> entries = root(text).orElseThrow().need("tokens").list();
    Yaml entry = entries.get(index);
    lines.subList(entry.line() - 1, last(entry)).clear();
    return String.join("\n", lines) + "\n";
  }

  private static List<String> written(String indent, AccessToken token) {
    List<String> lines = new ArrayList<>();
    // Quoted, as a name may look like a number.
    lines.add(indent + "- name: \"" + token.name() + '"');
    lines.add(indent + "  role: " + token.role().label());
    lines.add(indent + "  hash: " + '"' + token.hash() + '"');
    lines.add(indent + "  created: " + token.created());
    if (token.expires() != null) {
      lines.add(indent + "  expires: " + token.expires());
    }
    return lines;
  }

  /** Line of the last field, 1-based. */
  private static int last(Yaml entry) {
    return entry.map().values().stream().mapToInt(Yaml::line).max().orElse(entry.line());
  }

  private void change(Edit edit, Change entry) {
    // The record of changes is locked for the time of one, and so no other process makes one.
    synchronized (AccessFile.class) {
      try (FileChannel trail =
              FileChannel.open(
                  file.resolveSibling(AUDIT),
                  Set.<OpenOption>of(
                      StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ),
                  privately());
          FileLock lock = trail.lock()) {
        String text = text();
        Next next = edit.apply(text, parse(text));
        // What is written must be what was meant: nobody may be let in by a slip of the pen.
        if (!meant(next)) {
          throw new ConfigException(file + ": cannot be changed by the program; edit it by hand");
        }
        write(next.text());
        UnaryOperator<String> line = previous -> Json.write(entry.after(previous));
        ChainedLines.append(trail, List.of(line));
      } catch (IOException e) {
        throw new ConfigException(file + ": cannot be written: " + e.getMessage(), e);
      }
    }
  }

  private boolean meant(Next next) {
    try {
      return parse(next.text()).equals(next.tokens());
    } catch (ConfigException e) {
      return false;
    }
  }

  private void write(String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    try (FileChannel channel =
        FileChannel.open(
            draft,
            Set.<OpenOption>of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            privately())) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** For the owner alone, where the file system knows owners. */
  private FileAttribute<?>[] privately() {
    Path folder = file.toAbsolutePath().getParent();
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
