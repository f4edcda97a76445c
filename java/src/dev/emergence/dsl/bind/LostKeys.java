package dev.emergence.dsl.bind;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Spelling;
import dev.emergence.dsl.yaml.Trees;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * W209: what a mapping with another {@code kind} loses although that kind has the key too. {@link
 * Merge} drops all keys of the old kind, so the new one has its own defaults there.
 */
public final class LostKeys {
  private static final List<String> WITH_KINDS =
      List.of("task", "architecture", "training.optimizer", "training.schedule");

  private final Diagnostics out;
  private final Set<String> told = new HashSet<>();

  public LostKeys(Diagnostics out) {
    this.out = out;
  }

  /** Compares two states of a file, before and after another part was laid over it. */
  public void between(Node.Mapping before, Node.Mapping after) {
    WITH_KINDS.forEach(path -> between(path, before, after, false));
  }

  /**
   * Compares a condition with the file, also where what its sweep sets has another kind than both:
   * the condition has none of the file's keys then, although it has the file's kind.
   *
   * @param base the file with what the sweep sets
   */
  public void between(Node.Mapping file, Node.Mapping base, Node.Mapping condition) {
    for (String path : WITH_KINDS) {
      between(path, base, condition, false);
      if (!kind(path, file).equals(kind(path, base))) {
        between(path, file, condition, true);
      }
    }
  }

  private void between(String path, Node.Mapping before, Node.Mapping after, boolean always) {
    if (Trees.find(before, path) instanceof Node.Mapping was
        && Trees.find(after, path) instanceof Node.Mapping is
        && was != is
        && is.get("kind") instanceof Node.Scalar kind
        && shape(path) instanceof Shape.Union union) {
      Shape.Rec rec = union.kinds().get(kind.text());
      if (rec != null && (always || !kind(path, before).equals(kind.text()))) {
        compare(path, kind, was, is, rec);
      }
    }
  }

  private static String kind(String path, Node.Mapping file) {
    return Trees.find(file, path + ".kind") instanceof Node.Scalar kind
        ? kind.text()
        : ((Shape.Union) shape(path)).defaultKind();
  }

  private void compare(
      String path, Node.Scalar kind, Node.Mapping was, Node.Mapping is, Shape.Rec rec) {
    List<String> lost = new ArrayList<>();
    for (Map.Entry<String, Node.Entry> e : was.entries().entrySet()) {
      Shape.Field field = rec.fields().get(e.getKey());
      if (field != null && !field.required() && is.get(e.getKey()) == null) {
        lost(e.getKey(), e.getValue().value(), field).ifPresent(lost::add);
      }
    }
    String message =
        path + ": kind " + kind.text() + " takes no other key over: " + String.join(", ", lost);
    if (!lost.isEmpty() && told.add(kind.place() + message)) {
      out.report(
          kind.place(),
          Code.W209,
          message,
          "write these keys beside the kind, also where the default is meant");
    }
  }

  /** What holds instead of a value, unless it is the same. */
  private static Optional<String> lost(String key, Node value, Shape.Field field) {
    String now = text(field.fallback().orElse(null));
    if (!(value instanceof Node.Scalar scalar)) {
      return Optional.of(key + " is its default");
    }
    return same(scalar.text(), now)
        ? Optional.empty()
        : Optional.of(key + " is " + now + ", not " + scalar.text());
  }

  private static String text(Node fallback) {
    return fallback instanceof Node.Scalar s ? s.text() : "its default";
  }

  private static boolean same(String a, String b) {
    return a.equals(b)
        || Spelling.isNumber(a)
            && Spelling.isNumber(b)
            && Double.parseDouble(a) == Double.parseDouble(b);
  }

  private static Shape shape(String path) {
    Shape shape = Shape.of(ExperimentFile.class);
    for (String key : path.split("\\.")) {
      shape = plain(((Shape.Rec) shape).fields().get(key).shape());
    }
    return shape;
  }

  private static Shape plain(Shape shape) {
    return shape instanceof Shape.Opt opt ? plain(opt.of()) : shape;
  }
}
