package dev.emergence.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One run alone, then as many runs as cores at once, each a process of one thread: how much more
 * gets done. Wall time, in turns.
 */
final class CoreBenchmark {
  private static final int ROUNDS = 3;
  private static final int WARM_UP = 5;
  private final Report report;

  CoreBenchmark(Report report) {
    this.report = report;
  }

  /**
   * @param steps of each run and round
   */
  void run(List<Workload> workloads, int steps) {
    int cores = Runtime.getRuntime().availableProcessors();
    report.say(
        String.format(
            "%-18s %14s %14s %12s",
            "runs on " + cores + " cores", "alone, ms", "together, ms", "throughput"));
    for (Workload workload : workloads) {
      measure(workload, cores, steps);
    }
  }

  private void measure(Workload workload, int cores, int steps) {
    List<Child> children = new ArrayList<>();
    try {
      for (int i = 0; i < cores; i++) {
        children.add(Child.start("run " + i, Sides.java(Sides.OURS, workload, Path.of("none"))));
      }
      elapsed(children, WARM_UP);
      double alone = Double.MAX_VALUE;
      double together = Double.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        alone = Math.min(alone, elapsed(children.subList(0, 1), steps));
        together = Math.min(together, elapsed(children, steps));
      }
      double throughput = cores * alone / together;
      report.say(
          String.format(
              Locale.ROOT,
              "%-18s %14.2f %14.2f %11.2fx",
              workload.name(),
              alone / steps,
              together / steps,
              throughput));
      report
          .array("cores")
          .addObject()
          .put("shape", workload.name())
          .put("runs", cores)
          .put("alone_ms", StepBenchmark.round(alone / steps))
          .put("together_ms", StepBenchmark.round(together / steps))
          .put("throughput", StepBenchmark.round(throughput));
    } finally {
      children.forEach(Child::close);
    }
  }

  /** Milliseconds until all of them have taken their steps. */
  private static double elapsed(List<Child> children, int steps) {
    long start = System.nanoTime();
    children.forEach(child -> child.send("steps " + steps));
    children.forEach(Child::receive);
    return (System.nanoTime() - start) / 1e6;
  }
}
