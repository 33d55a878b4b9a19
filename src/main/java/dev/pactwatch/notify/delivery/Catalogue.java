package dev.pactwatch.notify.delivery;

import dev.pactwatch.config.ConfigException;
import dev.pactwatch.config.Yaml;
import dev.pactwatch.json.Json;
import dev.pactwatch.notify.policy.NotifyFile;
import dev.pactwatch.notify.policy.NotifyWatch;
import dev.pactwatch.notify.policy.Silence;
import dev.pactwatch.notify.store.AuditTable;
import dev.pactwatch.notify.store.GroupTable;
import dev.pactwatch.notify.store.NotifyDatabase;
import dev.pactwatch.notify.store.ScheduleTable;
import dev.pactwatch.notify.store.SecretBox;
import dev.pactwatch.notify.store.SilenceTable;
import dev.pactwatch.notify.store.SubscriptionTable;
import dev.pactwatch.notify.store.SubscriptionTable.Origin;
import dev.pactwatch.notify.store.SubscriptionTable.State;
import dev.pactwatch.notify.subscription.KnownIds;
import dev.pactwatch.notify.subscription.SecretSource;
import dev.pactwatch.notify.subscription.Subscription;
import dev.pactwatch.notify.subscription.SubscriptionIndex;
import dev.pactwatch.notify.subscription.SubscriptionReader;
import dev.pactwatch.notify.subscription.SubscriptionView;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * All subscriptions with their state: those of {@code subscriptions.yaml}, which are changed there,
 * and those made over REST or the command line, which are kept in the database, encrypted. Of two
 * with one id the file's is in force.
 */
public final class Catalogue {

  private static final Logger LOG = System.getLogger(Catalogue.class.getName());

  private static final String CONTEXT = "subscription:";

  /**
   * A subscription and where it stands.
   *
   * @param reason why it is in its state; may be null
   * @param version changes with every change by a person; 0 for one of the file that no notifier
   *     has seen yet
   * @param changed by a person, last; null for one of the file that no notifier has seen yet
   */
  public record Entry(
      Subscription subscription,
      Origin origin,
      State state,
      String reason,
      long version,
      Instant changed) {

    public String id() {
      return subscription.id();
    }
  }

  /**
   * What is in force at one moment.
   *
   * @param entries by id
   * @param index over all of them; what is paused or disabled matches and waits
   * @param problems stored subscriptions that cannot be read, and what is wrong with the file
   */
  public record Snapshot(
      NotifyFile file,
      SortedMap<String, Entry> entries,
      SubscriptionIndex index,
      List<String> problems) {

    public Snapshot {
      entries = Collections.unmodifiableSortedMap(entries);
      problems = List.copyOf(problems);
    }

    public Optional<Entry> find(String id) {
      return Optional.ofNullable(entries.get(id));
    }
  }

  /** Somebody tries to change over REST what stands in the file. */
  public static final class InFileException extends RuntimeException {

    private static final long serialVersionUID = 1;

    InFileException(String id) {
      super("'" + id + "' stands in subscriptions.yaml; change it there");
    }
  }

  private final NotifyDatabase database;
  private final SecretBox box;
  private final Path path;
  private final Supplier<KnownIds> known;
  private final SecretSource secrets;
  private final InstantSource clock;
  private final NotifyWatch watch;

  /** Stored ones that were opened before, by id: opening takes longer than everything else. */
  private final Map<String, Opened> opened = new HashMap<>();

  private NotifyFile file;
  private String version;
  private Snapshot current;

  private record Opened(long version, Subscription subscription, String problem) {}

  /**
   * @param path of {@code subscriptions.yaml}
   * @param known ids that may be named
   * @param environment value of an environment variable, null when it is not set
   * @throws ConfigException when the file cannot be used
   */
  public Catalogue(
      NotifyDatabase database,
      SecretBox box,
      Path path,
      Supplier<KnownIds> known,
      UnaryOperator<String> environment,
      InstantSource clock) {
    this(
        database,
        box,
        path,
        known,
        SecretSource.places(environment, folder(path), Catalogue::warn),
        clock);
  }

  /** For who only looks on, and may not know the secrets: see {@link SecretSource#lookingOn}. */
  public static Catalogue lookingOn(
      NotifyDatabase database,
      SecretBox box,
      Path path,
      Supplier<KnownIds> known,
      UnaryOperator<String> environment,
      InstantSource clock) {
    return new Catalogue(
        database,
        box,
        path,
        known,
        SecretSource.lookingOn(environment, folder(path), Catalogue::warn),
        clock);
  }

  private Catalogue(
      NotifyDatabase database,
      SecretBox box,
      Path path,
      Supplier<KnownIds> known,
      SecretSource secrets,
      InstantSource clock) {
    this.database = database;
    this.box = box;
    this.path = path;
    this.known = known;
    this.secrets = secrets;
    this.clock = clock;
    this.watch = new NotifyWatch(path, this::read);
    refresh();
  }

