import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Shows where tests look away: makes one small break at a time in a native or Java source, compiles,
 * runs the tests that are responsible for the file, and counts how many breaks they catch.
 *
 * <p>{@code ./dev mutate [--count 200] [--seed 1] [--only PREFIX] [--minutes 120]}. Works in the
 * tree itself, which must have no uncommitted changes to tracked files, and puts each file back
 * before the next break. A line per break goes to {@code target/mutations.txt}. Exit code 0 when at
 * least 95 % are caught, else 1.
 */
final class Mutate {
  /** What is broken, and the test classes that must notice, by the start of a path. */
  private static final String TABLE = "tests/mutations/responsible.txt";

  private static final Path REPORT = Path.of("target/mutations.txt");
  private static final int DOES_NOT_COMPILE = 7;
  private static final int MINUTES_A_BREAK = 10;

  /** One way to break a line: what is found, and what is put in its place. */
  private record Operator(String name, Pattern from, String to) {
    static Operator of(String name, String from, String to) {
      return new Operator(name, Pattern.compile(from), to);
    }
  }

  private static final List<Operator> OPERATORS =
      List.of(
          Operator.of("starts one later", "(= )0(; \\w+ <)", "$11$2"),
          Operator.of("less becomes less or equal", "(?<=[\\w)\\]] )< (?=[\\w(])", "<= "),
          Operator.of("less or equal becomes less", " <= ", " < "),
          Operator.of("greater becomes greater or equal", "(?<=[\\w)\\]] )> (?=[\\w(]+[^>]*$)", ">= "),
          Operator.of("greater or equal becomes greater", " >= ", " > "),
          Operator.of("equal becomes unequal", " == ", " != "),
          Operator.of("unequal becomes equal", " != ", " == "),
          Operator.of("and becomes or", " && ", " || "),
          Operator.of("or becomes and", " \\|\\| ", " && "),
          Operator.of("plus becomes minus", "(?<=[\\w)\\]] )\\+ (?=[\\w(])", "- "),
          Operator.of("minus becomes plus", "(?<=[\\w)\\]] )- (?=[\\w(])", "+ "),
          Operator.of("times becomes over", "(?<=[\\w)\\]] )\\* (?=[\\w(])", "/ "),
          Operator.of("over becomes times", "(?<=[\\w)\\]] )/ (?=[\\w(])", "* "),
          Operator.of("sum becomes difference", " \\+= ", " -= "),
          Operator.of("one becomes two", "(?<=[+\\-*(] ?)1(?=[ ;,)])", "2"),
          Operator.of("half becomes one", "(?<![\\d.])0\\.5(?=f?\\b)", "1.0"),
          Operator.of("not is dropped", "(?<=[(&|] ?)!(?=[a-z])", ""),
          Operator.of("minimum becomes maximum", "\\bmin\\(", "max("),
          Operator.of("maximum becomes minimum", "\\bmax\\(", "min("),
          Operator.of("true becomes false", "\\breturn true\\b", "return false"),
          Operator.of("false becomes true", "\\breturn false\\b", "return true"));

  /** A break: columns {@code start..end} of a line become {@code after}. */
  private record Break(Path file, int line, int start, int end, String after, String name) {
    String where() {
      return file + ":" + (line + 1);
    }
  }

  private record Responsible(String prefix, List<String> tests) {}

  private final List<Responsible> responsible;
  private int caught;
  private final List<String> survived = new ArrayList<>();

  private Mutate() throws IOException {
    this.responsible = table();
  }

