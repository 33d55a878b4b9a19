package dev.pactwatch.notify.subscription;

import dev.pactwatch.alert.Alert;
import dev.pactwatch.alert.Change;
import dev.pactwatch.alert.Severity;
import dev.pactwatch.matching.Certainty;
import dev.pactwatch.matching.Relation;
import dev.pactwatch.tagging.EventType;
import dev.pactwatch.tagging.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of many subscriptions want an alert, at a cost that grows with those that might and not
 * with all there are. Does not change, and is safe for use by many threads.
 *
 * <p>Each subscription is filed under what is rarest of it: its organisations, its agreements or a
 * word of each of its phrases; one that names none of them with all others of that kind. Within a
 * file those that ask for the same types, statuses, relations, changes, severities, certainty and
 * history stand together behind one number, so that one comparison of bits passes over all of them.
 * Of those that pass it, the ones that ask for nothing but what the file's name says are found
 * without a further look; the rest is asked one by one.
 */
public final class SubscriptionIndex {

  /** Reading an alert's words costs more than its ids, which are at hand. */
  private static final long WORD_COST = 4;

  private final List<Subscription> subscriptions;
  private final Map<String, Posting> byAgreement;
  private final Map<String, Posting> byOrganisation;
  private final Map<String, Posting> byWord;
  private final Words words;
  private final Posting others;

  private SubscriptionIndex(
      List<Subscription> subscriptions,
      Map<String, Posting> byAgreement,
      Map<String, Posting> byOrganisation,
      Map<String, Posting> byWord,
      Posting others) {
    this.subscriptions = subscriptions;
    this.byAgreement = byAgreement;
    this.byOrganisation = byOrganisation;
    this.byWord = byWord;
    this.words = new Words(byWord.keySet());
    this.others = others;
  }

  /** An index over these; for 100,000 a fraction of a second. */
  public static SubscriptionIndex of(Collection<Subscription> subscriptions) {
    return new Builder(List.copyOf(subscriptions)).build();
  }

  /** In the order in which they were given. */
  public List<Subscription> subscriptions() {
    return subscriptions;
  }

  /**
   * This one with a subscription more, or another of the same id in the place of the one it had.
   */
  public SubscriptionIndex with(Subscription subscription) {
    List<Subscription> all = new ArrayList<>(subscriptions);
    int at = position(subscription.id());
    if (at < 0) {
      all.add(subscription);
    } else {
      all.set(at, subscription);
    }
    return of(all);
  }

  /** This one without the subscription of this id. */
  public SubscriptionIndex without(String id) {
    List<Subscription> all = new ArrayList<>(subscriptions);
    all.removeIf(one -> one.id().equals(id));
    return of(all);
  }

  private int position(String id) {
    for (int i = 0; i < subscriptions.size(); i++) {
      if (subscriptions.get(i).id().equals(id)) {
        return i;
      }
    }
    return -1;
  }

  /** Those whose filter lets the alert through, in the order in which they were given. */
  public List<Subscription> matches(Alert alert) {
    Search search = new Search(new AlertFacts(alert));
    int[] found = search.run();
    List<Subscription> matching = new ArrayList<>(found.length);
    for (int one : found) {
      matching.add(subscriptions.get(one));
    }
    return matching;
  }

  /** How many comparisons and filters an alert costs. */
  int cost(Alert alert) {
    Search search = new Search(new AlertFacts(alert));
    var unused = search.run();
    return search.cost;
  }

  /** One look-up. */
  private final class Search {

    private final AlertFacts facts;
    private final long bits;

    /** Bits say nothing of an alert without status, so that every filter has to be asked. */
    private final boolean hasStatus;

    private int[] found = new int[16];
    private int size;
    private int cost;

    Search(AlertFacts facts) {
      this.facts = facts;
      this.bits = Mask.of(facts.alert());
      this.hasStatus = facts.alert().event().status() != null;
    }

    /** Positions, in order, each once. */
    int[] run() {
      look(others);
      Alert.AgreementRef agreement = facts.alert().agreement();
      if (!byAgreement.isEmpty()) {
        look(agreement.id(), byAgreement);
        look(agreement.chain(), byAgreement);
      }
      if (!byOrganisation.isEmpty()) {
        for (String organisation : facts.organisations()) {
          look(organisation, byOrganisation);
        }
      }
      if (!byWord.isEmpty()) {
        String folded = facts.folded();
        AlertFacts.eachWord(
            folded,
            (start, end, hash) -> {
              // Most words are nobody's: that is told by their hash, without making a text of them.
              if (words.mayHold(hash)) {
                look(folded.substring(start, end), byWord);
              }
            });
      }
      Arrays.sort(found, 0, size);
      int distinct = 0;
      for (int i = 0; i < size; i++) {
        if (i == 0 || found[i] != found[i - 1]) {
          found[distinct++] = found[i];
        }
      }
      return Arrays.copyOf(found, distinct);
    }

