package dev.pactwatch.proof;

import dev.pactwatch.proof.Ledger.Fault;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Does harm at moments that a seed decides: never to somebody who is not at work, and never to two
 * brokers at once, as two of three have to be there for anything to be acknowledged.
 */
final class Nemesis {

  /** Longer than any session: others take over what the sleeper had. */
  private static final int SLEEP_MILLIS = 12_000;

  /** After so much harm there is a rest, in which it is measured how soon alerts go on. */
  private static final int ROUND = 12;

  private static final Duration NOBODY = Duration.ofMinutes(4);

  /** A kind of harm. */
  enum Kind {
    KILL_DETECT("detect"),
    KILL_INGEST("ingest"),
    KILL_NOTIFY("notify"),
    KILL_BROKER(null),
    SLEEP_DETECT("detect"),
    SLEEP_INGEST("ingest"),
    SLEEP_NOTIFY("notify"),
    CUT(null),
    HOLD(null);

    private final String role;

    Kind(String role) {
      this.role = role;
    }
  }

  /** Harm that is not over. */
  private final class Open {
    final Kind kind;
    final String victim;
    final Instant from = Instant.now();
    final Instance instance;
    final int broker;
    Instant mendAt;
    boolean mended;

    Open(Kind kind, String victim, Instance instance, int broker, int mendAfter) {
      this.kind = kind;
      this.victim = victim;
      this.instance = instance;
      this.broker = broker;
      this.mendAt = from.plusMillis(mendAfter);
    }
  }

  private final Stage stage;
  private final Random random;
  private final Duration recovery;
  private final PrintStream out;
  private final List<Kind> todo = new ArrayList<>();
  private final List<Open> open = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private final List<String> ended = new ArrayList<>();
  private int brokersKilled;

  /**
   * @param counts how often each kind of harm is done
   * @param recovery how long alerts are waited for now and then, with nobody harmed
   * @param out is told of each
   */
  Nemesis(Stage stage, long seed, Map<Kind, Integer> counts, Duration recovery, PrintStream out) {
    this.stage = stage;
    this.recovery = recovery;
    this.out = out;
    this.random = new Random(seed);
    counts.forEach((kind, count) -> todo.addAll(Collections.nCopies(count, kind)));
    Collections.sort(todo);
    Collections.shuffle(todo, random);
  }

  /**
   * Does all of it, or what there is time for, and returns once everybody is back.
   *
   * @param most after which nobody is harmed any more
   */
  List<Fault> strike(Duration most) throws Exception {
    Instant over = Instant.now().plus(most);
    int all = todo.size();
    int rested = 0;
    Instant struck = Instant.now();
    while (!todo.isEmpty() || !open.isEmpty()) {
      stage.check();
      if (Instant.now().isAfter(over)) {
        todo.clear();
      }
      supervise();
      tend();
      int done = all - todo.size();
      if (done % ROUND == 0 && done > rested && !todo.isEmpty()) {
        if (open.isEmpty()) {
          rest();
          rested = done;
          struck = Instant.now();
        }
        pause(100);
        continue;
      }
      Kind next = next();
      if (next != null) {
        pause(random.nextInt(2_000));
        if (struck(next)) {
          todo.remove(next);
          struck = Instant.now();
          Open last = open.get(open.size() - 1);
          out.printf(
              "%s  %d of %d: %s %s%n",
              struck.truncatedTo(ChronoUnit.SECONDS),
              all - todo.size(),
              all,
              last.kind,
              last.victim);
        }
      } else if (Duration.between(struck, Instant.now()).compareTo(NOBODY) > 0) {
        throw new IllegalStateException(
            "nobody is at work for " + NOBODY + "; left " + todo + ", not back " + notBack());
      }
      pause(100);
    }
    rest();
    return List.copyOf(faults);
  }

  /** What those said who ended though nobody had harmed them; they were started again. */
  List<String> ended() {
    return List.copyOf(ended);
  }

  /** As whatever watches over processes does. */
  private void supervise() throws IOException {
    for (Instance instance : stage.instances()) {
      if (!instance.alive()) {
        ended.add(instance.name() + " at " + Instant.now() + ": " + instance.said());
        out.println(ended.get(ended.size() - 1));
        instance.start();
      }
    }
  }

  /** Leaves everybody alone until the next alert, or until that is overdue. */
  private void rest() throws InterruptedException {
    int seen = stage.revisions();
    Instant overdue = Instant.now().plus(recovery);
    while (stage.revisions() == seen && Instant.now().isBefore(overdue)) {
      pause(100);
    }
  }

