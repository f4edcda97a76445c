import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which test classes must notice a break of a file, those first that are likely to. */
final class Responsible {
  private static final Path TABLE = Path.of("tests/mutations/responsible.txt");
  private static final double LONG = 40;
  private static final Path TESTS = Path.of("tests/java");

  private final Map<String, List<String>> byStart = new TreeMap<>();

  /** Full names of test classes, and what stands in their sources. */
  private final Map<String, String> sources = new TreeMap<>();

  Responsible() throws IOException {
    try (Stream<Path> walk = Files.walk(TESTS)) {
      for (Path file : walk.filter(f -> f.toString().endsWith("Test.java")).toList()) {
        String path = TESTS.relativize(file).toString();
        String name = path.substring(0, path.length() - ".java".length()).replace('/', '.');
        sources.put(name, Files.readString(file));
      }
    }
    for (String line : Files.readAllLines(TABLE)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        List<String> words = List.of(line.strip().split("\\s+"));
        byStart.put(words.get(0), words.subList(1, words.size()));
      }
    }
  }

  /** Starts of paths that tests answer for. */
  Set<String> starts() {
    return byStart.keySet();
  }

  /**
   * The tests of a file: those that its row names, and all that name the file's class.
   *
   * @param seconds how long a class took the last time
   */
  List<String> of(Path file, Map<String, Double> seconds) {
    String path = file.toString().replace('\\', '/');
    String row =
        byStart.keySet().stream()
            .filter(path::startsWith)
            .max(Comparator.comparingInt(String::length))
            .orElseThrow();
    String subject = file.getFileName().toString().replaceFirst("\\..*", "");
    Set<String> tests = new LinkedHashSet<>();
    if (path.endsWith(".java")) {
      sources.keySet().stream().filter(t -> names(t, subject)).forEach(tests::add);
    }
    for (String word : byStart.get(row)) {
      // Of a whole folder not those that take long and are about something else.
      expanded(word).stream()
          .filter(t -> !word.endsWith("/*") || seconds.getOrDefault(t, 0.0) < LONG)
          .forEach(tests::add);
    }
    return tests.stream()
        .sorted(
            Comparator.comparingInt((String t) -> distance(t, subject))
                .thenComparingDouble(t -> seconds.getOrDefault(t, 3.0)))
        .toList();
  }

  private int distance(String test, String subject) {
    if (test.contains(":") || test.matches(".*\\." + subject + "(Properties)?Test")) {
      return 0;
    }
    return names(test, subject) ? 1 : 2;
  }

  private boolean names(String test, String subject) {
    return Pattern.compile("\\b" + subject + "\\b").matcher(sources.get(test)).find();
  }

  /**
   * A word of the table: a class, tests of it from some contracts, or all classes of a folder and
   * of those below it.
   */
  private List<String> expanded(String word) {
    if (word.contains(":")) {
      String contract = word.substring(word.indexOf(':'));
      return expanded(word.replace(contract, "")).stream().map(t -> t + contract).toList();
    }
    String folder = word.replace("/*", "").replace('/', '.');
    List<String> found = new ArrayList<>();
    for (String test : sources.keySet()) {
      boolean fits =
          word.endsWith("/*")
              ? test.startsWith("dev.emergence." + folder + ".")
              : test.endsWith("." + word);
      if (fits) {
        found.add(test);
      }
    }
    if (found.isEmpty()) {
      throw new IllegalStateException(TABLE + ": no test is meant by " + word);
    }
    return found;
  }
}
