package dev.emergence.dsl.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What refused keys and values were probably meant to be, so that the reader can look behind a
 * mistake: under a misspelt kind, or at a metric in a file whose number of heads is 0. Nothing is
 * ever run from a mended tree; it only finds more to report.
 */
public final class Meant {
  private static final String NOTHING = "";

  private final Map<String, String> keys = new HashMap<>();
  private final Map<String, String> values = new HashMap<>();

  /** An unknown key, and the known one it resembles. */
  public void key(Place place, java.util.Optional<String> word) {
    keys.putIfAbsent(spot(place), word.orElse(NOTHING));
  }

  /** A refused value, and one that is allowed there. */
  public void value(Place place, String text) {
    values.putIfAbsent(spot(place), text);
  }

  /** A refused value for which there is no other. */
  public void noValue(Place place) {
    value(place, NOTHING);
  }

  /** Whether the value at a place is guessed. */
  boolean isValue(Place place) {
    return values.containsKey(spot(place));
  }

  /** Takes over what another one holds. */
  public void addAll(Meant other) {
    other.keys.forEach(keys::putIfAbsent);
    other.values.forEach(values::putIfAbsent);
  }

  private static String spot(Place place) {
    return place.source().order() + ":" + place.line() + ":" + place.column();
  }

  /** The tree as it was probably meant; what cannot be guessed is left out. */
  public Node.Mapping mend(Node.Mapping tree) {
    Map<String, Node.Entry> mended = new LinkedHashMap<>();
    tree.entries()
        .forEach(
            (key, entry) -> {
              String name = keys.getOrDefault(spot(entry.key()), key);
              Node value = mend(entry.value());
              boolean taken = !name.equals(key) && tree.get(name) != null;
              if (!name.equals(NOTHING) && !taken && value != null) {
                mended.putIfAbsent(name, new Node.Entry(entry.key(), value));
              }
            });
    return new Node.Mapping(mended, tree.place());
  }

  private Node mend(Node node) {
    if (node instanceof Node.Mapping mapping) {
      return mend(mapping);
    }
    String text = values.get(spot(node.place()));
    if (node instanceof Node.Sequence sequence) {
      return NOTHING.equals(text) ? null : mend(sequence);
    }
    if (text == null) {
      return node;
    }
    return text.equals(NOTHING) ? null : new Node.Scalar(text, false, node.place());
  }

  private Node mend(Node.Sequence sequence) {
    List<Node> items = new ArrayList<>();
    sequence.items().stream().map(this::mend).filter(item -> item != null).forEach(items::add);
    return new Node.Sequence(items, sequence.place());
  }
}