    private void look(String key, Map<String, Posting> postings) {
      Posting posting = key == null ? null : postings.get(key);
      if (posting != null) {
        look(posting);
      }
    }

    private void look(Posting posting) {
      cost += posting.masks.length;
      for (int i = 0; i < posting.masks.length; i++) {
        if ((posting.masks[i] & bits) == bits) {
          cost += posting.starts[i + 1] - posting.starts[i];
          int asked = hasStatus ? posting.asked[i] : posting.starts[i];
          add(posting.positions, posting.starts[i], asked);
          for (int at = asked; at < posting.starts[i + 1]; at++) {
            int candidate = posting.positions[at];
            if (subscriptions.get(candidate).filter().reject(facts).isEmpty()) {
              add(posting.positions, at, at + 1);
            }
          }
        }
      }
    }

    private void add(int[] positions, int from, int to) {
      int more = to - from;
      if (size + more > found.length) {
        found = Arrays.copyOf(found, Math.max(size + more, size * 2));
      }
      System.arraycopy(positions, from, found, size, more);
      size += more;
    }
  }

  /**
   * Subscriptions filed under one key.
   *
   * @param masks what groups of them ask for, each once
   * @param starts where the group's positions begin; one more than masks
   * @param asked where in the group those begin that ask for more than the key and the mask
   */
  private record Posting(long[] masks, int[] starts, int[] asked, int[] positions) {

    static Posting of(List<Integer> members, long[] masks, boolean[] plain) {
      List<Integer> sorted = new ArrayList<>(members);
      sorted.sort(
          Comparator.<Integer>comparingLong(one -> masks[one])
              .thenComparing(one -> !plain[one])
              .thenComparing(one -> one));
      long[] distinct = new long[sorted.size()];
      int[] starts = new int[sorted.size() + 1];
      int[] asked = new int[sorted.size()];
      int[] positions = new int[sorted.size()];
      int groups = 0;
      for (int i = 0; i < positions.length; i++) {
        positions[i] = sorted.get(i);
        long mask = masks[positions[i]];
        if (groups == 0 || distinct[groups - 1] != mask) {
          distinct[groups] = mask;
          asked[groups] = i;
          starts[groups++] = i;
        }
        if (plain[positions[i]]) {
          asked[groups - 1] = i + 1;
        }
      }
      starts[groups] = positions.length;
      return new Posting(
          Arrays.copyOf(distinct, groups),
          Arrays.copyOf(starts, groups + 1),
          Arrays.copyOf(asked, groups),
          positions);
    }
  }

  /** The hashes of words, a bit for each; now and then a word seems to be there that is not. */
  private static final class Words {

    private final long[] bits;

    Words(Set<String> words) {
      bits = new long[Integer.highestOneBit(Math.max(1, words.size() / 4)) * 2];
      for (String word : words) {
        int place = place(word.hashCode());
        bits[place >> 6] |= 1L << place;
      }
    }

    boolean mayHold(int hash) {
      int place = place(hash);
      return (bits[place >> 6] & 1L << place) != 0;
    }

    private int place(int hash) {
      return (hash ^ hash >>> 15) & (bits.length << 6) - 1;
    }
  }

  /** What a filter asks for of fixed vocabularies: one bit for each value that it wants. */
  private static final class Mask {

    private static final Severity[] SEVERITIES = Severity.values();
    private static final Certainty[] CERTAINTIES = Certainty.values();
    private static final EventType[] TYPES = EventType.values();
    private static final Status[] STATUSES = Status.values();
    private static final Relation[] RELATIONS = Relation.values();
    private static final Change[] CHANGES = Change.values();

    private Mask() {}

    static long of(Filter filter) {
      Bits bits = new Bits();
      for (Severity severity : SEVERITIES) {
        bits.add(severity.compareTo(filter.severity()) >= 0);
      }
      for (Certainty certainty : CERTAINTIES) {
        bits.add(!filter.certain() || certainty == Certainty.CERTAIN);
      }
      bits.add(filter.types(), TYPES);
      bits.add(filter.statuses(), STATUSES);
      bits.add(filter.relations(), RELATIONS);
      bits.add(filter.changes(), CHANGES);
      bits.add(true);
      bits.add(filter.historical());
      return bits.value;
    }

    /** The bits that a filter must have to let the alert through. */
    static long of(Alert alert) {
      Bits bits = new Bits();
      bits.only(alert.severity(), SEVERITIES);
      bits.only(alert.certainty(), CERTAINTIES);
      bits.only(alert.event().type(), TYPES);
      bits.only(alert.event().status(), STATUSES);
      bits.only(alert.relation(), RELATIONS);
      bits.only(alert.change(), CHANGES);
      bits.add(!alert.historical());
      bits.add(alert.historical());
      return bits.value;
    }
  }

