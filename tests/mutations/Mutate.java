import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Shows where tests look away: makes one small break at a time in a native or Java source,
 * compiles, runs the tests that are responsible for the file until one fails, and counts how many
 * breaks they catch.
 *
 * <p>{@code ./dev mutate [--count 200] [--seed 1] [--only PREFIX] [--minutes 120] [--again true]}.
 * A third of the breaks is native. The tree is not touched. What was found is kept in {@code
 * target/mutations}, so that the next call goes on; {@code --again true} tries those once more that
 * were not caught, after tests were added. Breaks of {@code equivalent.txt} change nothing that
 * could be seen and are not counted. Exit code 0 when all have been tried and at least 95 % are
 * caught, else 1.
 */
final class Mutate {
  private static final Path HERE = Path.of("target/mutations");
  private static final Path OUTCOMES = HERE.resolve("outcomes.txt");
  private static final Path SECONDS = HERE.resolve("seconds.txt");
  private static final Path LOG = HERE.resolve("tests.log");
  private static final Path TEMPORARY =
      Path.of(System.getProperty("java.io.tmpdir"), "emergence-mutations");
  private static final Path EQUIVALENT = Path.of("tests/mutations/equivalent.txt");
  private static final int LEAST_PATIENCE = 90;

  /** How many times as long as its share of the processor a test may take on a busy machine. */
  private static final int IDLE = 5;

  private static final String CAUGHT = "caught";
  private static final String NOT_CAUGHT = "NOT CAUGHT";
  private static final String NOT_COMPILED = "does not compile";

  private final Responsible responsible = new Responsible();
  private final Overlay overlay;

  /** What was found out of each break, by its key. */
  private final Map<String, String> outcomes = new LinkedHashMap<>();

  /** How long each test class takes that was seen to pass. */
  private final Map<String, Double> seconds = new HashMap<>();

