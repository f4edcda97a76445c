package dev.emergence.benchmarks;

import dev.emergence.Experiment;
import dev.emergence.Results;
import dev.emergence.RunOptions;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Progress;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the pool costs beside training: from the start of the command to the first step, between two
 * runs, for an evaluation; and what a second worker brings, in runs an hour. Wall time: only a
 * quiet machine tells.
 */
final class PoolBenchmark {
  private static final String YAML =
      """
      dsl: 1
      name: pool
      task: {kind: linear_regression, dim: 8, sequence_length: 8}
      architecture: {kind: transformer, layers: LAYERS, heads: 1, embedding_dim: WIDTH, head_dim: 8, mlp_factor: 1}
      training: {optimizer: {kind: adam, learning_rate: 1.0e-3}, batch_size: 8, max_steps: STEPS}
      measurement:
        evaluate_every: EVERY
        evaluate_samples: 8
        test_sets: {test: {cross_sample: 0.0}}
        thresholds: {plateau: {metric: test.loss, below: 0.01}}
        stop: {never: true}
      seeds: {first: 0, count: SEEDS}
      """;

  private static final int REPEATS = 5;
  private static final int PAIRS = 3;
  private final Report report;

  PoolBenchmark(Report report) {
    this.report = report;
  }

  void run() throws IOException {
    start();
    betweenRuns();
    evaluation();
    secondWorker();
  }

  private static String yaml(int layers, int width, int steps, int every, int seeds) {
    return YAML.replace("LAYERS", "" + layers)
        .replace("WIDTH", "" + width)
        .replace("STEPS", "" + steps)
        .replace("EVERY", "" + every)
        .replace("SEEDS", "" + seeds);
  }

  /** Seconds after the start at which something was heard. */
  private static final class Clock implements Progress {
    private final long began = System.nanoTime();
    private final List<Double> starts = new ArrayList<>();
    private final List<Double> ends = new ArrayList<>();
    private double firstStep = Double.NaN;

    double now() {
      return (System.nanoTime() - began) / 1e9;
    }

    @Override
    public synchronized void started(PlannedRun run, double step) {
      starts.add(now());
    }

    @Override
    public synchronized void at(PlannedRun run, double step, double target) {
      if (step > 0 && Double.isNaN(firstStep)) {
        firstStep = now();
      }
    }

    @Override
    public synchronized void ended(PlannedRun run, Outcome outcome) {
      ends.add(now());
    }
  }

  /** One experiment in a fresh folder. @return when everything was stored, and what was heard */
  private static Clock run(String yaml, int jobs, boolean processes) throws IOException {
    Path folder = Files.createTempDirectory("emergence-pool-");
    try {
      Clock clock = new Clock();
      Results results =
          Experiment.parse(yaml)
              .run(
                  folder,
                  new RunOptions(
                      Optional.of("cpu"),
                      Optional.of(jobs),
                      a -> true,
                      processes,
                      Interrupt.onRequest(),
                      clock));
      if (!results.summary().isComplete()) {
        throw new IllegalStateException("not all runs are complete");
      }
      return clock;
    } finally {
      try (Stream<Path> paths = Files.walk(folder)) {
        paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
      }
    }
  }

  private void start() throws IOException {
    List<Double> first = new ArrayList<>();
    for (int i = 0; i < REPEATS; i++) {
      first.add(run(yaml(1, 8, 20, 10, 1), 1, true).firstStep);
    }
    say("from the start to a worker's first step, ms", 1e3 * median(first));
  }

  private void betweenRuns() throws IOException {
    List<Double> gaps = new ArrayList<>();
    List<Double> whole = new ArrayList<>();
    for (int i = 0; i < REPEATS; i++) {
      Clock clock = run(yaml(1, 8, 1, 1, 100), 1, true);
      for (int n = 50; n < 100; n++) {
        gaps.add(clock.starts.get(n) - clock.ends.get(n - 1));
        whole.add(clock.ends.get(n) - clock.ends.get(n - 1));
      }
    }
    say("from a run's end to the next one's start, ms", 1e3 * median(gaps));
    say("a whole run of one step, stored, ms", 1e3 * median(whole));
  }

  private void evaluation() throws IOException {
    for (boolean processes : new boolean[] {false, true}) {
      List<Double> each = new ArrayList<>();
      int steps = 4_000;
      for (int i = 0; i < REPEATS; i++) {
        Clock often = run(yaml(1, 8, steps, 1, 1), 1, processes);
        Clock rarely = run(yaml(1, 8, steps, steps, 1), 1, processes);
        double more =
            often.ends.get(0) - often.starts.get(0) - (rarely.ends.get(0) - rarely.starts.get(0));
        each.add(more / steps);
      }
      String where = processes ? "a process" : "a thread";
      say("an evaluation of the smallest model in " + where + ", ms", 1e3 * median(each));
    }
  }

  private void secondWorker() throws IOException {
    List<Double> ones = new ArrayList<>();
    List<Double> twos = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    // Runs of seconds: in the first of them Java compiles on the other core.
    String yaml = yaml(2, 128, 3_000, 100, 8);
    for (int i = 0; i < PAIRS; i++) {
      ones.add(perHour(run(yaml, 1, true)));
      twos.add(perHour(run(yaml, 2, true)));
      ratios.add(twos.get(i) / ones.get(i));
    }
    say("runs an hour by one worker", median(ones));
    say("runs an hour by two workers", median(twos));
    say("two workers over one, pairs of neighbours", median(ratios));
  }

  /** From the first run's start to the last one's end: what a long experiment comes to. */
  private static double perHour(Clock clock) {
    return 3600 * clock.ends.size() / (clock.ends.get(clock.ends.size() - 1) - clock.starts.get(0));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private void say(String name, double value) {
    report.say(String.format(Locale.ROOT, "%-50s %10.3f", name, value));
    report.array("pool").addObject().put("name", name).put("median", StepBenchmark.round(value));
  }
}
