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
    description = "Measures; without a part's name, all parts.",
    mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
  @Option(names = "--step", description = "Whole training steps beside PyTorch.")
  private boolean step;

  @Option(names = "--json", description = "One line of JSON a row on standard output.")
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

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Report report = new Report(json);
    List<Workload> workloads =
        shapes.isEmpty() ? Workload.all() : shapes.stream().map(Workload::of).toList();
    new StepBenchmark(report, new Sides(report), steps).run(workloads);
    report.save("steps");
    return 0;
  }
}
