package dev.pactwatch.agreement;

import dev.pactwatch.config.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * The registry where it is kept: a folder of YAML files that people may edit by hand, and that
 * commands and the API edit through here. One change at a time, whole or not at all, each with a
 * line in the {@link AuditTrail} beside the files: what was decided about agreements must not be
 * lost with the data folder, and goes where the agreements go.
 *
 * <p>Thread safe. Methods throw {@link ConfigException} when a file cannot be read or written, and
 * {@link VersionConflict} when their condition does not hold; nothing has changed then.
 */
public final class RegistryFolder {

  /** Where an agreement goes whose chain no file has yet. */
  public static final String NEW_FILE = "registered.yaml";

  /** The system's lock keeps other processes out, and refuses a second one of this process. */
  private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

  private final Path path;
  private final InstantSource clock;
  private List<Stamp> stamps = List.of();
  private Registry cached;

  /**
   * @param path folder of YAML files, or one such file
   */
  public RegistryFolder(Path path, InstantSource clock) {
    this.path = path;
    this.clock = clock;
  }

  /** What tells that a file was written since it was read. */
  private record Stamp(Path file, long size, Instant modified, Object key) {}

  /**
   * What a change did.
   *
   * @param entries as they stand in the audit trail, or would
   * @param registry as it is afterwards, or would be
   */
  public record Written(List<AuditEntry> entries, Registry registry) {

    public Written {
      entries = List.copyOf(entries);
    }
  }

  /** A text to import, with the name of the file it came from. */
  public record Named(String name, String text) {}

  /** The agreements as the files have them; read again only when a file was written since. */
  public synchronized Registry registry() {
    List<Stamp> now = stamps();
    if (cached == null || !now.equals(stamps)) {
      cached = AgreementFiles.load(path);
      stamps = now;
    }
    return cached;
  }

  /** Whether there is any file; a folder without one may be a disk that is not there. */
  public boolean hasFiles() {
    return !AgreementFiles.files(path).isEmpty();
  }

  public AuditTrail.Trail audit() {
    return AuditTrail.read(auditFile());
  }

  /**
   * Creates agreements or replaces those of the same id, all or none.
   *
   * @param newFile name of the file for agreements whose chain no file has yet
   */
  public Written put(
      Collection<Agreement> agreements, Author author, Condition condition, String newFile) {
    return change(
        author,
        before -> {
          condition.check(before.registry(), agreements);
          return before.put(agreements, RegistryDraft.yamlName(newFile));
        });
  }

  /**
   * Puts all agreements of some texts, in any form that {@link AgreementFiles#read} takes. A text
   * of the registry's own form with nothing but new agreements becomes a file of its own, comments
   * and all.
   *
   * @param dryRun whether only to say what would be done
   */
  public Written load(List<Named> texts, Author author, Condition condition, boolean dryRun) {
    UnaryOperator<RegistryDraft> all =
        before -> {
          List<Agreement> read = new ArrayList<>();
          Set<String> ids = new LinkedHashSet<>();
          for (Named text : texts) {
            for (Agreement agreement : AgreementFiles.read(text.name(), text.text()).all()) {
              if (!ids.add(agreement.id())) {
                throw new ConfigException(
                    text.name() + ": '" + agreement.id() + "' stands in another file as well");
              }
              read.add(agreement);
            }
          }
          condition.check(before.registry(), read);
          RegistryDraft after = before;
          for (Named text : texts) {
            after = after.adopt(text.name(), text.text());
          }
          return after;
        };
    if (dryRun) {
      RegistryDraft before = RegistryDraft.read(path);
      RegistryDraft after = all.apply(before);
      return new Written(entries(before, after, author), after.registry());
    }
    return change(author, all);
  }

  /**
   * Ends an agreement: from that day on its terms no longer hold.
   *
   * @param on see {@link Agreement#effectiveTo}
   * @param source that says so
   * @throws UnknownAgreement when there is none of this id
   */
  public Written end(String id, PartialDate on, Source source, Author author, Condition condition) {
    return change(
        author,
        before -> {
          Agreement there = before.registry().find(id).orElseThrow(() -> new UnknownAgreement(id));
          condition.check(before.registry(), List.of(there));
          LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
          return before.put(List.of(there.ended(on, source, today)), NEW_FILE);
        });
  }

  /**
   * Takes a record out, as if it had never been there; the audit trail keeps what it said.
   *
   * @throws UnknownAgreement when there is none of this id
   */
  public Written erase(String id, Author author, Condition condition) {
    return change(
        author,
        before -> {
          Agreement there = before.registry().find(id).orElseThrow(() -> new UnknownAgreement(id));
          condition.check(before.registry(), List.of(there));
          return before.erase(id);
        });
  }

  /**
   * Makes the files say what another registry says: creates and replaces what differs, and takes
   * out what it does not have; all or nothing.
   *
   * @param dryRun whether only to say what would be done
   */
  public Written become(Registry other, Author author, boolean dryRun) {
    UnaryOperator<RegistryDraft> all =
        before -> {
          RegistryDraft after =
              before.put(
                  other.all().stream()
                      .filter(
                          agreement ->
                              before
                                  .registry()
                                  .find(agreement.id())
                                  .filter(agreement::equals)
                                  .isEmpty())
                      .toList(),
                  NEW_FILE);
          for (Agreement there : before.registry().all()) {
            if (other.find(there.id()).isEmpty()) {
              after = after.erase(there.id());
            }
          }
          return after;
        };
    if (dryRun) {
      RegistryDraft before = RegistryDraft.read(path);
      RegistryDraft after = all.apply(before);
      return new Written(entries(before, after, author), after.registry());
    }
    return change(author, all);
  }

