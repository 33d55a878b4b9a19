package dev.pactwatch.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.SampleAlerts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertStoreTest {

  private final AlertStore store = store(100);

  @Test
  void goesOnAfterACursorWithoutGapOrRepeat() {
    add(store, 0, 0, "a");
    add(store, 1, 0, "b");
    String cursor = store.now().cursor().toString();
    add(store, 0, 2, "c");
    add(store, 1, 1, "d");

    assertThat(cursor).isEqualTo("topic~0:0,1:0");
    assertThat(rest(store, cursor)).containsExactly("c", "d");
    assertThat(rest(store, "topic~0:2,1:0")).containsExactly("d");
    assertThat(rest(store, "topic~0:2")).containsExactly("b", "d");
    assertThat(rest(store, "topic~")).containsExactly("a", "b", "c", "d");
    assertThat(rest(store, "topic~0:99,1:99")).isEmpty();
  }

  @Test
  void goesOnAtAnotherInstanceThatReadThePartitionsInAnotherOrder() {
    AlertStore other = store(100);
    add(store, 0, 0, "a");
    add(store, 1, 0, "b");
    add(store, 0, 1, "c");
    add(other, 1, 0, "b");
    add(other, 1, 1, "d");
    add(other, 0, 0, "a");
    add(other, 0, 1, "c");

    AlertStore.Found first = (AlertStore.Found) store.next((AlertStore.From) store.after("topic~"));

    assertThat(first.alert().id()).isEqualTo("a");
    assertThat(rest(other, first.then().cursor().toString())).containsExactly("b", "d", "c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "topic",
        "topic~0",
        "topic~0:",
        "topic~0:1,",
        "topic~0:-1",
        "topic~0:1,0:2",
        "topic~0:99999999999999999999",
        "topic~0:1\nevent: x",
        "to pic~0:1"
      })
  void saysWhenACursorIsUnreadable(String text) {
    add(store, 0, 0, "a");

    assertThat(store.after(text)).isEqualTo(new AlertStore.Lost("unreadable", store.now()));
  }

  @Test
  void saysWhenACursorBelongsToAnotherTopic() {
    add(store, 0, 0, "a");

    assertThat(store.after("former~0:0"))
        .isEqualTo(new AlertStore.Lost("another-topic", store.now()));
  }

  @Test
  void saysWhenACursorIsOlderThanWhatIsKept() {
    AlertStore small = store(3);
    for (int i = 0; i < 5; i++) {
      add(small, 0, i, "a" + i);
    }

    assertThat(rest(small, "topic~0:1")).containsExactly("a2", "a3", "a4");
    assertThat(small.after("topic~0:0")).isEqualTo(new AlertStore.Lost("too-old", small.now()));
    assertThat(small.after("topic~")).isInstanceOf(AlertStore.Lost.class);
  }

  @Test
  void saysWhenTheTopicItselfNoLongerReachesBack() {
    store.begin(0, 10);
    add(store, 0, 10, "a");

    assertThat(rest(store, "topic~0:9")).containsExactly("a");
    assertThat(store.after("topic~0:8")).isInstanceOf(AlertStore.Lost.class);
    assertThat(rest(store, store.now().cursor().toString())).isEmpty();
  }

  @Test
  void canGoOnFromAnEmptyTopicWhoseRecordsAreGone() {
    store.begin(0, 10);

    assertThat(store.after(store.now().cursor().toString())).isInstanceOf(AlertStore.From.class);
  }

  @Test
  void tellsAClientThatItFellBehind() {
    AlertStore small = store(3);
    AlertStore.From slow = small.now();
    for (int i = 0; i < 4; i++) {
      add(small, 0, i, "a" + i);
    }

    assertThat(small.next(slow)).isEqualTo(new AlertStore.Behind());
  }

  @Test
  void tellsAClientThatTheTopicWasReplaced() {
    AlertStore.From position = store.now();
    store.reset("successor");

    assertThat(store.next(position)).isEqualTo(new AlertStore.Behind());
  }

  @Test
  void keepsTheLatestRevisionOfEveryAlertWithinItsBounds() {
    AlertStore small = new AlertStore(3, 2);
    small.reset("topic");
    for (int revision = 1; revision <= 4; revision++) {
      small.add(0, revision, alert("a", revision));
    }
    small.add(0, 5, alert("a", 2));
    small.add(0, 6, alert("b", 1));

    assertThat(small.latest("a").orElseThrow().revision()).isEqualTo(4);
    assertThat(small.revisions("a")).extracting(Alert::revision).containsExactly(4, 2);
    small.add(0, 7, alert("c", 1));
    assertThat(small.latest("a")).isEmpty();
    assertThat(small.list(alert -> true, 10).known()).isEqualTo(2);
  }

  @Test
  void writesACursorThatReadsBack() {
    Cursor cursor = new Cursor("Ab-_9", new TreeMap<>(Map.of(10, 7L, 2, 0L)));

    assertThat(cursor.toString()).isEqualTo("Ab-_9~2:0,10:7");
    assertThat(Cursor.parse(cursor.toString())).contains(cursor);
  }

  private static AlertStore store(int revisions) {
    AlertStore store = new AlertStore(revisions, 1000);
    store.reset("topic");
    return store;
  }

  private static void add(AlertStore store, int partition, long offset, String id) {
    store.add(partition, offset, alert(id, 1));
  }

  private static Alert alert(String id, int revision) {
    return SampleAlerts.as(SampleAlerts.dispute(), id, revision, SampleAlerts.SEEN);
  }

  private static List<String> rest(AlertStore store, String cursor) {
    List<String> ids = new ArrayList<>();
    AlertStore.From position = (AlertStore.From) store.after(cursor);
    while (store.next(position) instanceof AlertStore.Found found) {
      ids.add(found.alert().id());
      position = found.then();
    }
    return ids;
  }
}