  /** As it was when last looked at. */
  public synchronized Snapshot snapshot() {
    return current;
  }

  /** Looks at file and database, and takes over what has changed. */
  public synchronized Snapshot refresh() {
    NotifyFile now = watch.get();
    String stands = database.read(SubscriptionTable::version);
    if (current == null || !now.equals(file) || !stands.equals(version)) {
      current = assemble(now, database.read(SubscriptionTable::all));
      file = now;
      version = stands;
    }
    return current;
  }

  /**
   * Names the file's subscriptions in the database, and takes out those that have gone from it.
   * Only who notifies does this: the file of whoever merely looks may be another.
   */
  public synchronized Snapshot publish() {
    Snapshot snapshot = refresh();
    Instant now = clock.instant();
    Set<String> inFile =
        snapshot.file().subscriptions().stream().map(Subscription::id).collect(Collectors.toSet());
    boolean changed =
        database.inTransaction(
            handle -> {
              Map<String, SubscriptionTable.Row> rows = new HashMap<>();
              SubscriptionTable.all(handle).forEach(row -> rows.put(row.id(), row));
              boolean any = false;
              for (String id : inFile) {
                if (!rows.containsKey(id)) {
                  SubscriptionTable.name(handle, id, now);
                  any = true;
                }
              }
              for (SubscriptionTable.Row row : rows.values()) {
                if (row.origin() == Origin.FILE && !inFile.contains(row.id())) {
                  takeOut(handle, row.id(), now);
                  any = true;
                }
              }
              return any;
            });
    return changed ? refresh() : snapshot;
  }

  /** Somebody else was quicker: what is to be changed is not as it was when it was read. */
  public static final class ChangedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final long version;

    ChangedException(String id, long version) {
      super(
          version == 0
              ? "there is no subscription '" + id + "' any more"
              : "'" + id + "' is at version " + version + " by now; read it again");
      this.version = version;
    }

