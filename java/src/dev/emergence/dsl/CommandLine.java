package dev.emergence.dsl;

import dev.emergence.dsl.bind.Edits;
import dev.emergence.dsl.bind.ExperimentFile;
import dev.emergence.dsl.bind.KnownPaths;
import dev.emergence.dsl.bind.LostKeys;
import dev.emergence.dsl.bind.Shape;
import dev.emergence.dsl.bind.ShortForms;
import dev.emergence.dsl.sweep.Symbolic;
import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Layer;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Source;
import dev.emergence.dsl.yaml.TextFile;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.dsl.yaml.Trees;
import dev.emergence.dsl.yaml.YamlTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The {@code --set path=value} of a command line. */
final class CommandLine {
  /** What is read before a command line counts. */
  private static final Set<String> OF_FILES = Set.of("dsl", "extends", "abstract", "profiles");

  private CommandLine() {}

  /** Values by path; texts that cannot be understood are reported and left out. */
  static Map<String, Node.Entry> parse(Diagnostics out, List<String> sets) {
    Map<String, Node.Entry> parsed = new LinkedHashMap<>();
    int order = 1_000_000;
    for (String set : sets) {
      Source source = Source.of("--set " + Texts.shorten(set), order++, Layer.COMMAND_LINE, set);
      Place whole = Place.whole(source);
      int equals = set.indexOf('=');
      if (equals < 1 || equals == set.length() - 1) {
        out.report(whole, Code.E117, "write --set path=value", "for example --set task.dim=32");
        continue;
      }
      String path = set.substring(0, equals).strip();
      Optional<Node> value = parse(out, source, set.substring(equals + 1));
      if (value.isPresent()) {
        putLast(parsed, path, new Node.Entry(whole, value.get()));
      }
    }
    return parsed;
  }

  /** What counts is where a path stands last. */
  private static void putLast(Map<String, Node.Entry> values, String path, Node.Entry entry) {
    values.remove(path);
    values.put(path, entry);
  }

  private static Optional<Node> parse(Diagnostics out, Source source, String value) {
    Diagnostics problems = new Diagnostics();
    byte[] bytes = value.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Optional<Source> text =
        TextFile.decode(source.name(), source.order(), source.layer(), bytes, problems);
    Optional<Node> node = text.flatMap(t -> YamlTree.parse(t, problems).root());
    // Places inside the value would be columns of a text that the user did not write as such.
    problems.each((place, d) -> out.report(Place.whole(source), d.code(), d.message(), d.hints()));
    return problems.errors() > 0
        ? Optional.empty()
        : node.map(n -> relocate(n, Place.whole(source)));
  }

  private static Node relocate(Node node, Place place) {
    if (node instanceof Node.Scalar s) {
      return new Node.Scalar(s.text(), s.quoted(), place);
    }
    if (node instanceof Node.Sequence list) {
      return new Node.Sequence(
          list.items().stream().map(item -> relocate(item, place)).toList(), place);
    }
    if (node instanceof Node.Mapping map) {
      Map<String, Node.Entry> entries = new LinkedHashMap<>();
      map.entries()
          .forEach(
              (key, entry) ->
                  entries.put(key, new Node.Entry(place, relocate(entry.value(), place))));
      return new Node.Mapping(entries, place);
    }
    return node;
  }

  /** The tree with the values put in; paths that do not exist are reported. */
  static Node.Mapping apply(Diagnostics out, Node.Mapping tree, Map<String, Node.Entry> sets) {
    Map<String, Node.Entry> byPath = new LinkedHashMap<>();
    sets.forEach(
        (key, entry) -> {
          String path = Symbolic.path(tree, key);
          Node value = ShortForms.kind(tree, path, entry.value());
          putLast(byPath, path, new Node.Entry(entry.key(), value));
        });
    sets.clear();
    sets.putAll(byPath);
    Node.Mapping edited = tree;
    for (Map.Entry<String, Node.Entry> set : Map.copyOf(sets).entrySet()) {
      String path = set.getKey();
      boolean known = Shape.of(ExperimentFile.class).fields().containsKey(path.split("\\.", 2)[0]);
      if (!known) {
        sets.remove(path);
        out.report(
            set.getValue().key(),
            Code.E117,
            "there is no '" + Texts.shorten(path) + "'",
            KnownPaths.endingLike(path, KnownPaths.of(tree)));
      } else if (OF_FILES.contains(path.split("\\.", 2)[0])) {
        sets.remove(path);
        out.report(
            set.getValue().key(),
            Code.E117,
            "'" + Texts.shorten(path) + "' is for files, not for --set",
            path.startsWith("profiles") ? "choose one with --profile" : "");
      }
    }
    edited = Edits.putKinds(edited, sets);
    for (Map.Entry<String, Node.Entry> set : sets.entrySet()) {
      if (Trees.find(edited, set.getKey()) instanceof Node.Mapping) {
        warnOfEmpty(out, set.getKey(), set.getValue());
      }
      edited = Edits.put(edited, set.getKey(), set.getValue());
    }
    new LostKeys(out).between(tree, edited);
    return edited;
  }

  private static void warnOfEmpty(Diagnostics out, String path, Node.Entry entry) {
    if (entry.value() instanceof Node.Mapping map && map.entries().isEmpty()) {
      out.report(
          entry.key(),
          Code.W203,
          "'"
              + Texts.shorten(path)
              + "={}' changes nothing: a mapping is merged into what is there",
          "write " + Texts.shorten(path) + "=null to take it away");
    }
  }
}
