package dev.emergence.dsl.bind;

import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Spelling;
import dev.emergence.spec.ShortForm;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Single values that stand for a mapping: {@code optimizer: adam} for {@code optimizer: {kind:
 * adam}}, where the other keys of that kind have defaults, and {@code seeds: 3} for {@code seeds:
 * {count: 3}}.
 */
public final class ShortForms {
  private ShortForms() {}

  /** The mapping that a value stands for, if it does. */
  static Optional<Node.Mapping> meant(Shape shape, Node node) {
    if (node instanceof Node.Sequence list) {
      return listKey(shape).map(key -> single(key, list));
    }
    if (!(node instanceof Node.Scalar s)) {
      return Optional.empty();
    }
    if (shape instanceof Shape.Opt opt && !s.text().equals(opt.word())) {
      return meant(opt.of(), node);
    }
    if (shape instanceof Shape.Union union && isComplete(union.kinds().get(s.text()))) {
      return Optional.of(single("kind", s));
    }
    if (listKey(shape).isPresent()) {
      return listKey(shape).map(key -> single(key, s));
    }
    return shape instanceof Shape.Rec rec && Spelling.isNumber(s.text()) && !s.quoted()
        ? shortKey(rec).map(key -> single(key, s))
        : Optional.empty();
  }

  /** The key that a list or any single value stands for. */
  private static Optional<String> listKey(Shape shape) {
    return shape instanceof Shape.Rec rec
        ? shortKey(rec).filter(key -> rec.fields().get(key).shape() instanceof Shape.ListOf)
        : Optional.empty();
  }

  /** The key that a value stands for, in a record that has a short form. */
  public static Optional<String> shortKey(Shape.Rec rec) {
    return Optional.ofNullable(rec.type().getAnnotation(ShortForm.class)).map(ShortForm::value);
  }

  /** Whether a kind's word says enough. */
  public static boolean isComplete(Shape.Rec kind) {
    return kind != null && kind.fields().values().stream().noneMatch(Shape.Field::required);
  }

  private static Node.Mapping single(String key, Node value) {
    return new Node.Mapping(Map.of(key, new Node.Entry(value.place(), value)), value.place());
  }

  /** A file, or a part of one, with every short form written out. */
  public static Node.Mapping expand(Node.Mapping file) {
    return (Node.Mapping) expand(Shape.of(ExperimentFile.class), file);
  }

  private static Node expand(Shape shape, Node node) {
    if (shape instanceof Shape.Opt opt) {
      return node instanceof Node.Scalar s && s.text().equals(opt.word())
          ? node
          : expand(opt.of(), node);
    }
    Optional<Node.Mapping> meant = meant(shape, node);
    if (meant.isPresent() || !(node instanceof Node.Mapping mapping)) {
      return meant.<Node>map(m -> m).orElse(node);
    }
    Map<String, Node.Entry> entries = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (key, entry) ->
                entries.put(
                    key, new Node.Entry(entry.key(), inner(shape, mapping, key, entry.value()))));
    return new Node.Mapping(entries, mapping.place());
  }

  /** A kind's word at a dotted path of {@code tree} as the mapping that it stands for. */
  public static Node kind(Node.Mapping tree, String path, Node value) {
    Shape shape = Lookup.shape(tree, path).orElse(null);
    return shape instanceof Shape.Union
        ? meant(shape, value).<Node>map(m -> m).orElse(value)
        : value;
  }

  private static Node inner(Shape shape, Node.Mapping owner, String key, Node value) {
    if (shape instanceof Shape.Part) {
      if (key.contains(".")) {
        return kind(owner, key, value);
      }
      shape = Shape.of(ExperimentFile.class);
    }
    if (shape instanceof Shape.MapOf map) {
      return expand(map.value(), value);
    }
    Shape.Rec rec =
        shape instanceof Shape.Rec r
            ? r
            : shape instanceof Shape.Union union ? union.of(owner).orElse(null) : null;
    Shape.Field field = rec == null ? null : rec.fields().get(key);
    return field == null ? value : expand(field.shape(), value);
  }
}
