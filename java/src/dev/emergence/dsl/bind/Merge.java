package dev.emergence.dsl.bind;

import dev.emergence.dsl.yaml.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Lays one tree over another: mappings merge, everything else replaces. A mapping of another {@code
 * kind} drops the keys of the one below; values marked atomic replace as a whole; {@code null}
 * takes an entry away.
 */
public final class Merge {
  private final Node.Mapping file;

  private Merge(Node.Mapping file) {
    this.file = file;
  }

  /** {@code over} on top of {@code base}, both parts of an experiment file. */
  public static Node.Mapping files(Node.Mapping base, Node.Mapping over) {
    return new Merge(base).merge(Shape.of(ExperimentFile.class), base, over);
  }

  private Node.Mapping merge(Shape shape, Node.Mapping base, Node.Mapping over) {
    if (shape instanceof Shape.Part part && part.dotted()) {
      return DottedParts.merge(file, base, over);
    }
    if (shape instanceof Shape.Union union && changesKind(union, base, over)) {
      return over;
    }
    Map<String, Node.Entry> merged = new LinkedHashMap<>(base.entries());
    for (Map.Entry<String, Node.Entry> e : over.entries().entrySet()) {
      Node.Entry below = base.entries().get(e.getKey());
      Node.Entry above = e.getValue();
      if (below == null) {
        merged.put(e.getKey(), above);
      } else if (takesAway(above)) {
        merged.remove(e.getKey());
      } else {
        merged.put(e.getKey(), entry(shape, over, e.getKey(), below, above));
      }
    }
    return new Node.Mapping(merged, over.place());
  }

  /** Whether {@code null} is written; a key without a value is a mistake instead. */
  static boolean takesAway(Node.Entry entry) {
    return entry.value() instanceof Node.Scalar s && s.isNull() && !s.text().isEmpty();
  }

  private Node.Entry entry(
      Shape shape, Node.Mapping owner, String key, Node.Entry below, Node.Entry above) {
    Optional<Shape> inner = child(shape, owner, key);
    boolean mappings =
        below.value() instanceof Node.Mapping && above.value() instanceof Node.Mapping;
    if (!mappings || inner.isEmpty() || isAtomic(shape, owner, key)) {
      return above;
    }
    return new Node.Entry(
        above.key(),
        merge(inner.get(), (Node.Mapping) below.value(), (Node.Mapping) above.value()));
  }

  private static boolean changesKind(Shape.Union union, Node.Mapping base, Node.Mapping over) {
    if (over.get("kind") == null) {
      return false;
    }
    String before = base.get("kind") == null ? union.defaultKind() : base.text("kind");
    return !before.isEmpty() && !before.equals(over.text("kind"));
  }

  static boolean isAtomic(Shape shape, Node.Mapping owner, String key) {
    if (shape instanceof Shape.MapOf map) {
      return map.atomicEntries();
    }
    Shape.Field field = field(shape, owner, key);
    return field != null && field.key().atomic() && !(field.shape() instanceof Shape.MapOf);
  }

  private static Shape.Field field(Shape shape, Node.Mapping owner, String key) {
    if (shape instanceof Shape.Rec rec) {
      return rec.fields().get(key);
    }
    if (!(shape instanceof Shape.Union union)) {
      return null;
    }
    // Without a kind of its own, the mapping above may speak of any kind's keys.
    return union
        .of(owner)
        .map(rec -> rec.fields().get(key))
        .orElseGet(
            () ->
                union.kinds().values().stream()
                    .map(rec -> rec.fields().get(key))
                    .filter(f -> f != null)
                    .findFirst()
                    .orElse(null));
  }

  /** What stands under {@code key}; empty when the key is unknown. */
  private static Optional<Shape> child(Shape shape, Node.Mapping owner, String key) {
    if (shape instanceof Shape.MapOf map) {
      return Optional.of(plain(map.value()));
    }
    Shape.Field field = field(shape, owner, key);
    return Optional.ofNullable(field).map(f -> plain(f.shape()));
  }

  private static Shape plain(Shape shape) {
    if (shape instanceof Shape.Opt opt) {
      return plain(opt.of());
    }
    boolean isFile = shape instanceof Shape.Part part && !part.dotted();
    return isFile ? Shape.of(ExperimentFile.class) : shape;
  }
}
