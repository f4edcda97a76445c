package dev.emergence.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.cli.Main;
import dev.emergence.plan.Yaml;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Command lines that are changed at random: whatever is typed, the exit code is one of those that
 * are documented, no bug is reported, and nothing outside the results folder is touched.
 */
@Timeout(7200)
class CommandLinesTest {
  private static final Set<Integer> CODES = Set.of(0, 2, 3, 4, 5, 6, 7, 75);

  /** Integrated in a moment. */
  private static final String TOY =
"""
dsl: 1
name: toy
task: {kind: linear_regression, dim: 16, sequence_length: 128, relevant_position: last, relevant_feature: false}
architecture: {kind: toy}
training: {optimizer: {kind: gradient_flow}, max_time: 10000}
measurement:
  test_sets: {test: {}}
  thresholds: {plateau: {metric: test.loss, below: 0.2, relative_to: initial}}
seeds: none
sweeps: {sizes: {grid: {task.dim: [16, 32]}}}
fits: {law: {data: sizes, formula: "T_plateau = C * d^alpha"}}
profiles: {small: {sweeps: {sizes: {grid: {task.dim: [4, 8]}}}}}
""";

  /** What a word may become. */
  private enum Change {
    DROPPED,
    DOUBLED,
    EMPTIED,
    SWAPPED,
    STRANGE,
    CUT,
    ADDED
  }

  private static final List<String> STRANGE =
      List.of(
          "",
          " ",
          "-",
          "--",
          "-1",
          "0",
          "99999999999999999999",
          "1e400",
          "NaN",
          "null",
          "=",
          "a=b=c",
          "--set",
          "task.dim",
          "task.dim=",
          "=5",
          "task.dim=0",
          "task.dim=1e9",
          "\u00a0",
          "\u202e",
          "'",
          "\"",
          "$(id)",
          "`id`",
          "../..",
          "/",
          "/dev/null",
          "/proc/self/mem",
          "~",
          "*",
          "%s%n",
          "\n",
          "d ==",
          "((((",
          "d == 1/0",
          "not",
          "seed < nan",
          "sizes",
          "-h",
          "--help",
          "--version",
          "@file",
          "0s",
          "-5s",
          "1h30min",
          "9999999999d",
          "7-00:00:00",
          "[",
          "{a: b",
          "&x",
          "*x",
          "!!java",
          "x".repeat(5000));

  private static final List<String> OPTIONS =
      List.of(
          "--json",
          "--only",
          "--where",
          "--set",
          "--profile",
          "--jobs",
          "--device",
          "--stop-after",
          "--out",
          "--yes-many",
          "--same-provenance",
          "--no-calibrate",
          "--explain",
          "--replay",
          "--repair",
          "--format",
          "--to",
          "--workers",
          "--time",
          "--memory",
          "--gres",
          "--sbatch",
          "--setup",
          "--dry-run",
          "--slot",
          "--in",
          "--all",
          "--markdown",
          "--every",
          "--task",
          "--within",
          "--steps",
          "--length",
          "--port",
          "--no-open",
          "--numerics",
          "--plugin");

  @TempDir Path temp;
  private Path inside;
  private Path results;

  @BeforeEach
  void write() throws IOException {
    inside = Files.createDirectories(temp.resolve("outer/work"));
    results = inside.resolve("results");
    Files.writeString(temp.resolve("outer/mine.txt"), "mine");
    Files.writeString(inside.resolve("toy.yaml"), TOY);
    Files.writeString(inside.resolve("tiny.yaml"), Yaml.TINY);
    assertThat(run("run", inside.resolve("toy.yaml").toString(), "--out", results.toString()).code)
        .isZero();
  }

  private record Said(int code, String text) {}