  private List<String> notBack() {
    return open.stream().map(one -> one.kind + " " + one.victim).toList();
  }

  /** The moment of a fault is what this is about; nothing could be awaited in its place. */
  private static void pause(int millis) throws InterruptedException {
    var unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }

  private Kind next() {
    for (Kind kind : todo) {
      if (kind.role != null ? victim(kind.role) != null : brokersAreFree()) {
        return kind;
      }
    }
    return null;
  }

  /** One of these processes that is at work and unharmed; null where none is. */
  private Instance victim(String role) {
    List<Instance> free =
        new ArrayList<>(
            stage.instances(role).stream()
                .filter(one -> open.stream().noneMatch(harm -> harm.instance == one))
                .toList());
    Collections.shuffle(free, random);
    return free.stream().filter(stage::atWork).findFirst().orElse(null);
  }

  private boolean brokersAreFree() {
    return open.stream().allMatch(harm -> harm.broker < 0) && stage.cluster().whole();
  }

  /** Whether it came to it: who is to be hit may not be known at the moment. */
  private boolean struck(Kind kind) throws IOException, InterruptedException {
    try {
      return strike(kind);
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  private boolean strike(Kind kind)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    if (kind.role != null) {
      Instance victim = victim(kind.role);
      if (victim == null) {
        return false;
      }
      boolean kills = kind.name().startsWith("KILL");
      if (kills) {
        open.add(new Open(kind, victim.name(), victim, -1, 0));
        victim.kill();
        victim.start();
      } else {
        open.add(new Open(kind, victim.name(), victim, -1, SLEEP_MILLIS + random.nextInt(4_000)));
        victim.pause();
      }
      return true;
    }
    if (!brokersAreFree()) {
      return false;
    }
    BrokerCluster cluster = stage.cluster();
    if (kind == Kind.KILL_BROKER) {
      String[] whats = {
        "leader of alerts", "coordinator of the group", "coordinator of transactions", "controller"
      };
      int which = brokersKilled++ % whats.length;
      int broker =
          switch (which) {
            case 0 -> cluster.leader(stage.topics().alerts(), random.nextInt(4));
            case 1 -> cluster.coordinator(stage.topics().applicationId());
            case 2 -> cluster.transactionCoordinator(stage.topics().prefix() + "ingest-slot-0");
            default -> cluster.controller();
          };
      open.add(
          new Open(
              kind, "broker " + broker + ", " + whats[which], null, broker, random.nextInt(3_000)));
      cluster.kill(broker);
      return true;
    }
    // To one broker, or to all of them.
    int broker = random.nextInt(cluster.size() + 1);
    boolean cut = kind == Kind.CUT;
    open.add(
        new Open(
            kind,
            broker == 0 ? "all brokers" : "broker " + broker,
            null,
            broker,
            cut ? 2_000 + random.nextInt(6_000) : 6_000 + random.nextInt(8_000)));
    for (int i = 1; i <= cluster.size(); i++) {
      if (broker == 0 || broker == i) {
        if (cut) {
          cluster.proxy(i).cut();
        } else {
          cluster.proxy(i).hold();
        }
      }
    }
    return true;
  }

  /** Mends what is due, and writes down what is whole again. */
  private void tend() throws IOException, InterruptedException {
    Instant now = Instant.now();
    for (Iterator<Open> all = open.iterator(); all.hasNext(); ) {
      Open harm = all.next();
      if (!harm.mended && !harm.mendAt.isAfter(now)) {
        mend(harm);
        harm.mended = true;
      }
      if (harm.mended && whole(harm)) {
        all.remove();
        faults.add(
            new Fault(
                harm.kind.name(),
                harm.victim,
                "notify".equals(harm.kind.role),
                harm.from,
                Instant.now()));
      }
    }
  }

  private void mend(Open harm) throws IOException, InterruptedException {
    switch (harm.kind) {
      case KILL_BROKER -> stage.cluster().revive(harm.broker);
      case SLEEP_DETECT, SLEEP_INGEST, SLEEP_NOTIFY -> harm.instance.resume();
      case CUT, HOLD -> {
        for (int i = 1; i <= stage.cluster().size(); i++) {
          stage.cluster().proxy(i).mend();
        }
      }
      default -> {
        // Who was killed was started again at once.
      }
    }
  }

  private boolean whole(Open harm) throws IOException {
    if (harm.kind == Kind.KILL_BROKER) {
      // A port that somebody else had for a moment ends its start.
      stage.cluster().revive(harm.broker);
      return stage.cluster().answers(harm.broker) && stage.cluster().whole();
    }
    return harm.instance == null || harm.instance.ready() != null;
  }
}
