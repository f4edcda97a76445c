package dev.emergence.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whole training steps, ours and PyTorch's: the same weights, the same first batches (whose losses
 * are printed and must agree), then batches that each side draws itself. Sides take turns, so that
 * whatever slows the machine slows all of them. A side is a process with one thread.
 */
final class StepBenchmark {
  private static final int ROUNDS = 3;
  private static final int WARM_UP = 3;
  private static final double LONGEST_ROUND_MS = 20_000;

  /** Relative difference beyond which two sides do not compute the same thing. */
  private static final double SAME_LOSS = 1e-3;

  private final Report report;
  private final Sides sides;
  private final int stepsInRound;

  /**
   * @param steps timed steps of each side of each shape
   */
  StepBenchmark(Report report, Sides sides, int steps) {
    this.report = report;
    this.sides = sides;
    this.stepsInRound = Math.max(1, (steps + ROUNDS - 1) / ROUNDS);
  }

  void run(List<Workload> workloads) throws IOException {
    report.say(
        String.format(
            Locale.ROOT,
            "Training steps, one thread; median CPU ms of %d steps, sides taking turns%n%n%-18s %10s %10s  %s",
            ROUNDS * stepsInRound,
            "shape",
            "ours",
            "ours full",
            "peers: ms, ratio to ours, ratio to ours full"));
    ArrayNode all = report.array("steps");
    for (Workload workload : workloads) {
      measure(workload, all.addObject());
    }
  }

  private void measure(Workload workload, ObjectNode json) throws IOException {
    Path file = Files.createTempFile("emergence-bench", ".arrays");
    Map<String, Child> children = new LinkedHashMap<>();
    try {
      Start.of(workload).write(file);
      sides.commands(workload, file).forEach((name, c) -> children.put(name, Child.start(name, c)));
      Map<String, double[]> losses = new LinkedHashMap<>();
      children.forEach((name, child) -> losses.put(name, child.ask("losses")));
      Map<String, Times> times = new LinkedHashMap<>();
      children.keySet().forEach(name -> times.put(name, new Times()));
      Map<String, Integer> counts = new LinkedHashMap<>();
      children.forEach((name, child) -> counts.put(name, steps(child.ask("steps " + WARM_UP))));
      Map<String, Double> sgemm = new LinkedHashMap<>();
      for (int round = 0; round < ROUNDS; round++) {
        for (String name : List.of(Sides.OURS, Sides.PEER)) {
          sgemm.merge(name, children.get(name).ask("sgemm")[0], Math::max);
        }
        children.forEach((name, c) -> times.get(name).add(c.ask("steps " + counts.get(name))));
      }
      json.put("shape", workload.name());
      shares(workload, json, times, sgemm);
      write(json, losses, times);
      say(workload, losses, times);
    } finally {
      children.values().forEach(Child::close);
      Files.delete(file);
    }
  }

  /** Steps of a round, fewer where a side is so slow that the others would wait for minutes. */
  private int steps(double[] warmUp) {
    double slowest = Arrays.stream(warmUp).max().orElseThrow();
    return (int) Math.max(2, Math.min(stepsInRound, LONGEST_ROUND_MS / slowest));
  }

  /**
   * What share of the core's rate in a large product our steps reach on the arithmetic needed: of
   * our own product and of the peer's.
   */
  private void shares(
      Workload workload, ObjectNode json, Map<String, Times> times, Map<String, Double> sgemm) {
    double needed = Operations.needed(workload) / times.get(Sides.OURS).median() * 1000;
    double full = Operations.full(workload) / times.get(Sides.OURS_FULL).median() * 1000;
    double own = sgemm.get(Sides.OURS);
    double peers = sgemm.get(Sides.PEER);
    json.put("sgemm_gflops", round(own)).put("peer_sgemm_gflops", round(peers));
    json.put("needed_gflop", round(Operations.needed(workload)));
    json.put("full_gflop", round(Operations.full(workload)));
    json.put("share_of_sgemm", round(needed / own)).put("share_of_sgemm_full", round(full / own));
    json.put("share_of_peer_sgemm", round(needed / peers));
    json.put("share_of_peer_sgemm_full", round(full / peers));
    report.say(
        String.format(
            Locale.ROOT,
            "%s: ours at %.1f GFLOP/s of %.2f GFLOP needed, full at %.1f of %.2f",
            workload.name(),
            needed,
            Operations.needed(workload),
            full,
            Operations.full(workload)));
    sgemm.forEach(
        (name, rate) ->
            report.say(
                String.format(
                    Locale.ROOT,
                    "    sgemm of %-12s %5.1f GFLOP/s; ours at %.0f %% of it, full at %.0f %%",
                    name,
                    rate,
                    100 * needed / rate,
                    100 * full / rate)));
  }