  private static final class Bits {

    private long value;
    private int next;

    void add(boolean bit) {
      if (next == Long.SIZE) {
        throw new IllegalStateException("the vocabularies have grown beyond " + Long.SIZE);
      }
      value |= (bit ? 1L : 0L) << next++;
    }

    /** An empty set stands for all. */
    <E> void add(Set<E> wanted, E[] all) {
      for (E one : all) {
        add(wanted.isEmpty() || wanted.contains(one));
      }
    }

    <E extends Enum<E>> void only(E wanted, E[] all) {
      for (E one : all) {
        add(one == wanted);
      }
    }
  }

  private static final class Builder {

    private final List<Subscription> subscriptions;
    private final Map<String, Integer> agreements = new HashMap<>();
    private final Map<String, Integer> organisations = new HashMap<>();
    private final Map<String, Integer> words = new HashMap<>();

    Builder(List<Subscription> subscriptions) {
      this.subscriptions = subscriptions;
    }

    SubscriptionIndex build() {
      for (Subscription one : subscriptions) {
        Filter filter = one.filter();
        filter.agreements().forEach(key -> agreements.merge(key, 1, Integer::sum));
        filter.organisations().forEach(key -> organisations.merge(key, 1, Integer::sum));
        for (String phrase : filter.text()) {
          AlertFacts.words(phrase).forEach(key -> words.merge(key, 1, Integer::sum));
        }
      }
      Map<String, List<Integer>> byAgreement = new HashMap<>();
      Map<String, List<Integer>> byOrganisation = new HashMap<>();
      Map<String, List<Integer>> byWord = new HashMap<>();
      List<Integer> others = new ArrayList<>();
      long[] masks = new long[subscriptions.size()];
      boolean[] plain = new boolean[subscriptions.size()];
      for (int i = 0; i < masks.length; i++) {
        Filter filter = subscriptions.get(i).filter();
        masks[i] = Mask.of(filter);
        plain[i] = isPlain(filter);
        Set<String> keywords = keywords(filter);
        long agreement = cost(filter.agreements(), agreements);
        long organisation = cost(filter.organisations(), organisations);
        long word = keywords.isEmpty() ? Long.MAX_VALUE : WORD_COST * cost(keywords, words);
        long least = Math.min(agreement, Math.min(organisation, word));
        if (least == Long.MAX_VALUE) {
          others.add(i);
        } else if (least == agreement) {
          file(byAgreement, filter.agreements(), i);
        } else if (least == organisation) {
          file(byOrganisation, filter.organisations(), i);
        } else {
          file(byWord, keywords, i);
        }
      }
      return new SubscriptionIndex(
          subscriptions,
          postings(byAgreement, masks, plain),
          postings(byOrganisation, masks, plain),
          postings(byWord, masks, plain),
          Posting.of(others, masks, plain));
    }

    /** Whether the key that it is filed under and its mask say all that it asks for. */
    private static boolean isPlain(Filter filter) {
      return filter.text().isEmpty()
          && filter.except().isEmpty()
          && (filter.organisations().isEmpty() || filter.agreements().isEmpty());
    }

    /** How many subscriptions stand under these keys at most; the greatest number without a key. */
    private static long cost(Set<String> keys, Map<String, Integer> counts) {
      return keys.isEmpty()
          ? Long.MAX_VALUE
          : keys.stream().mapToLong(key -> counts.get(key)).sum();
    }

    /**
     * A word of each phrase, since one phrase is enough to match: the rarest, among these the
     * longest. Empty where there is no phrase, or one without a word, which nothing says.
     */
    private Set<String> keywords(Filter filter) {
      Set<String> chosen = new HashSet<>();
      for (String phrase : filter.text()) {
        AlertFacts.words(phrase).stream()
            .min(
                Comparator.<String>comparingInt(words::get)
                    .thenComparing(Comparator.comparingInt(String::length).reversed())
                    .thenComparing(Comparator.naturalOrder()))
            .ifPresent(chosen::add);
      }
      return chosen;
    }

    private static void file(Map<String, List<Integer>> into, Set<String> keys, int position) {
      for (String key : keys) {
        into.computeIfAbsent(key, none -> new ArrayList<>(1)).add(position);
      }
    }

    private static Map<String, Posting> postings(
        Map<String, List<Integer>> lists, long[] masks, boolean[] plain) {
      Map<String, Posting> postings = new HashMap<>(lists.size() * 2);
      lists.forEach((key, members) -> postings.put(key, Posting.of(members, masks, plain)));
      return Collections.unmodifiableMap(postings);
    }
  }
}
