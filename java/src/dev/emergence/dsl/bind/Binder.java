package dev.emergence.dsl.bind;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.spec.Keys;
import dev.emergence.spec.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Nodes to values of the records, strictly: no key is skipped and no value guessed. A value that
 * cannot be made is reported and becomes null; the rest of the file is looked at all the same.
 */
public final class Binder {
  private final Diagnostics out;
  private final Scalars scalars;
  private final UnknownKeys keys;
  private final boolean complete;

  /**
   * For one tree.
   *
   * @param root the whole file, where messages look up related values
   * @param complete whether the tree is all of the file; if not, missing keys are not reported
   */
  public Binder(Diagnostics out, Node.Mapping root, boolean complete) {
    this.out = out;
    this.scalars = new Scalars(out, root);
    this.keys = new UnknownKeys(out);
    this.complete = complete;
  }

  /** The value of an entry, or null after a report. */
  public Object bind(Shape shape, Node.Entry entry, String path) {
    Node node = entry.value();
    if (node instanceof Node.Broken) {
      return null;
    }
    if (shape instanceof Shape.Opt opt) {
      boolean absent =
          !opt.word().isEmpty() && node instanceof Node.Scalar s && s.text().equals(opt.word());
      if (absent) {
        return Optional.empty();
      }
      Object value =
          opt.of() instanceof Shape.Num num && node instanceof Node.Scalar s && !s.isNull()
              ? scalars.number(num, s, path, opt.word())
              : bind(opt.of(), entry, path);
      return value == null ? null : Optional.of(value);
    }
    if (node instanceof Node.Scalar s && s.isNull()) {
      out.report(entry.key(), Code.E111, path + " has no value", "write one, or leave the key out");
      return null;
    }
    if (shape instanceof Shape.Rec
        || shape instanceof Shape.Union
        || shape instanceof Shape.MapOf
        || shape instanceof Shape.Part) {
      return mapping(shape, entry, path);
    }
    if (shape instanceof Shape.ListOf list) {
      return list(list, entry, path);
    }
    if (shape instanceof Shape.Axis) {
      return new AxisSpec(node);
    }
    return node instanceof Node.Scalar s
        ? scalars.bind(shape, s, path)
        : wrong(node, path, scalars.expected(shape));
  }

  private Object wrong(Node node, String path, String expected) {
    out.meant().noValue(node.place());
    return unreadable(node, path, expected);
  }

  /** Without the value, all that uses its names would be found wrong, too. */
  private Object unreadable(Node node, String path, String expected) {
    out.report(
        node.place(), Code.E111, path + " must be " + expected + ", got " + Node.describe(node));
    return null;
  }

  private Object mapping(Shape shape, Node.Entry entry, String path) {
    Optional<Node.Mapping> meant = ShortForms.meant(shape, entry.value());
    if (meant.isPresent()) {
      return mapping(shape, new Node.Entry(entry.key(), meant.get()), path);
    }
    if (shape instanceof Shape.Rec rec && entry.value() instanceof Node.Scalar s) {
      return word(rec, s, path);
    }
    if (shape instanceof Shape.Union union
        && entry.value() instanceof Node.Scalar s
        && union.kinds().containsKey(s.text())) {
      out.report(
          s.place(),
          Code.E111,
          path + " must be a mapping (key: value), got " + Node.describe(s),
          "write {kind: " + s.text() + "}");
      return null;
    }
    if (!(entry.value() instanceof Node.Mapping mapping)) {
      return shape instanceof Shape.MapOf
          ? unreadable(entry.value(), path, "a mapping (key: value)")
          : wrong(entry.value(), path, "a mapping (key: value)");
    }
    if (shape instanceof Shape.Rec rec) {
      return record(rec, "", new Node.Entry(entry.key(), mapping), path);
    }
    if (shape instanceof Shape.Union union) {
      return union(union, entry, path);
    }
    return shape instanceof Shape.MapOf map ? map(map, mapping, path) : new PartSpec(mapping);
  }

  private Object word(Shape.Rec rec, Node.Scalar scalar, String path) {
    List<Word> words = rec.words();
    for (Word word : words) {
      if (word.value().equals(scalar.text())) {
        return record(rec, "", new Node.Entry(scalar.place(), Defaults.parse(word.means())), path);
      }
    }
    List<String> known = words.stream().map(Word::value).toList();
    String expected =
        known.isEmpty()
            ? "a mapping (key: value)"
            : "a mapping (key: value) or one of " + String.join(" ", known);
    out.report(
        scalar.place(),
        Code.E111,
        path + " must be " + expected + ", got " + Node.describe(scalar),
        Suggestions.meant(scalar.text(), known),
        "its keys: " + String.join(" ", rec.fields().keySet()));
    return null;
  }