    /** The one that stands there now; 0 for none. */
    public long version() {
      return version;
    }
  }

  /**
   * Makes a subscription, or changes it; one that had ended is active again.
   *
   * @param document JSON with the fields of {@code subscriptions.yaml}
   * @param who is named in the audit
   * @param usable is asked before it is kept, and throws when it cannot be used
   * @throws ConfigException naming the field that cannot be used
   * @throws InFileException when it stands in the file
   */
  public Entry put(String document, String who, Consumer<Subscription> usable) {
    return put(document, who, null, usable);
  }

  /**
   * The same, if nothing has changed since it was read.
   *
   * @param expected the version that was read, 0 for one that is to be new; null for any
   * @throws ChangedException when another stands there
   */
  public Entry put(String document, String who, Long expected, Consumer<Subscription> usable) {
    String id = Yaml.parse("subscription", document).need("id").text();
    Optional<Entry> stored = refresh().find(id);
    if (stored.filter(entry -> entry.origin() == Origin.FILE).isPresent()) {
      throw new InFileException(id);
    }
    long version = stored.map(Entry::version).orElse(0L);
    if (expected != null && version != expected) {
      throw new ChangedException(id, version);
    }
    Subscription subscription = read(document);
    usable.accept(subscription);
    Instant now = clock.instant();
    byte[] sealed =
        box.seal(
            CONTEXT + id,
            Json.write(SubscriptionView.sealed(subscription, UnaryOperator.identity())));
    database.useTransaction(
        handle -> {
          expect(handle, id, expected);
          SubscriptionTable.put(handle, id, Origin.API, sealed, now);
          AuditTable.add(
              handle, now, who, "put", id, Json.write(SubscriptionView.of(subscription)));
        });
    return refresh().entries().get(id);
  }

  /**
   * What {@link #put} would keep, without keeping it.
   *
   * @throws ConfigException naming the field that cannot be used
   */
  public Subscription read(String document) {
    Snapshot snapshot = refresh();
    Yaml item = Yaml.parse("subscription", document);
    String id = item.need("id").text();
    Entry stored = snapshot.entries().get(id);
    Subscription subscription =
        new SubscriptionReader(SecretSource.values(), known.get())
            .read(item, stored == null ? null : stored.subscription());
    Set<String> others = new HashSet<>(snapshot.entries().keySet());
    others.remove(id);
    NotifyFile.check(item, subscription, others, snapshot.file().intervals().keySet());
    return subscription;
  }

  /**
   * Takes it out. What it has matched stays, and is not told.
   *
   * @return whether there was one
   * @throws InFileException when it stands in the file
   */
  public boolean remove(String id, String who) {
    return remove(id, who, null);
  }

  /**
   * The same, if nothing has changed since it was read.
   *
   * @param expected the version that was read; null for any
   * @throws ChangedException when another stands there
   */
  public boolean remove(String id, String who, Long expected) {
    Entry entry = refresh().entries().get(id);
    if (entry == null) {
      return false;
    }
    if (entry.origin() == Origin.FILE) {
      throw new InFileException(id);
    }
    Instant now = clock.instant();
    database.useTransaction(
        handle -> {
          expect(handle, id, expected);
          takeOut(handle, id, now);
          AuditTable.add(handle, now, who, "removed", id, null);
        });
    refresh();
    return true;
  }

  /**
   * Pauses it, or makes it active again, also one of the file.
   *
   * @param state {@link State#ACTIVE}, {@link State#PAUSED} or {@link State#DISABLED}
   * @return whether there is one
   */
  public boolean state(String id, State state, String reason, String who) {
    if (!refresh().entries().containsKey(id)) {
      return false;
    }
    Instant now = clock.instant();
    database.useTransaction(
        handle -> {
          SubscriptionTable.name(handle, id, now);
          SubscriptionTable.state(handle, id, state, reason, now);
          AuditTable.add(handle, now, who, state.label(), id, reason);
        });
    refresh();
    return true;
  }

  private static void expect(Handle handle, String id, Long expected) {
    if (expected == null) {
      return;
    }
    long version =
        SubscriptionTable.lock(handle, id)
            .filter(row -> row.state() != State.REMOVED)
            .map(SubscriptionTable.Row::version)
            .orElse(0L);
    if (version != expected) {
      throw new ChangedException(id, version);
    }
  }

  private static void takeOut(Handle handle, String id, Instant now) {
    SubscriptionTable.state(handle, id, State.REMOVED, null, now);
    ScheduleTable.digest(handle, id, null);
    GroupTable.remove(handle, id);
  }

  private NotifyFile read(Path from) {
    Set<String> ids = new HashSet<>();
    Set<String> intervals = new HashSet<>();
    database
        .read(SubscriptionTable::all)
        .forEach(
            row -> {
              if (row.origin() == Origin.API) {
                ids.add(row.id());
                Opened one = open(row);
                if (one.subscription() != null) {
                  intervals.addAll(one.subscription().muteTimes());
                  intervals.addAll(one.subscription().activeTimes());
                }
              }
            });
    List<Silence> silences =
        database.read(handle -> SilenceTable.standing(handle, clock.instant()));
    silences.forEach(silence -> intervals.addAll(silence.during()));
    return NotifyFile.read(from, secrets, known.get(), new NotifyFile.Elsewhere(ids, intervals));
  }

  private static Path folder(Path file) {
    return file.toAbsolutePath().getParent();
  }

  private static void warn(String warning) {
    LOG.log(Level.WARNING, warning);
  }

  private Snapshot assemble(NotifyFile now, List<SubscriptionTable.Row> rows) {
    SortedMap<String, Entry> entries = new TreeMap<>();
    List<String> problems = new java.util.ArrayList<>();
    watch.problem().ifPresent(problem -> problems.add(problem.getMessage()));
    Map<String, SubscriptionTable.Row> states = new HashMap<>();
    for (SubscriptionTable.Row row : rows) {
      states.put(row.id(), row);
      if (row.origin() == Origin.API) {
        Opened one = open(row);
        if (one.subscription() == null) {
          problems.add(one.problem());
        } else {
          entries.put(row.id(), entry(one.subscription(), Origin.API, row));
        }
      }
    }
    for (Subscription subscription : now.subscriptions()) {
      SubscriptionTable.Row row = states.get(subscription.id());
      if (row != null && row.origin() == Origin.API) {
        problems.add(
            "subscription '"
                + subscription.id()
                + "' stands in "
                + path
                + " and was also made over REST; the file's is in force");
      }
      entries.put(
          subscription.id(),
          row == null
              ? new Entry(subscription, Origin.FILE, State.ACTIVE, null, 0, null)
              : entry(subscription, Origin.FILE, row));
    }
    opened.keySet().retainAll(states.keySet());
    problems.forEach(problem -> LOG.log(Level.WARNING, problem));
    SubscriptionIndex index =
        SubscriptionIndex.of(entries.values().stream().map(Entry::subscription).toList());
    return new Snapshot(now, entries, index, problems);
  }

  private static Entry entry(Subscription subscription, Origin origin, SubscriptionTable.Row row) {
    return new Entry(subscription, origin, row.state(), row.reason(), row.version(), row.changed());
  }

  private Opened open(SubscriptionTable.Row row) {
    Opened before = opened.get(row.id());
    if (before != null && before.version() == row.version()) {
      return before;
    }
    Opened now;
    try {
      Yaml item =
          Yaml.parse("stored subscription " + row.id(), box.open(CONTEXT + row.id(), row.spec()));
      // Ids that were known when it was made may have gone since; it matches them no more.
      now =
          new Opened(
              row.version(),
              new SubscriptionReader(
                      SecretSource.sealed(UnaryOperator.identity()), KnownIds.UNCHECKED)
                  .read(item),
              null);
    } catch (ConfigException e) {
      now = new Opened(row.version(), null, e.getMessage());
    }
    opened.put(row.id(), now);
    return now;
  }
}
