package dev.emergence.dsl.bind;

import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Spelling;
import dev.emergence.spec.Keys;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What a path means in a file, and what value it has there, defaults included. */
public final class Lookup {
  private Lookup() {}

  /**
   * The shape of the value at {@code path}, where {@code tree} says which kinds are meant; a key
   * that only another kind has is found too, since a variant may choose that kind.
   */
  public static Optional<Shape> shape(Node.Mapping tree, String path) {
    Shape shape = Shape.of(ExperimentFile.class);
    Node at = tree;
    for (String key : path.split("\\.", -1)) {
      Shape inner = plain(child(shape, at, key));
      if (inner == null) {
        return Optional.empty();
      }
      at = at instanceof Node.Mapping m ? m.get(key) : null;
      shape = inner;
    }
    return Optional.of(shape);
  }

  /** A value without the possibility of its absence. */
  static Shape plain(Shape shape) {
    return shape instanceof Shape.Opt opt ? plain(opt.of()) : shape;
  }

  private static Shape child(Shape shape, Node at, String key) {
    if (shape instanceof Shape.MapOf map) {
      return map.value();
    }
    if (shape instanceof Shape.ListOf list) {
      // One item may stand for a list of one, and has paths of its own.
      return at instanceof Node.Sequence ? null : child(list.item(), at, key);
    }
    if (shape instanceof Shape.Rec rec) {
      return rec.fields().containsKey(key) ? rec.fields().get(key).shape() : null;
    }
    if (!(shape instanceof Shape.Union union)) {
      return null;
    }
    if (key.equals("kind")) {
      return new Shape.Text();
    }
    Node.Mapping mapping = at instanceof Node.Mapping m ? m : Node.Mapping.empty(null);
    Shape own = union.of(mapping).map(rec -> child(rec, at, key)).orElse(null);
    return own != null
        ? own
        : union.kinds().values().stream()
            .map(rec -> child(rec, at, key))
            .filter(s -> s != null)
            .findFirst()
            .orElse(null);
  }

  /** The single value at {@code path}, written or by default; empty when there is none. */
  public static Optional<Node.Scalar> scalar(Node.Mapping tree, String path) {
    Shape shape = Shape.of(ExperimentFile.class);
    Node at = tree;
    for (String key : path.split("\\.", -1)) {
      if (!(at instanceof Node.Mapping mapping)) {
        return Optional.empty();
      }
      if (shape instanceof Shape.Union union) {
        if (key.equals("kind")) {
          boolean written = mapping.get("kind") != null;
          Node.Scalar fallback = new Node.Scalar(union.defaultKind(), false, Defaults.PLACE);
          return written
              ? Optional.of(mapping.get("kind"))
                  .filter(Node.Scalar.class::isInstance)
                  .map(Node.Scalar.class::cast)
              : Optional.of(fallback);
        }
        shape = union.of(mapping).map(Shape.class::cast).orElse(shape);
      }
      at = written(shape, mapping, key);
      shape = plain(child(shape, mapping, key));
      if (at == null || shape == null) {
        return Optional.empty();
      }
    }
    return at instanceof Node.Scalar s ? Optional.of(s) : Optional.empty();
  }

  private static Node written(Shape shape, Node.Mapping mapping, String key) {
    Node node = mapping.get(key);
    if (node != null || !(shape instanceof Shape.Rec rec) || !rec.fields().containsKey(key)) {
      return node;
    }
    return rec.fields().get(key).fallback().orElse(null);
  }

  /** The value at {@code path}: Double, Boolean or String; empty when there is none. */
  public static Optional<Object> value(Node.Mapping tree, String path) {
    return scalar(tree, path)
        .filter(s -> !s.isNull())
        .map(
            s -> {
              if (s.text().equals("true") || s.text().equals("false")) {
                return Boolean.valueOf(s.text());
              }
              OptionalDouble number = Spelling.valueOf(s.text());
              return number.isPresent() && !s.quoted() ? number.getAsDouble() : s.text();
            });
  }

  /** The words that a value of this shape may be; empty when it is no word. */
  public static List<String> words(Shape shape) {
    return plain(shape) instanceof Shape.Words words
        ? Arrays.stream(words.type().getEnumConstants()).map(Keys::word).toList()
        : List.of();
  }
}