  private Object union(Shape.Union union, Node.Entry entry, String path) {
    Node.Mapping mapping = (Node.Mapping) entry.value();
    Node kind = mapping.get("kind");
    Optional<Shape.Rec> rec = union.of(mapping);
    if (rec.isPresent()) {
      String name = kind == null ? union.defaultKind() : mapping.text("kind");
      keys.ofKind(union, rec.get(), mapping, path);
      return record(rec.get(), name, entry, path);
    }
    if (kind == null) {
      keys.withoutKind(union, entry, path, complete);
    } else if (!(kind instanceof Node.Broken)) {
      Suggestions.nearest(mapping.text("kind"), union.kinds().keySet())
          .ifPresent(near -> out.meant().value(kind.place(), near));
      out.report(
          kind.place(),
          Code.E112,
          "unknown kind " + Node.describe(kind) + " in " + path,
          Suggestions.meantOrKnown(mapping.text("kind"), union.kinds().keySet()),
          plugin(union, mapping.text("kind")));
    }
    return null;
  }

  /** Of a word that is not near to one of ours. */
  private static String plugin(Shape.Union union, String kind) {
    boolean own = union.name().equals("task_spec");
    return own && Suggestions.nearest(kind, union.kinds().keySet()).isEmpty()
        ? "a task of your own needs its jar: --plugin JAR"
        : "";
  }

  private Object record(Shape.Rec rec, String kind, Node.Entry entry, String path) {
    Node.Mapping mapping = (Node.Mapping) entry.value();
    if (kind.isEmpty()) {
      keys.of(rec, mapping, path);
    }
    Map<String, Object> values = new LinkedHashMap<>();
    boolean whole = true;
    for (Shape.Field field : rec.fields().values()) {
      Object value = field(field, entry, path, rec.fields().keySet());
      whole &= value != null;
      values.put(field.name(), value);
    }
    return whole ? constructed(rec, values, entry.key(), path) : null;
  }

  private Object constructed(Shape.Rec rec, Map<String, Object> values, Place key, String path) {
    try {
      return Keys.construct(rec.type(), values);
    } catch (IllegalArgumentException e) {
      out.report(key, Code.E140, path + ": " + e.getMessage());
      return null;
    }
  }

  /**
   * The value of one key at the top of {@code tree}, by default where it is not written; null after
   * a report.
   */
  public Object bindField(Shape.Field field, Node.Mapping tree) {
    Set<String> known = Shape.of(ExperimentFile.class).fields().keySet();
    return field(field, new Node.Entry(Place.whole(tree.place().source()), tree), "", known);
  }

  private Object field(Shape.Field field, Node.Entry owner, String path, Set<String> known) {
    Node.Entry written = ((Node.Mapping) owner.value()).entries().get(field.name());
    String name = path.isEmpty() ? field.name() : path + "." + field.name();
    if (written != null) {
      return bind(field.shape(), written, name);
    }
    if (field.required()) {
      if (complete && !UnknownKeys.isMisspelt(field.name(), known, (Node.Mapping) owner.value())) {
        out.report(
            owner.key(),
            Code.E109,
            (path.isEmpty() ? "the file" : path) + " needs '" + field.name() + "'",
            field.key().doc());
      }
      return null;
    }
    return field.fallback(node -> bind(field.shape(), new Node.Entry(owner.key(), node), name));
  }

  private Object map(Shape.MapOf map, Node.Mapping mapping, String path) {
    Map<String, Object> values = new LinkedHashMap<>();
    boolean whole = true;
    for (Map.Entry<String, Node.Entry> e : mapping.entries().entrySet()) {
      Object value =
          bind(map.value(), e.getValue(), path.isEmpty() ? e.getKey() : path + "." + e.getKey());
      whole &= value != null;
      values.put(e.getKey(), value);
    }
    return whole ? java.util.Collections.unmodifiableMap(values) : null;
  }

  private Object list(Shape.ListOf list, Node.Entry entry, String path) {
    List<Node> items =
        entry.value() instanceof Node.Sequence s ? s.items() : List.of(entry.value());
    List<Object> values = new ArrayList<>();
    boolean whole = true;
    for (Node item : items) {
      Object value = bind(list.item(), new Node.Entry(item.place(), item), path);
      whole &= value != null;
      values.add(value);
    }
    return whole ? java.util.Collections.unmodifiableList(values) : null;
  }
}
