package dev.emergence.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The example files that come with the program. */
final class Examples {
  private static final String ROOT = "/dev/emergence/examples";
  private static final Pattern OTHER_PAPER = Pattern.compile("\\.\\./\\w+/base/");
  private static final Pattern EXTENDS = Pattern.compile("(?m)^extends:\\s*\\[?([^\\]#\\n]+)");
  private final Map<String, String> files = new TreeMap<>();

  private Examples() {}

  /** Reads all of them. */
  static Examples load() {
    URL url = Examples.class.getResource(ROOT + "/quickstart.yaml");
    if (url == null) {
      throw new IllegalStateException("the examples are missing from this build");
    }
    Examples examples = new Examples();
    try {
      URI uri = url.toURI();
      if (uri.getScheme().equals("jar")) {
        try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
          examples.walk(jar.getPath(ROOT));
        }
      } else {
        examples.walk(Path.of(uri).getParent());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    return examples;
  }

  private void walk(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path :
          (Iterable<Path>) paths.filter(p -> p.toString().endsWith(".yaml"))::iterator) {
        files.put(root.relativize(path).toString(), Files.readString(path));
      }
    }
  }

  /**
   * Their names, without folder and ending, to their paths; the second of a name, such as another
   * paper's Figure 3, has its folder in its name. Files that are only extended are left out.
   */
  Map<String, String> names() {
    Map<String, String> out = new TreeMap<>();
    for (String path : files.keySet()) {
      if (!path.contains("base/")) {
        String whole = path.replace(".yaml", "");
        String name = whole.replaceFirst(".*/", "");
        out.put(out.containsKey(name) ? whole : name, path);
      }
    }
    return out;
  }

  /** The path of an example by its name in {@link #names}, or by its folder and name. */
  Optional<String> find(String name) {
    String path = names().getOrDefault(name, name + ".yaml");
    return files.containsKey(path) && !path.contains("base/")
        ? Optional.of(path)
        : Optional.empty();
  }

  /**
   * Paths of a paper's files, such as {@code paper1/fig3.yaml}; empty when there is no such paper.
   */
  List<String> ofPaper(String paper) {
    return files.keySet().stream()
        .filter(path -> path.startsWith(paper + "/") && !path.contains("base/"))
        .toList();
  }

  /**
   * A file and all that it extends, by their paths relative to its folder. What it extends of
   * another paper lies in a folder {@code base} of its own here, so that nothing lies above it.
   */
  Map<String, String> withBases(String path) {
    Path folder = Path.of(path).getParent() == null ? Path.of("") : Path.of(path).getParent();
    Map<String, String> found = new TreeMap<>();
    collect(Path.of(path), folder, found);
    Map<String, String> out = new TreeMap<>();
    found.forEach(
        (file, text) ->
            out.put(
                OTHER_PAPER.matcher(file).replaceFirst("base/"),
                file.startsWith("../") ? text : OTHER_PAPER.matcher(text).replaceAll("base/")));
    return out;
  }

  private void collect(Path path, Path folder, Map<String, String> out) {
    String text = files.get(path.toString());
    if (text == null || out.put(folder.relativize(path).toString(), text) != null) {
      return;
    }
    Matcher m = EXTENDS.matcher(text);
    if (m.find()) {
      for (String base : m.group(1).split(",")) {
        Path parent = path.getParent() == null ? Path.of("") : path.getParent();
        collect(parent.resolve(base.strip()).normalize(), folder, out);
      }
    }
  }

  /** The question that an example starts with: its first comment line. */
  String question(String path) {
    return files
        .get(path)
        .lines()
        .filter(l -> l.startsWith("# ") && !l.contains("yaml-language-server"))
        .findFirst()
        .map(l -> l.substring(2))
        .orElse("");
  }
}
