package dev.pactwatch.tagging;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * Who stands in the places of a rule, with the roles, in the order in which they were found. They
 * are few, so that an array is faster than a hash; and most rules that are tried come to nothing,
 * so that what is made for one is kept for the next. An entry holds until the map is cleared.
 */
final class Parties extends AbstractMap<Mention, Role> {

  private Place[] places = new Place[4];
  private int size;
  private final Set<Map.Entry<Mention, Role>> entries = new Entries();

  /** One party. */
  private static final class Place implements Map.Entry<Mention, Role> {
    private Mention mention;
    private Role role;

    @Override
    public Mention getKey() {
      return mention;
    }

    @Override
    public Role getValue() {
      return role;
    }

    @Override
    public Role setValue(Role value) {
      Role before = role;
      role = value;
      return before;
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public boolean containsKey(Object mention) {
    return find(mention) != null;
  }

  @Override
  public Role get(Object mention) {
    Place place = find(mention);
    return place == null ? null : place.role;
  }

  @Override
  public boolean containsValue(Object role) {
    for (int i = 0; i < size; i++) {
      if (places[i].role.equals(role)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Role put(Mention mention, Role role) {
    Place place = find(mention);
    if (place != null) {
      return place.setValue(role);
    }
    if (size == places.length) {
      places = Arrays.copyOf(places, size * 2);
    }
    if (places[size] == null) {
      places[size] = new Place();
    }
    places[size].mention = mention;
    places[size++].role = role;
    return null;
  }

  @Override
  public Role putIfAbsent(Mention mention, Role role) {
    Role known = get(mention);
    return known == null ? put(mention, role) : known;
  }

  @Override
  public void clear() {
    size = 0;
  }

  @Override
  public Set<Map.Entry<Mention, Role>> entrySet() {
    return entries;
  }

  private Place find(Object mention) {
    for (int i = 0; i < size; i++) {
      if (places[i].mention.equals(mention)) {
        return places[i];
      }
    }
    return null;
  }

  private void remove(int index) {
    Place removed = places[index];
    System.arraycopy(places, index + 1, places, index, size - index - 1);
    places[--size] = removed;
  }

  private final class Entries extends AbstractSet<Map.Entry<Mention, Role>> {
    @Override
    public int size() {
      return size;
    }

    @Override
    public Iterator<Map.Entry<Mention, Role>> iterator() {
      return new Iterator<>() {
        private int next;

        @Override
        public boolean hasNext() {
          return next < size;
        }

        @Override
        public Map.Entry<Mention, Role> next() {
          if (next >= size) {
            throw new NoSuchElementException();
          }
          return places[next++];
        }

        @Override
        public void remove() {
          Parties.this.remove(--next);
        }
      };
    }
  }
}
