package dev.emergence.dsl;

import dev.emergence.dsl.bind.LostKeys;
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
import dev.emergence.dsl.yaml.YamlTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a file and all that it extends into one tree. Files are looked for inside the project only:
 * below the nearest directory above the file that holds {@code .git} or {@code pom.xml}, else below
 * the parent of the file's directory.
 */
final class Loader {
  private static final int DEEPEST = 8;
  private static final int MOST_FILES = 100;
  private static final List<String> NOT_INHERITED =
      List.of("dsl", "name", "description", "extends", "abstract");

  private final Diagnostics out;
  private final Map<Path, Node.Mapping> loaded = new HashMap<>();
  private Path root;
  private Path shown;
  private boolean complete = true;
  private int files;
  private String text = "";
  private List<String> extended = List.of();

  Loader(Diagnostics out) {
    this.out = out;
  }

  /** Whether every file was read to its end. */
  boolean complete() {
    return complete;
  }

  /** The text of the file that was asked for. */
  String text() {
    return text;
  }

  /** What the file that was asked for extends, as it names it. */
  List<String> extended() {
    return extended;
  }

  /** The merged tree of {@code file}; empty when it cannot be read at all. */
  Optional<Node.Mapping> load(Path file) {
    shown = file.toAbsolutePath().getParent();
    Source nameless = Source.of(file.toString(), 0, Layer.FILE, "");
    try {
      Path real = isPipe(file) ? Path.of("").toRealPath().resolve("pipe") : file.toRealPath();
      if (Files.isDirectory(real)) {
        throw new IOException("it is a folder; name an experiment file");
      }
      root = projectOf(real);
      if (isPipe(file)) {
        return decode(file.toString(), file).flatMap(source -> tree(source, List.of(real)));
      }
      return read(file.toString(), real).flatMap(source -> tree(source, List.of(real)));
    } catch (IOException e) {
      out.report(Place.whole(nameless), Code.E103, "the file cannot be read: " + reason(e));
      return Optional.empty();
    }
  }

  /** The tree of a text that is no file and so can extend nothing. */
  Optional<Node.Mapping> load(String name, String text) {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return TextFile.decode(name, files++, Layer.FILE, bytes, out)
        .flatMap(source -> tree(source, List.of()));
  }

  private static String reason(IOException e) {
    if (e instanceof java.nio.file.NoSuchFileException) {
      return "it does not exist";
    }
    return e instanceof java.nio.file.AccessDeniedException
        ? "permission denied"
        : String.valueOf(e.getMessage());
  }