  /**
   * Adds to the trail what was changed in the files by hand: where they say something else than was
   * known, and the trail does not tell of it.
   *
   * @param known agreements as they were before
   * @param now as {@link #registry} gave it
   * @return what was added
   */
  public List<AuditEntry> noteEdits(Registry known, Registry now, Author author) {
    Map<String, String> told = new HashMap<>();
    audit().entries().forEach(entry -> told.put(entry.chain(), entry.versionAfter()));
    List<AuditEntry> news =
        entries(known, now, author, id -> null).stream()
            .filter(entry -> !entry.versionAfter().equals(told.get(entry.chain())))
            .toList();
    if (!news.isEmpty()) {
      try (FileChannel channel = lock()) {
        AuditTrail.append(channel, news);
      } catch (IOException e) {
        throw cannotWrite(e);
      } finally {
        IN_THIS_PROCESS.unlock();
      }
    }
    return news;
  }

  // ---- one change

  private Written change(Author author, UnaryOperator<RegistryDraft> step) {
    try (FileChannel channel = lock()) {
      RegistryDraft before = RegistryDraft.read(path);
      RegistryDraft after = step.apply(before);
      List<AuditEntry> entries = entries(before, after, author);
      if (!entries.isEmpty()) {
        write(channel, after.changedSince(before), entries);
      }
      return new Written(entries, after.registry());
    } catch (IOException e) {
      throw cannotWrite(e);
    } finally {
      IN_THIS_PROCESS.unlock();
    }
  }

  /** New texts beside the files, then the trail, then the files: a failure leaves all as it was. */
  private static void write(FileChannel trail, Map<Path, String> texts, List<AuditEntry> entries)
      throws IOException {
    Map<Path, Path> drafts = new HashMap<>();
    long end = trail.size();
    try {
      for (Map.Entry<Path, String> text : texts.entrySet()) {
        // A link, as configuration is often mounted, stays one.
        Path file = Files.exists(text.getKey()) ? text.getKey().toRealPath() : text.getKey();
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        drafts.put(draft, file);
        writeToDisk(draft, text.getValue());
      }
      AuditTrail.append(trail, entries);
      for (Map.Entry<Path, Path> draft : drafts.entrySet()) {
        Files.move(
            draft.getKey(),
            draft.getValue(),
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      trail.truncate(end);
      for (Path draft : drafts.keySet()) {
        Files.deleteIfExists(draft);
      }
      throw e;
    }
  }

  private static void writeToDisk(Path file, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /** The trail, locked against other processes; the caller unlocks this one. */
  private FileChannel lock() throws IOException {
    IN_THIS_PROCESS.lock();
    FileChannel channel =
        FileChannel.open(
            auditFile(),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    // Freed when the channel is closed, or when the process dies.
    var unused = channel.lock();
    return channel;
  }

  private List<AuditEntry> entries(RegistryDraft before, RegistryDraft after, Author author) {
    return entries(
        before.registry(),
        after.registry(),
        author,
        id ->
            after
                .fileOf(id)
                .or(() -> before.fileOf(id))
                .map(file -> file.getFileName().toString())
                .orElse(null));
  }

  private List<AuditEntry> entries(
      Registry before, Registry after, Author author, UnaryOperator<String> fileOf) {
    Set<String> ids = new LinkedHashSet<>();
    before.all().forEach(agreement -> ids.add(agreement.id()));
    after.all().forEach(agreement -> ids.add(agreement.id()));
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    List<AuditEntry> entries = new ArrayList<>();
    for (String id : ids) {
      Agreement was = before.find(id).orElse(null);
      Agreement is = after.find(id).orElse(null);
      if (!Objects.equals(was, is)) {
        String chain = (is == null ? was : is).chain();
        entries.add(
            new AuditEntry(
                now,
                author.name(),
                author.via(),
                action(was, is),
                id,
                chain,
                before.version(chain),
                after.version(chain),
                AuditEntry.changes(was, is),
                author.why(),
                fileOf.apply(id),
                null));
      }
    }
    return entries;
  }

  private static String action(Agreement was, Agreement is) {
    if (was == null) {
      return "created";
    }
    if (is == null) {
      return "erased";
    }
    return was.effectiveTo() == null && is.effectiveTo() != null ? "ended" : "revised";
  }

  private Path auditFile() {
    return Files.isDirectory(path)
        ? path.resolve(AuditTrail.FILE)
        : path.resolveSibling(AuditTrail.FILE);
  }

  private List<Stamp> stamps() {
    List<Stamp> found = new ArrayList<>();
    for (Path file : AgreementFiles.files(path)) {
      try {
        BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
        found.add(new Stamp(file, is.size(), is.lastModifiedTime().toInstant(), is.fileKey()));
      } catch (IOException e) {
        throw new ConfigException(file + ": cannot be read: no such file", e);
      }
    }
    return found;
  }

  private ConfigException cannotWrite(IOException e) {
    return new ConfigException(
        path
            + ": the registry cannot be written: "
            + e.getClass().getSimpleName()
            + ": "
            + e.getMessage(),
        e);
  }
}
