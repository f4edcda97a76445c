package dev.emergence.benchmarks;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./dev bench}: measures, prints tables, writes JSON under target/bench; asserts nothing
 * about time.
 */
@Command(
    name = "./dev bench",
    description = "Measures the parts that are named; without a name, all of them.",
    mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
  @Option(names = "--step", description = "Whole training steps beside PyTorch.")
  private boolean step;

  @Option(names = "--native", description = "Kernels one by one; Adam beside a stream.")
  private boolean kernels;

  @Option(names = "--java", description = "Hot spots of Java, by JMH.")
  private boolean java;

  @Option(names = "--cores", description = "One run alone against a run on every core.")
  private boolean cores;

  @Option(names = "--start", description = "Start-up: help, validate, first step.")
  private boolean start;

  @Option(names = "--pool", description = "The pool beside training; two workers against one.")
  private boolean pool;

  @Option(names = "--json", description = "With --step: a line of JSON each on standard output.")
  private boolean json;

  @Option(
      names = "--steps",
      description = "Timed steps of each side of each shape; default ${DEFAULT-VALUE}.",
      defaultValue = "60")
  private int steps;

  @Option(
      names = "--shape",
      description = "Only this shape, such as 'regression 16,16'; may be given again.")
  private List<String> shapes = List.of();

  @Option(
      names = "--kernel",
      description = "With --native: only kernels whose names contain this.",
      defaultValue = "")
  private String kernel;

  @Option(
      names = "--avx2",
      description = "Every side as on a processor with AVX2 alone, on this one too.")
  private boolean avx2;

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (avx2) {
      Child.withAvx2Alone();
    }
    Report report = new Report(json);
    List<Workload> workloads =
        shapes.isEmpty() ? Workload.all() : shapes.stream().map(Workload::of).toList();
    boolean all = !(step || kernels || java || cores || start || pool);
    if (step || all) {
      new StepBenchmark(report, new Sides(report), steps).run(workloads);
      report.save("steps");
    }
    if (cores || all) {
      new CoreBenchmark(report).run(workloads, Math.max(1, steps / 3));
      report.save("cores");
    }
    if (kernels || all) {
      new NativeBenchmark(report).run(kernel);
      report.save("kernels");
    }
    if (java || all) {
      new JavaBenchmark(report).run();
      report.save("java");
    }
    if (start || all) {
      new StartBenchmark(report).run();
      report.save("start");
    }
    if (pool || all) {
      new PoolBenchmark(report).run();
      report.save("pool");
    }
    return 0;
  }
}