  private static Path projectOf(Path real) {
    for (Path at = real.getParent(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(".git")) || Files.exists(at.resolve("pom.xml"))) {
        return at;
      }
    }
    Path folder = real.getParent();
    Path above = folder.getParent();
    return above == null || above.getParent() == null ? folder : above;
  }

  private Optional<Source> read(String name, Path real) throws IOException {
    if (!Files.isRegularFile(real)) {
      throw new IOException("it is not a file");
    }
    return decode(name, real);
  }

  /**
   * Whether this is no file but can be read like one, once: {@code run <(sed ... FILE)}, {@code run
   * /dev/stdin}. What it extends is looked for where the command was typed.
   */
  private static boolean isPipe(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
  }

  private Optional<Source> decode(String name, Path file) throws IOException {
    Layer layer = files == 0 ? Layer.FILE : Layer.EXTENDS;
    try (InputStream in = Files.newInputStream(file)) {
      return TextFile.decode(name, files++, layer, in.readNBytes(TextFile.LARGEST + 1), out);
    }
  }

  private Optional<Node.Mapping> tree(Source source, List<Path> chain) {
    if (source.layer() == Layer.FILE) {
      text = source.text();
    }
    YamlTree.Parsed parsed = YamlTree.parse(source, out);
    complete &= parsed.complete();
    if (parsed.root().isEmpty() || !(parsed.root().get() instanceof Node.Mapping mapping)) {
      parsed
          .root()
          .ifPresentOrElse(
              node ->
                  out.report(
                      node.place(),
                      Code.E111,
                      "an experiment file is a mapping (key: value), got " + Node.describe(node)),
              () -> {
                if (complete) {
                  out.report(
                      Place.whole(source),
                      Code.E111,
                      "the file is empty",
                      "the smallest one has the keys dsl, name and task");
                }
              });
      return Optional.empty();
    }
    if (!new LanguageVersion(out).isReadable(mapping, source, complete)) {
      return Optional.empty();
    }
    if (source.layer() == Layer.FILE) {
      extended =
          items(mapping.get("extends")).stream()
              .filter(item -> item instanceof Node.Scalar s && !s.isNull())
              .map(item -> ((Node.Scalar) item).text())
              .toList();
    }
    Node.Mapping base = bases(mapping, chain);
    Node.Mapping merged = Symbolic.merge(base, ShortForms.expand(mapping));
    new LostKeys(out).between(base, merged);
    return Optional.of(merged);
  }

  private Node.Mapping bases(Node.Mapping file, List<Path> chain) {
    Node.Mapping merged = Node.Mapping.empty(file.place());
    for (Node item : items(file.get("extends"))) {
      if (item instanceof Node.Scalar s && !s.isNull()) {
        Node.Mapping base = base(s, chain).orElse(null);
        merged = base == null ? merged : Symbolic.merge(merged, base);
      }
    }
    return merged;
  }

  private static List<Node> items(Node node) {
    return node == null ? List.of() : node instanceof Node.Sequence s ? s.items() : List.of(node);
  }

  private Optional<Node.Mapping> base(Node.Scalar item, List<Path> chain) {
    try {
      return resolve(item, chain).flatMap(real -> inherit(item, real, chain));
    } catch (InvalidPathException e) {
      return refuse(item, "'" + Texts.shorten(item.text()) + "' is no path", "");
    } catch (IOException e) {
      return refuse(
          item,
          "'" + Texts.shorten(item.text()) + "' cannot be read: " + reason(e),
          "paths are relative to the file that extends");
    }
  }

  private <T> Optional<T> refuse(Node.Scalar item, String message, String hint) {
    complete = false;
    out.report(item.place(), Code.E108, message, hint);
    return Optional.empty();
  }

  private Optional<Path> resolve(Node.Scalar item, List<Path> chain) throws IOException {
    if (chain.isEmpty()) {
      return refuse(item, "a text without a file cannot extend other files", "");
    }
    if (Path.of(item.text()).isAbsolute()) {
      return refuse(item, "an absolute path cannot be extended", "write it relative to this file");
    }
    if (chain.size() > DEEPEST || files >= MOST_FILES) {
      return refuse(
          item,
          "extends goes more than "
              + DEEPEST
              + " files deep, or over more than "
              + MOST_FILES
              + " files",
          "");
    }
    Path plain = chain.get(chain.size() - 1).resolveSibling(item.text()).normalize();
    if (!plain.startsWith(root)) {
      return refuse(
          item,
          "'" + Texts.shorten(item.text()) + "' lies outside the project",
          "only files inside the project can be extended");
    }
    Path real = plain.toRealPath();
    if (!real.startsWith(root)) {
      return refuse(item, "'" + Texts.shorten(item.text()) + "' is a link out of the project", "");
    }
    return Optional.of(real);
  }

  private Optional<Node.Mapping> inherit(Node.Scalar item, Path real, List<Path> chain) {
    if (chain.contains(real)) {
      List<Path> circle = new ArrayList<>(chain.subList(chain.indexOf(real), chain.size()));
      circle.add(real);
      complete = false;
      out.report(
          item.place(),
          Code.E107,
          "extends goes in a circle: "
              + String.join(" -> ", circle.stream().map(this::display).toList()));
      return Optional.empty();
    }
    if (loaded.containsKey(real)) {
      return Optional.of(loaded.get(real));
    }
    List<Path> longer = new ArrayList<>(chain);
    longer.add(real);
    try {
      Optional<Node.Mapping> tree =
          read(display(real), real).flatMap(source -> tree(source, longer)).map(Loader::heritage);
      tree.ifPresent(t -> loaded.put(real, t));
      complete &= tree.isPresent();
      return tree;
    } catch (IOException e) {
      return refuse(item, "'" + Texts.shorten(item.text()) + "' cannot be read: " + reason(e), "");
    }
  }

  private String display(Path real) {
    try {
      Path relative = shown.toRealPath().relativize(real);
      Path typed = Path.of("").toAbsolutePath();
      return shown.startsWith(typed)
          ? typed.relativize(shown).resolve(relative).normalize().toString()
          : relative.toString();
    } catch (IOException | IllegalArgumentException e) {
      return real.getFileName().toString();
    }
  }

  private static Node.Mapping heritage(Node.Mapping tree) {
    Map<String, Node.Entry> entries = new LinkedHashMap<>(tree.entries());
    NOT_INHERITED.forEach(entries::remove);
    return new Node.Mapping(entries, tree.place());
  }
}