  /** CPU and wall milliseconds of steps. */
  private static final class Times {
    private final List<Double> cpu = new ArrayList<>();
    private final List<Double> wall = new ArrayList<>();

    void add(double[] pairs) {
      for (int i = 0; i < pairs.length; i += 2) {
        cpu.add(pairs[i]);
        wall.add(pairs[i + 1]);
      }
    }

    double median() {
      return median(cpu);
    }

    double wallMedian() {
      return median(wall);
    }

    double best() {
      return cpu.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    private static double median(List<Double> values) {
      double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      int n = sorted.length;
      return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }
  }

  private void write(ObjectNode json, Map<String, double[]> losses, Map<String, Times> times) {
    double ours = times.get(Sides.OURS).median();
    double full = times.get(Sides.OURS_FULL).median();
    double peer = times.get(Sides.PEER).median();
    json.put("ours_ms", round(ours)).put("ours_full_ms", round(full)).put("peer_ms", round(peer));
    json.put("ratio", round(peer / ours)).put("ratio_full", round(peer / full));
    json.put("loss_difference", difference(losses));
    times.forEach(
        (name, t) -> {
          ObjectNode side = json.withObject("/sides/" + name);
          side.put("cpu_ms", round(t.median())).put("cpu_best_ms", round(t.best()));
          side.put("wall_ms", round(t.wallMedian()));
          ArrayNode of = side.putArray("losses");
          Arrays.stream(losses.get(name)).forEach(of::add);
        });
    report.line(
        String.format(
            Locale.ROOT,
            "{\"shape\":\"%s\",\"ours_ms\":%.3f,\"ours_full_ms\":%.3f,\"peer_ms\":%.3f,\"ratio\":%.3f}",
            json.get("shape").asString(),
            ours,
            full,
            peer,
            peer / ours));
  }

  private void say(Workload workload, Map<String, double[]> losses, Map<String, Times> times) {
    double ours = times.get(Sides.OURS).median();
    double full = times.get(Sides.OURS_FULL).median();
    StringBuilder row =
        new StringBuilder(
            String.format(Locale.ROOT, "%-18s %10.2f %10.2f", workload.name(), ours, full));
    times.forEach(
        (name, t) -> {
          if (!name.startsWith(Sides.OURS)) {
            row.append(
                String.format(
                    Locale.ROOT,
                    "  %s %.2f (%.2f, %.2f)",
                    name,
                    t.median(),
                    t.median() / ours,
                    t.median() / full));
          }
        });
    report.say(row.toString());
    double difference = difference(losses);
    losses.forEach(
        (name, l) ->
            report.say(
                String.format(
                    Locale.ROOT, "    losses %-20s %.7f %.7f %.7f", name, l[0], l[1], l[2])));
    report.say(String.format(Locale.ROOT, "    largest relative difference %.1e", difference));
    if (!(difference <= SAME_LOSS)) {
      throw new IllegalStateException(
          "sides of "
              + workload.name()
              + " do not compute the same thing: their losses differ by "
              + difference);
    }
  }

  /** Largest relative difference of any side's loss from ours without the shortcut. */
  private static double difference(Map<String, double[]> losses) {
    double[] judge = losses.get(Sides.OURS_FULL);
    double largest = 0;
    for (double[] side : losses.values()) {
      for (int i = 0; i < judge.length; i++) {
        double d = Math.abs(side[i] - judge[i]) / Math.abs(judge[i]);
        largest = d <= largest ? largest : d;
      }
    }
    return largest;
  }

  static double round(double x) {
    return Math.round(x * 1000) / 1000.0;
  }
}