  private Mutate(boolean again) throws IOException {
    Files.createDirectories(HERE);
    this.overlay = new Overlay(Files.readString(Path.of("target/try/classpath")).strip());
    for (String line : lines(OUTCOMES)) {
      String[] parts = line.split("\t");
      outcomes.put(parts[1], parts[0]);
    }
    if (again) {
      outcomes.values().removeIf(NOT_CAUGHT::equals);
    }
    for (String line : lines(SECONDS)) {
      String[] parts = line.split(" ");
      seconds.put(parts[0], Double.valueOf(parts[1]));
    }
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, String> options =
        new TreeMap<>(
            Map.of(
                "--count",
                "200",
                "--seed",
                "1",
                "--only",
                "",
                "--minutes",
                "1440",
                "--again",
                "false"));
    for (int i = 0; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length || options.replace(arguments[i], arguments[i + 1]) == null) {
        throw usage("usage: ./dev mutate, with " + options.keySet());
      }
    }
    int count = (int) number(options, "--count", 1, 1_000_000);
    long seed = number(options, "--seed", Long.MIN_VALUE, Long.MAX_VALUE);
    long minutes = number(options, "--minutes", 1, 1_000_000);
    String again = options.get("--again");
    if (!List.of("true", "false").contains(again)) {
      throw usage("mutate: --again must be true or false, got '" + again + "'");
    }
    boolean well =
        new Mutate(again.equals("true")).run(count, seed, options.get("--only"), minutes);
    System.exit(well ? 0 : 1);
  }

  private static long number(Map<String, String> options, String option, long least, long most) {
    try {
      long value = Long.parseLong(options.get(option));
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is out of range.
    }
    throw usage(
        "mutate: "
            + option
            + " must be a whole number from "
            + least
            + " to "
            + most
            + ", got '"
            + options.get(option)
            + "'");
  }

  /** Ends the process. */
  private static IllegalArgumentException usage(String message) {
    System.err.println(message);
    System.exit(2);
    return new IllegalArgumentException(message);
  }

  private boolean run(int count, long seed, String only, long minutes) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
    Set<String> equivalent = new HashSet<>();
    for (String line : lines(EQUIVALENT)) {
      equivalent.add(line.replaceFirst("^ *=> .*", ""));
    }
    List<Break> counted = new ArrayList<>();
    int left = count;
    for (Break next : Sample.drawn(HERE, responsible.starts(), only, seed)) {
      if (left == 0 || equivalent.contains(next.key())) {
        continue;
      }
      if (!outcomes.containsKey(next.key())) {
        if (System.nanoTime() > end) {
          break;
        }
        attempt(next);
      }
      if (!outcomes.get(next.key()).equals(NOT_COMPILED)) {
        counted.add(next);
        left--;
      }
    }
    overlay.clear();
    return summary(counted, left);
  }

  private boolean summary(List<Break> counted, int left) {
    for (boolean isNative : new boolean[] {true, false}) {
      List<Break> part = counted.stream().filter(b -> b.isNative() == isNative).toList();
      System.out.printf(
          "%s: %d of %d caught%n", isNative ? "native" : "java", caught(part), part.size());
    }
    System.out.printf(
        "all: %d of %d caught, %d left to try%n", caught(counted), counted.size(), left);
    counted.stream()
        .filter(b -> outcomes.get(b.key()).equals(NOT_CAUGHT))
        .forEach(b -> System.out.println("not caught: " + b.key()));
    return left == 0 && caught(counted) >= 0.95 * counted.size();
  }

  private long caught(List<Break> breaks) {
    return breaks.stream().filter(b -> outcomes.get(b.key()).startsWith(CAUGHT)).count();
  }

  private void attempt(Break next) throws Exception {
    long start = System.nanoTime();
    String outcome = NOT_COMPILED;
    if (overlay.compile(next)) {
      outcome = tried(responsible.of(next.file(), seconds));
    }
    outcomes.put(next.key(), outcome);
    append(OUTCOMES, outcome + "\t" + next.key());
    System.out.printf(
        "%3d s  %s: %s%n",
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start), outcome, next.told());
  }

  /**
   * Runs tests until one fails. A class that was never seen to pass must first show that it passes
   * without the break: what fails anyway catches nothing.
   */
  private String tried(List<String> tests) throws Exception {
    List<String> rest = tests;
    while (!rest.isEmpty()) {
      String failed = firstFailure(rest, overlay.classpath(), overlay.options());
      if (failed == null) {
        return NOT_CAUGHT;
      }
      String name = failed.split(" ")[0];
      if (seconds.containsKey(name) || passesUnbroken(name)) {
        return CAUGHT + " by " + failed.substring(failed.lastIndexOf('.', failed.indexOf(' ')) + 1);
      }
      System.out.println("fails without a break, so it counts nothing: " + failed);
      rest = rest.subList(rest.indexOf(name) + 1, rest.size());
    }
    return NOT_CAUGHT;
  }

  private boolean passesUnbroken(String name) throws Exception {
    String unbroken = overlay.classpath().replaceFirst("^[^:]*:", "");
    return firstFailure(List.of(name), unbroken, List.of()) == null;
  }

  /**
   * The first class and test that fail, or null. A class of which only some contracts were run
   * comes again in a JVM of its own: what it closed at its end cannot be opened a second time.
   *
   * @param options of the JVM
   */
  private String firstFailure(List<String> tests, String classpath, List<String> options)
      throws Exception {
    List<String> some = new ArrayList<>();
    Set<String> classes = new HashSet<>();
    for (String test : tests) {
      if (!classes.add(test.split(":")[0])) {
        String failed = firstFailureOfOne(some, classpath, options);
        if (failed != null) {
          return failed;
        }
        some.clear();
        classes.clear();
        classes.add(test.split(":")[0]);
      }
      some.add(test);
    }
    return firstFailureOfOne(some, classpath, options);
  }

  /** The same of one JVM, in which no class comes twice. */
  private String firstFailureOfOne(List<String> tests, String classpath, List<String> options)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("java", "-Xmx2g", "-XX:+UseSerialGC"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"));
    command.addAll(
        List.of("-Dorg.bytedeco.javacpp.maxBytes=0", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0"));
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(TEMPORARY));
    command.addAll(options);
    command.addAll(List.of("-cp", classpath + ":" + HERE.resolve("tool"), "FirstFailure"));
    command.addAll(tests);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(LOG.toFile()).start();
    boolean ended = waitWhileItMoves(process);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    return read(ended ? process.exitValue() : -1);
  }

  /**
   * Whether it ends. No test class may take many times as long as it did without a break: in time
   * of the processor, because on a busy machine a clock would call what waits a hang; only what
   * waits without end is told by the clock.
   */
  private boolean waitWhileItMoves(Process process) throws Exception {
    String current = "";
    long since = System.nanoTime();
    double used = 0;
    while (!process.waitFor(500, TimeUnit.MILLISECONDS)) {
      String begun = begun();
      if (!begun.equals(current)) {
        current = begun;
        since = System.nanoTime();
        used = processor(process);
      }
      double limit = LEAST_PATIENCE + 10 * seconds.getOrDefault(begun, 60.0);
      boolean idle = System.nanoTime() - since > IDLE * limit * 1e9;
      if (idle || processor(process) - used > limit) {
        return false;
      }
    }
    return true;
  }

  /** Seconds of processor that a process and those that it started have had. */
  private static double processor(Process process) {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .mapToDouble(p -> p.info().totalCpuDuration().map(d -> d.toMillis() / 1e3).orElse(0.0))
        .sum();
  }

  private static String begun() throws IOException {
    String begun = "";
    for (String line : log()) {
      begun = line.startsWith("begins ") ? line.split(" ")[1] : begun;
    }
    return begun;
  }

  private static List<String> log() throws IOException {
    return Files.readString(LOG, StandardCharsets.ISO_8859_1).lines().toList();
  }

  /** What {@link FirstFailure} wrote: times of classes that passed, and what failed. */
  private String read(int exit) throws IOException {
    for (String line : log()) {
      String[] words = line.split(" ");
      if (line.startsWith("passed ") && words.length == 3) {
        if (seconds.put(words[1], Double.valueOf(words[2])) == null) {
          append(SECONDS, words[1] + " " + words[2]);
        }
      } else if (line.startsWith("failed ") && exit == 1) {
        return line.substring("failed ".length());
      }
    }
    return exit == 0 ? null : begun() + (exit < 0 ? " hangs" : " ends with " + exit);
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static void append(Path file, String line) throws IOException {
    Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
