package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.alert.SampleAlerts;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamClientTest {

  private static final StreamClient.Pace PACE = new StreamClient.Pace(1_000, 3_000);

  private final AlertStore store = new AlertStore(5, 100);
  private final Wire wire = new Wire();
  private long nanos;
  private long offset;

  @BeforeEach
  void begin() {
    store.reset("topic");
  }

  @Test
  void writesNothingThatTheConnectionDoesNotTake() {
    StreamClient client = client(null);
    client.pump();
    wire.room = 2;
    add("a");
    add("b");
    add("c");

    client.pump();
    client.pump();
    assertThat(wire.taken()).containsExactly("heartbeat", "a", "b");

    wire.room = 10;
    client.drained();
    assertThat(wire.taken()).containsExactly("heartbeat", "a", "b", "c");
  }

  @Test
  void cutsOffWhoeverTakesNothingForTooLongAndNobodyElse() {
    StreamClient client = client(null);
    client.pump();
    wire.room = 0;

    client.tick();
    after(2_900);
    client.tick();
    wire.room = 10;
    client.drained();
    wire.room = 0;
    client.tick();
    after(2_900);
    assertThat(client.tick()).isTrue();
    assertThat(wire.cutOff).isFalse();

    after(200);
    assertThat(client.tick()).isFalse();
    assertThat(wire.cutOff).isTrue();
  }

  @Test
  void cutsOffWhoeverDoesNotAnswerAProbe() {
    wire.answers = false;
    StreamClient client = client(null);
    client.pump();
    after(1_000);
    client.tick();
    assertThat(wire.probes).isEqualTo(1);

    client.tick();
    after(3_000);

    assertThat(client.tick()).isFalse();
  }

  @Test
  void cutsOffAConnectionThatDoesNotGetClosed() {
    StreamClient client = client(null);
    client.pump();
    wire.closing = true;

    assertThat(client.tick()).isTrue();
    after(2_900);
    assertThat(client.tick()).isTrue();
    assertThat(wire.cutOff).isFalse();
    after(100);
    assertThat(client.tick()).isFalse();
    assertThat(wire.cutOff).isTrue();
    assertThat(wire.taken()).containsExactly("heartbeat");
  }

  @Test
  void givesASignOfLifeOnlyWhileNothingElseHappens() {
    StreamClient client = client(null);
    client.pump();
    after(900);
    add("a");
    client.tick();
    after(900);
    client.tick();
    assertThat(wire.taken()).containsExactly("heartbeat", "a");

    after(100);
    client.tick();
    assertThat(wire.taken()).containsExactly("heartbeat", "a", "heartbeat");
    assertThat(wire.ids).last().isEqualTo("topic~0:0");
  }

  @Test
  void waitsForAPlaceWhileOlderAlertsAreStillRead() {
    store.load("topic");
    StreamClient client = client("topic~0:0");
    client.pump();
    add("a");
    client.pump();
    after(1_000);
    client.tick();
    assertThat(wire.taken()).isEmpty();
    assertThat(wire.kept).isEqualTo(1);

    add("b");
    store.loaded();
    client.pump();

    assertThat(wire.taken()).containsExactly("heartbeat", "b");
  }

  @Test
  void goesOnWithoutAGapOrAResetWhenTheLogIsReadAnew() {
    StreamClient client = client(null);
    add("a");
    client.pump();
    add("b");
    client.pump();
    store.load("topic");
    offset = 0;
    add("a");
    client.pump();
    add("b");
    add("c");
    store.loaded();
    client.pump();

    assertThat(wire.taken()).containsExactly("heartbeat", "b", "c");
  }

  @Test
  void saysWhenTheLogWasReadAnewAndNoLongerReachesBack() {
    StreamClient client = client(null);
    add("a");
    client.pump();
    store.load("topic");
    store.begin(0, 7);
    offset = 7;
    add("h");
    store.loaded();
    client.pump();
    add("i");
    client.pump();

    assertThat(wire.taken()).containsExactly("heartbeat", "reset", "i");
    assertThat(wire.data).anyMatch(data -> data.contains("too-old"));
  }

  @Test
  void asksAClientThatFellBehindToReadAnewOnce() {
    StreamClient client = client(null);
    client.pump();
    wire.room = 0;
    for (int i = 0; i < 9; i++) {
      add("a" + i);
    }
    client.pump();
    wire.room = 10;
    client.drained();
    add("b");
    client.pump();

    assertThat(wire.taken()).containsExactly("heartbeat", "reset", "b");
  }

  private StreamClient client(String since) {
    return new StreamClient(store, wire, since, PACE, () -> nanos);
  }

  private void add(String id) {
    store.add(0, offset++, SampleAlerts.as(SampleAlerts.dispute(), id, 1, SampleAlerts.SEEN));
  }

  private void after(long millis) {
    nanos += millis * 1_000_000;
  }

  /** Takes as many events as it has room for. */
  private static final class Wire implements StreamWire {

    private final List<String> events = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final List<String> data = new ArrayList<>();
    private int room = 10;
    private int probes;
    private int kept;
    private boolean answers = true;
    private boolean closing;
    private boolean cutOff;

    /** The id of an alert, the name of anything else. */
    List<String> taken() {
      return events;
    }

    @Override
    public boolean open() {
      return !closing && !cutOff;
    }

    @Override
    public boolean full() {
      return room == 0;
    }

    @Override
    public boolean awaited() {
      return probes > 0 && !answers;
    }

    @Override
    public void event(String event, String id, String data) {
      room--;
      events.add(
          event.equals("alert") ? data.replaceFirst(".*?\"id\":\"([^\"]*)\".*", "$1") : event);
      ids.add(id);
      this.data.add(data);
    }

    @Override
    public void keepAlive() {
      kept++;
    }

    @Override
    public void probe() {
      probes++;
    }

    @Override
    public void cutOff() {
      cutOff = true;
    }

    @Override
    public Future<Void> expel() {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> leave() {
      return Future.succeededFuture();
    }
  }
}
