package dev.emergence.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How long people wait: for the help, for a file's validation, and for a run of one step, from the
 * command to the first stored row and to the end with its report. Wall time, best of five.
 */
final class StartBenchmark {
  private static final int TIMES = 5;
  private static final String ONE_STEP =
      """
      dsl: 1
      name: start
      task: {kind: linear_regression, dim: 16, sequence_length: 16}
      architecture: {kind: transformer, layers: 2, heads: 4, embedding_dim: 256, head_dim: 64}
      training: {optimizer: {kind: adam, learning_rate: 1.0e-4}, batch_size: 32, max_steps: 1}
      measurement: {evaluate_every: 1, evaluate_samples: 32, test_sets: {test: {cross_sample: 0.0}}}
      seeds: {first: 0, count: 1}
      """;
  private static final String LAUNCHER = "./emergence";
  private static final String FILE = "dsl-examples/quickstart.yaml";
  private final Report report;

  StartBenchmark(Report report) {
    this.report = report;
  }

  void run() throws IOException, InterruptedException {
    report.say(String.format("%-34s %9s %9s", "start-up, seconds", "best", "median"));
    List<Double> help = new ArrayList<>();
    List<Double> validate = new ArrayList<>();
    List<Double> first = new ArrayList<>();
    List<Double> whole = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      help.add(seconds(List.of(LAUNCHER, "--help")));
      validate.add(seconds(List.of(LAUNCHER, "validate", FILE)));
      runOneStep(first, whole);
    }
    say("help", help);
    say("validate quickstart", validate);
    say("run to its first stored row", first);
    say("run of one step, with its report", whole);
  }

  private void say(String name, List<Double> seconds) {
    double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double median = sorted[sorted.length / 2];
    report.say(String.format(Locale.ROOT, "%-34s %9.2f %9.2f", name, sorted[0], median));
    report
        .array("start")
        .addObject()
        .put("name", name)
        .put("best_s", StepBenchmark.round(sorted[0]))
        .put("median_s", StepBenchmark.round(median));
  }

  private static Process start(List<String> command) throws IOException {
    return Child.builder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static double seconds(List<String> command) throws IOException, InterruptedException {
    long start = System.nanoTime();
    int code = start(command).waitFor();
    if (code != 0) {
      throw new IOException(String.join(" ", command) + " ended with code " + code);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static void runOneStep(List<Double> first, List<Double> whole)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("emergence-start");
    Path file = Files.writeString(folder.resolve("start.yaml"), ONE_STEP);
    String out = "--out=" + folder.resolve("results");
    List<String> command =
        List.of(LAUNCHER, "run", file.toString(), "--device=cpu", "--jobs=1", out);
    try {
      long start = System.nanoTime();
      Process process = start(command);
      while (process.isAlive() && !hasRow(folder)) {
        Thread.sleep(5);
      }
      first.add((System.nanoTime() - start) / 1e9);
      int code = process.waitFor();
      if (code != 0 || !hasRow(folder)) {
        throw new IOException(String.join(" ", command) + " ended with code " + code);
      }
      whole.add((System.nanoTime() - start) / 1e9);
    } finally {
      delete(folder);
    }
  }

  private static boolean hasRow(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.anyMatch(f -> f.getFileName().toString().startsWith("curve"));
    } catch (java.io.UncheckedIOException moved) {
      return false; // a folder was renamed while it was read
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