  private static Said run(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), words);
    return new Said(code, err.toString());
  }

  /** Command lines that are well, to begin with. None trains for long or starts a program. */
  private List<List<String>> lines() {
    String toy = inside.resolve("toy.yaml").toString();
    String tiny = inside.resolve("tiny.yaml").toString();
    String folder = results.toString();
    String table = results.resolve("tables/runs.csv").toString();
    String fresh = inside.resolve("fresh").toString();
    return List.of(
        List.of("validate", toy, tiny, "--json"),
        List.of("plan", tiny, "--no-calibrate", "--device", "cpu", "--where", "d <= 4", "--json"),
        List.of("plan", toy, "--explain", "task.dim"),
        List.of("predict", tiny, "--only", "sizes", "--json"),
        List.of("run", toy, "--out", folder, "--jobs", "1", "--set", "training.max_time=5000"),
        List.of("run", toy, "--out", fresh, "--profile", "small", "--where", "d == 4"),
        List.of("status", folder, "--json", "--watch", "--every", "5s"),
        List.of("list", folder, "--only", "sizes", "--where", "d > 8"),
        List.of("show", "0", "--in", folder),
        List.of("fit", folder),
        List.of("law", table, "T_plateau = C * dim^alpha", "--where", "dim > 4", "--seed", "seed"),
        List.of("plot", folder),
        List.of("plot", toy, "--out", folder, "--set", "sweeps.sizes.grid={task.dim: [16]}"),
        List.of("report", folder),
        List.of("compare", folder, folder, "--within", "5%"),
        List.of("check-architecture", tiny, "--steps", "2", "--length", "4", "--device", "cpu"),
        List.of("init", "--task", "linear_regression", inside.resolve("mine").toString()),
        List.of("export", folder, "--format", "csv,jsonl", "--to", inside.resolve("to").toString()),
        List.of("verify", folder, "--repair"),
        List.of(
            "submit",
            tiny,
            "--to",
            "slurm",
            "--dry-run",
            "--out",
            fresh,
            "--workers",
            "3",
            "--time",
            "8h",
            "--memory",
            "4",
            "--gres",
            "gpu:1",
            "--sbatch",
            "--partition=short"),
        List.of("worker", folder, "--slot", "1", "--stop-after", "10min", "--device", "cpu"),
        List.of("symbols", "linear_regression", "--all"),
        List.of("explain", "E102"),
        List.of("schema", "--markdown"),
        List.of("init", "quickstart", inside.resolve("init").toString()),
        List.of("completion", "bash"));
  }

  @Test
  void no_command_line_is_a_bug_or_touches_what_is_not_its_own() throws Exception {
    int count = Campaign.size(200, 10_000);
    Random random = new Random(Campaign.seed(11));
    Map<String, String> before = outside();
    List<String> bugs = new ArrayList<>();
    Map<Integer, Integer> codes = new TreeMap<>();
    Map<Change, Integer> changes = new EnumMap<>(Change.class);
    for (int i = 0; i < count; i++) {
      List<List<String>> lines = lines();
      List<String> words = new ArrayList<>(lines.get(random.nextInt(lines.size())));
      int times = 1 + random.nextInt(3);
      for (int t = 0; t < times; t++) {
        Change change = Change.values()[random.nextInt(Change.values().length)];
        change(change, words, random);
        changes.merge(change, 1, Integer::sum);
      }
      if (isLeftOut(words)) {
        continue;
      }
      Said said = run(words.toArray(String[]::new));
      boolean bug = said.text.contains("internal error") || said.text.contains("\tat ");
      if (bug || !CODES.contains(said.code)) {
        bugs.add(words + " ends with " + said.code + ":\n" + said.text);
      }
      codes.merge(said.code, 1, Integer::sum);
      if (i % 50 == 0) {
        assertThat(outside()).as("after %s", words).isEqualTo(before);
      }
    }
    assertThat(outside()).isEqualTo(before);
    assertThat(bugs).isEmpty();
    Campaign.figure("%d command lines, changed in %s: exit codes %s", count, changes, codes);
  }

  /** What would train for minutes, wait for ever, start a program or write where it is told. */
  private boolean isLeftOut(List<String> words) {
    String command = words.isEmpty() ? "" : words.get(0);
    boolean trains =
        (command.equals("run") || command.equals("worker"))
            && words.stream().anyMatch(w -> w.contains("tiny") || w.contains("1e9"));
    boolean submits = command.equals("submit") && !words.contains("--dry-run");
    boolean waits =
        words.contains("--watch") || Set.of("page", "serve", "doctor").contains(command);
    boolean elsewhere =
        Set.of("run", "init", "export", "submit", "plan", "verify", "worker").contains(command)
            && words.stream()
                .anyMatch(
                    w ->
                        Set.of(
                                    "/", "../..", "~", "-", " ", "--", "%s%n", "*", "'", "\"",
                                    "$(id)", "`id`", "=", "[", "@file", "\n", "\u00a0", "\u202e")
                                .contains(w)
                            || w.length() > 1000);
    boolean here = !words.contains("--out") && Set.of("run", "submit").contains(command);
    boolean bare =
        command.equals("init")
            && (words.stream().filter(w -> w.startsWith(inside.toString())).count() != 1
                || words.stream().filter("linear_regression"::equals).count() > 1);
    boolean calibrates = command.equals("plan") && !words.contains("--no-calibrate");
    return trains
        || submits
        || waits
        || elsewhere
        || here
        || bare
        || calibrates
        || isRelative(words);
  }

  /** A folder named without its place would lie in the current folder. */
  private boolean isRelative(List<String> words) {
    for (int i = 0; i + 1 < words.size(); i++) {
      boolean place = Set.of("--out", "--to").contains(words.get(i));
      if (place
          && !words.get(i + 1).startsWith(inside.toString())
          && !words.get(i + 1).equals("slurm")) {
        return true;
      }
    }
    return words.get(0).equals("init") && words.stream().skip(1).anyMatch(this::isPlaceElsewhere);
  }

  /** A word of init that may be taken for a folder; empty, it is the current one. */
  private boolean isPlaceElsewhere(String word) {
    return !word.startsWith(inside.toString())
        && !word.startsWith("--")
        && !Set.of("quickstart", "linear_regression").contains(word);
  }

  private static void change(Change change, List<String> words, Random random) {
    if (words.size() < 2) {
      return;
    }
    int at = 1 + random.nextInt(words.size() - 1);
    String strange = STRANGE.get(random.nextInt(STRANGE.size()));
    switch (change) {
      case DROPPED -> words.remove(at);
      case DOUBLED -> words.add(at, words.get(at));
      case EMPTIED -> words.set(at, "");
      case SWAPPED -> {
        int other = 1 + random.nextInt(words.size() - 1);
        String word = words.get(at);
        words.set(at, words.get(other));
        words.set(other, word);
      }
      case STRANGE -> words.set(at, strange);
      case CUT -> {
        String word = words.get(at);
        words.set(at, word.substring(0, random.nextInt(word.length() + 1)));
      }
      case ADDED -> {
        words.add(OPTIONS.get(random.nextInt(OPTIONS.size())));
        if (random.nextBoolean()) {
          words.add(strange);
        }
      }
    }
  }

  /** Everything around the folder that is worked in, and what lies in the current folder. */
  private Map<String, String> outside() throws IOException {
    Map<String, String> out = new TreeMap<>();
    try (var here = Files.list(Path.of(""))) {
      here.filter(p -> !p.startsWith("target")).forEach(p -> out.put("./" + p, ""));
    }
    Path outer = temp.resolve("outer");
    try (var paths = Files.walk(temp)) {
      for (Path path : paths.filter(p -> !p.startsWith(inside)).toList()) {
        out.put(
            temp.relativize(path).toString(),
            Files.isRegularFile(path) ? Files.readString(path, StandardCharsets.ISO_8859_1) : "");
      }
    }
    for (String file : List.of("toy.yaml", "tiny.yaml")) {
      out.put(file, Files.readString(outer.resolve("work").resolve(file)));
    }
    return out;
  }
}
