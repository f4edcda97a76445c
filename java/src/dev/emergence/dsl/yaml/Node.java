package dev.emergence.dsl.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A YAML value with its place; what it means is decided by the key it is bound to. */
public sealed interface Node {
  /** Where the value stands. */
  Place place();

  /** The same value, all of it counted as another layer. */
  Node in(Layer layer);

  /**
   * A single value. Its text is kept as written, because {@code 010} and {@code 10} are the same to
   * most YAML readers.
   */
  record Scalar(String text, boolean quoted, Place place) implements Node {
    /** Whether nothing was written, or null. */
    public boolean isNull() {
      return !quoted && (text.isEmpty() || text.equals("null") || text.equals("~"));
    }

    @Override
    public Scalar in(Layer layer) {
      return new Scalar(text, quoted, place.in(layer));
    }
  }

  /** A value that was refused and reported already; nothing more is said about it. */
  record Broken(Place place) implements Node {
    @Override
    public Broken in(Layer layer) {
      return new Broken(place.in(layer));
    }
  }

  /** A list. */
  record Sequence(List<Node> items, Place place) implements Node {
    @Override
    public Sequence in(Layer layer) {
      List<Node> moved = new ArrayList<>();
      items.forEach(item -> moved.add(item.in(layer)));
      return new Sequence(moved, place.in(layer));
    }
  }

  /** Keys in file order. */
  record Mapping(Map<String, Entry> entries, Place place) implements Node {
    public Mapping {
      entries = Collections.unmodifiableMap(entries);
    }

    /** A mapping without keys. */
    public static Mapping empty(Place place) {
      return new Mapping(Map.of(), place);
    }

    /** The value under {@code key}, or null when there is none. */
    public Node get(String key) {
      Entry entry = entries.get(key);
      return entry == null ? null : entry.value();
    }

    /** The text under {@code key} when it is a single value, else empty. */
    public String text(String key) {
      return get(key) instanceof Scalar s ? s.text() : "";
    }

    /** This mapping with one key put in or replaced. */
    public Mapping with(String key, Entry entry) {
      Map<String, Entry> copy = new LinkedHashMap<>(entries);
      copy.put(key, entry);
      return new Mapping(copy, place);
    }

    @Override
    public Mapping in(Layer layer) {
      Map<String, Entry> moved = new LinkedHashMap<>();
      entries.forEach(
          (key, entry) ->
              moved.put(key, new Entry(entry.key().in(layer), entry.value().in(layer))));
      return new Mapping(moved, place.in(layer));
    }
  }

  /** A key's place and its value. */
  record Entry(Place key, Node value) {}

  /** What a user would call this. */
  static String describe(Node node) {
    if (node instanceof Scalar s) {
      return s.isNull() ? "nothing" : "'" + Texts.shorten(s.text()) + "'";
    }
    return node instanceof Sequence ? "a list" : "a mapping";
  }
}
