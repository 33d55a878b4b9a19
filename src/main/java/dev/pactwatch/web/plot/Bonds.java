package dev.pactwatch.web.plot;

import dev.pactwatch.web.AlertView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Who is bound to whom, and what an event adds: organisations as boxes, the bonds between them as
 * numbered arrows that a list explains. Drawn by {@code templates/plots/bonds.html}. Coordinates
 * are those of a drawing of {@link #WIDTH} by {@code height}. Texts are plain, not escaped.
 *
 * @param key of the document's elements
 * @param description what the picture shows, in a sentence
 */
public record Bonds(
    String key, String title, String description, int height, List<Node> nodes, List<Edge> edges) {

  /** Of the drawing. */
  public static final int WIDTH = 340;

  private static final int BOX_WIDTH = 138;
  private static final int BOX_HEIGHT = 46;
  private static final int MARGIN = 4;
  private static final int STEP = 68;
  private static final int LEAST_SPREAD = 112;
  private static final double BESIDE = 15;
  private static final int MOST_OTHERS = 5;
  private static final int MOST_NAME = 17;
  private static final int MOST_PART = 22;

  /**
   * An organisation.
   *
   * @param part what it is in the picture, such as {@code beneficiary, plaintiff}
   * @param link its page, null for none
   */
  public record Party(String id, String name, String part, String link) {}

  /** What ties two organisations; both must be in the picture to be drawn. */
  public record Bond(String from, String to, Kind kind, String label) {}

  /** How an arrow is drawn. */
  public enum Kind {
    /** What an agreement says. */
    TERM,
    /** What the event does. */
    EVENT
  }

  /** A box, by its upper left corner. */
  public record Node(String id, int x, int y, String name, String part, String full, String link) {

    public int centre() {
      return x + BOX_WIDTH / 2;
    }

    public int nameY() {
      return y + 20;
    }

    public int partY() {
      return y + 36;
    }

    public int width() {
      return BOX_WIDTH;
    }

    public int height() {
      return BOX_HEIGHT;
    }
  }

  /** An arrow with its number, which the list repeats. */
  public record Edge(
      int number,
      String kind,
      String label,
      double x1,
      double y1,
      double x2,
      double y2,
      double atX,
      double atY) {}

  /**
   * @param sides of the agreement, the one that enjoys it first; at most two
   * @param others everybody else; of many the first few
   */
  public static Bonds of(
      String key, String title, List<Party> sides, List<Party> others, List<Bond> bonds) {
    List<Party> drawn = others.subList(0, Math.min(others.size(), MOST_OTHERS));
    int spread = Math.max(LEAST_SPREAD, STEP * (drawn.size() - 1));
    int left = drawn.isEmpty() ? (WIDTH - BOX_WIDTH) / 2 : MARGIN;
    int right = sides.isEmpty() ? (WIDTH - BOX_WIDTH) / 2 : WIDTH - BOX_WIDTH - MARGIN;
    Map<String, Node> nodes = new HashMap<>();
    List<Node> all = new ArrayList<>();
    place(sides, left, spread, all, nodes);
    place(drawn, right, spread, all, nodes);
    List<Edge> edges = new ArrayList<>();
    Map<String, Integer> between = new HashMap<>();
    for (Bond bond : bonds) {
      Node from = nodes.get(bond.from());
      Node to = nodes.get(bond.to());
      if (from == null || to == null || from.equals(to)) {
        continue;
      }
      boolean several = bonds.stream().filter(other -> pair(other).equals(pair(bond))).count() > 1;
      int nth = between.merge(pair(bond), 1, Integer::sum);
      double offset = several ? (nth - 1.5) * 2 * BESIDE : 0;
      // Both directions of a pair are shifted to the same side of the line, not of the arrow.
      edges.add(
          edge(
              edges.size() + 1,
              bond,
              from,
              to,
              bond.from().compareTo(bond.to()) <= 0 ? offset : -offset));
    }
    String description =
        all.size()
            + " organisations and "
            + edges.size()
            + (edges.size() == 1 ? " bond" : " bonds")
            + ", listed below the picture.";
    return new Bonds(
        key,
        AlertView.clean(title),
        description,
        spread + BOX_HEIGHT + 2 * MARGIN,
        List.copyOf(all),
        List.copyOf(edges));
  }

  /** For the template. */
  public int width() {
    return WIDTH;
  }

  private static void place(
      List<Party> parties, int x, int spread, List<Node> all, Map<String, Node> nodes) {
    int count = parties.size();
    for (int i = 0; i < count; i++) {
      Party party = parties.get(i);
      int y = MARGIN + (count == 1 ? spread / 2 : spread * i / (count - 1));
      Node node =
          new Node(
              party.id(),
              x,
              y,
              cut(party.name(), MOST_NAME),
              cut(party.part(), MOST_PART),
              AlertView.clean(party.name() + ": " + party.part()),
              party.link());
      if (nodes.putIfAbsent(party.id(), node) == null) {
        all.add(node);
      }
    }
  }

  private static String pair(Bond bond) {
    return bond.from().compareTo(bond.to()) <= 0
        ? bond.from() + '\n' + bond.to()
        : bond.to() + '\n' + bond.from();
  }

  private static Edge edge(int number, Bond bond, Node from, Node to, double offset) {
    double fromX = from.x() + BOX_WIDTH / 2.0;
    double fromY = from.y() + BOX_HEIGHT / 2.0;
    double toX = to.x() + BOX_WIDTH / 2.0;
    double toY = to.y() + BOX_HEIGHT / 2.0;
    double length = Math.hypot(toX - fromX, toY - fromY);
    double dx = (toX - fromX) / length;
    double dy = (toY - fromY) / length;
    double shiftX = -dy * offset;
    double shiftY = dx * offset;
    double leave = leaves(shiftX, shiftY, dx, dy);
    double arrive = leaves(shiftX, shiftY, -dx, -dy);
    double x1 = fromX + shiftX + dx * leave;
    double y1 = fromY + shiftY + dy * leave;
    double x2 = toX + shiftX - dx * arrive;
    double y2 = toY + shiftY - dy * arrive;
    return new Edge(
        number,
        bond.kind().name().toLowerCase(Locale.ROOT),
        AlertView.clean(bond.label()),
        tenth(x1),
        tenth(y1),
        tenth(x2),
        tenth(y2),
        tenth((x1 + x2) / 2),
        tenth((y1 + y2) / 2));
  }

  /** How far from a point beside its middle a box ends in a direction. */
  private static double leaves(double atX, double atY, double dx, double dy) {
    double along = Double.MAX_VALUE;
    if (Math.abs(dx) > 1e-9) {
      along = Math.min(along, (BOX_WIDTH / 2.0 - Math.signum(dx) * atX) / Math.abs(dx));
    }
    if (Math.abs(dy) > 1e-9) {
      along = Math.min(along, (BOX_HEIGHT / 2.0 - Math.signum(dy) * atY) / Math.abs(dy));
    }
    return along;
  }

  private static double tenth(double value) {
    return Math.round(value * 10) / 10.0;
  }

  private static String cut(String text, int most) {
    String clean = AlertView.clean(text);
    return clean.length() <= most ? clean : clean.substring(0, most - 1) + "…";
  }
}