  public static void main(String[] arguments) throws Exception {
    int count = 200;
    long seed = 1;
    long minutes = 24 * 60;
    String only = "";
    for (int i = 0; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length) {
        usage();
      }
      switch (arguments[i]) {
        case "--count" -> count = Integer.parseInt(arguments[i + 1]);
        case "--seed" -> seed = Long.parseLong(arguments[i + 1]);
        case "--only" -> only = arguments[i + 1];
        case "--minutes" -> minutes = Long.parseLong(arguments[i + 1]);
        default -> usage();
      }
    }
    requireCleanTree();
    System.exit(new Mutate().campaign(count, seed, only, minutes) ? 0 : 1);
  }

  private static void usage() {
    System.err.println("usage: ./dev mutate [--count N] [--seed N] [--only PREFIX] [--minutes N]");
    System.exit(2);
  }

  private boolean campaign(int count, long seed, String only, long minutes) throws Exception {
    List<Break> all = candidates(only);
    Collections.shuffle(all, new Random(seed));
    Files.writeString(REPORT, "seed " + seed + ", " + all.size() + " possible breaks\n");
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
    Set<String> lines = new HashSet<>();
    for (Break next : all) {
      if (caught + survived.size() == count || System.nanoTime() > end) {
        break;
      }
      if (lines.add(next.where())) {
        attempt(next);
      }
    }
    int tried = caught + survived.size();
    say(String.format("%d of %d breaks caught", caught, tried));
    for (String each : survived) {
      say("not caught: " + each);
    }
    return tried > 0 && caught >= 0.95 * tried;
  }

  private void attempt(Break mutation) throws Exception {
    String before = Files.readString(mutation.file());
    Thread restore = new Thread(() -> write(mutation.file(), before));
    Runtime.getRuntime().addShutdownHook(restore);
    String outcome;
    try {
      write(mutation.file(), broken(before, mutation));
      outcome = outcome(testsFor(mutation.file()));
    } finally {
      write(mutation.file(), before);
      Runtime.getRuntime().removeShutdownHook(restore);
    }
    String told = mutation.where() + " " + mutation.name() + ": " + line(before, mutation);
    if (outcome.equals("survived")) {
      survived.add(told);
    } else if (!outcome.equals("does not compile")) {
      caught++;
    }
    say(outcome + ": " + told);
  }

  private static String outcome(List<String> tests) throws Exception {
    List<String> command = new ArrayList<>(List.of("./dev", "try"));
    command.addAll(tests);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Path.of("target/mutation.log").toFile())
            .start();
    if (!process.waitFor(MINUTES_A_BREAK, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      return "caught (hangs)";
    }
    return switch (process.exitValue()) {
      case 0 -> "survived";
      case DOES_NOT_COMPILE -> "does not compile";
      default -> nativeFailed() ? "does not compile" : "caught";
    };
  }

  /** CMake's own failures end the command with another code than the compiler of Java. */
  private static boolean nativeFailed() throws IOException {
    return !Files.readString(Path.of("target/mutation.log")).contains("tests found");
  }

  private List<String> testsFor(Path file) {
    String path = file.toString().replace('\\', '/');
    return responsible.stream()
        .filter(r -> path.startsWith(r.prefix()))
        .max((a, b) -> Integer.compare(a.prefix().length(), b.prefix().length()))
        .orElseThrow()
        .tests();
  }

  private List<Break> candidates(String only) throws IOException {
    Set<Path> files = new LinkedHashSet<>();
    for (Responsible r : responsible) {
      Path root = Path.of(r.prefix());
      Path start = Files.isDirectory(root) ? root : root.getParent();
      try (Stream<Path> walk = Files.walk(start)) {
        walk.filter(f -> f.toString().startsWith(r.prefix()))
            .filter(f -> f.toString().matches(".*\\.(java|cpp|cu|h)"))
            .filter(f -> !f.endsWith("package-info.java") && f.toString().startsWith(only))
            .sorted()
            .forEach(files::add);
      }
    }
    List<Break> all = new ArrayList<>();
    for (Path file : files) {
      addCandidates(all, file);
    }
    return all;
  }

  private static void addCandidates(List<Break> all, Path file) throws IOException {
    List<String> lines = Files.readString(file).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String code = line.strip();
      if (code.matches("(\\*|/\\*|//|@|#|import |package |template|EM_REQUIRE|throw ).*")
          || code.contains("\"")) {
        continue; // words, not arithmetic
      }
      int comment = line.indexOf("//");
      for (Operator operator : OPERATORS) {
        Matcher m = operator.from().matcher(line);
        while (m.find() && (comment < 0 || m.start() < comment)) {
          String after = operator.from().matcher(m.group()).replaceFirst(operator.to());
          String put = m.group().equals(after) ? operator.to() : after;
          all.add(new Break(file, i, m.start(), m.end(), put, operator.name()));
        }
      }
    }
  }

  private static String broken(String text, Break mutation) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    String line = lines.get(mutation.line());
    lines.set(
        mutation.line(),
        line.substring(0, mutation.start()) + mutation.after() + line.substring(mutation.end()));
    return String.join("\n", lines) + "\n";
  }

  private static String line(String text, Break mutation) {
    return text.lines().toList().get(mutation.line()).strip();
  }

  private static List<Responsible> table() throws IOException {
    List<Responsible> rows = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(TABLE))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] words = line.strip().split("\\s+");
        List<String> tests = new ArrayList<>();
        for (String word : List.of(words).subList(1, words.length)) {
          tests.addAll(word.endsWith("/*") ? testsOf(word.replace("/*", "")) : List.of(word));
        }
        rows.add(new Responsible(words[0], tests));
      }
    }
    return rows;
  }

  private static List<String> testsOf(String folder) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("tests/java/dev/emergence", folder))) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith("Test.java"))
          .map(f -> f.replace(".java", ""))
          .sorted()
          .toList();
    }
  }

  private static void requireCleanTree() throws Exception {
    Process git = new ProcessBuilder("git", "diff", "--quiet", "HEAD").inheritIO().start();
    if (git.waitFor() != 0) {
      System.err.println("mutate: commit or undo your changes first; breaks are made in the tree");
      System.exit(2);
    }
  }

  private static void say(String line) throws IOException {
    System.out.println(line);
    Files.writeString(REPORT, line + "\n", StandardOpenOption.APPEND, StandardOpenOption.CREATE);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
