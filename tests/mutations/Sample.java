import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The breaks of a campaign, in the order in which they are tried. */
final class Sample {
  private Sample() {}

  /**
   * All breaks in a random order, every third a native one while there are any; one a line. The
   * order is kept, so that it stays the same when sources change during a campaign.
   *
   * @param folder where it is kept
   * @param starts of paths that may be broken
   * @param only the start of those that shall be
   */
  static List<Break> drawn(Path folder, Set<String> starts, String only, long seed)
      throws IOException {
    Map<String, Break> natives = new LinkedHashMap<>();
    Map<String, Break> java = new LinkedHashMap<>();
    for (Path file : files(starts, only)) {
      Break.of(file).forEach(b -> (b.isNative() ? natives : java).put(b.key(), b));
    }
    Path sample = folder.resolve("sample-" + seed + "-" + only.replace('/', '.') + ".txt");
    if (!Files.exists(sample)) {
      Files.write(sample, order(natives, java, new Random(seed)));
    }
    natives.putAll(java);
    return Files.readAllLines(sample).stream().map(natives::get).filter(Objects::nonNull).toList();
  }

  private static List<String> order(
      Map<String, Break> natives, Map<String, Break> java, Random random) {
    List<Break> first = new ArrayList<>(natives.values());
    List<Break> second = new ArrayList<>(java.values());
    Collections.shuffle(first, random);
    Collections.shuffle(second, random);
    List<String> keys = new ArrayList<>();
    Set<String> places = new HashSet<>();
    int n = 0;
    int j = 0;
    while (n < first.size() || j < second.size()) {
      boolean takeNative = n < first.size() && (2 * n < j || j == second.size());
      Break next = takeNative ? first.get(n++) : second.get(j++);
      if (places.add(next.file() + ":" + next.line())) {
        keys.add(next.key());
      }
    }
    return keys;
  }

  private static List<Path> files(Set<String> starts, String only) throws IOException {
    Set<Path> files = new TreeSet<>();
    for (String start : starts) {
      Path root = Path.of(start);
      try (Stream<Path> walk = Files.walk(Files.isDirectory(root) ? root : root.getParent())) {
        walk.filter(f -> f.toString().startsWith(start) && f.toString().startsWith(only))
            .filter(f -> f.toString().matches(".*\\.(java|cpp|cu|h)"))
            .filter(f -> !f.endsWith("package-info.java"))
            .forEach(files::add);
      }
    }
    return List.copyOf(files);
  }
}
