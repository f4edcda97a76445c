import com.sun.management.OperatingSystemMXBean;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Planner;
import dev.emergence.theory.Goal;
import dev.emergence.theory.ToyRun;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * How long the integrations of Fig. 1c (25) and of both panels of Fig. 2 (45) take on one thread,
 * from a fresh Java: a table and a line of JSON. Run from the repository's root: {@code taskset -c
 * 0 java -cp target/emergence.jar tests/benchmarks/TheoryFigures.java}.
 */
public final class TheoryFigures {
  private static long runs;

  private TheoryFigures() {}

  public static void main(String[] args) {
    List<PlannedRun> figure1 = runs("fig1.yaml", "plane"::equals);
    List<PlannedRun> figure2 =
        runs("fig2.yaml", sweep -> sweep.equals("vary_B") || sweep.equals("vary_p"));
    List<String> json = new ArrayList<>();
    for (String round : new String[] {"first", "second", "third"}) {
      long wall = System.nanoTime();
      long before = cpu();
      runs = 0;
      integrate(figure1);
      integrate(figure2);
      double wallSeconds = (System.nanoTime() - wall) / 1e9;
      double cpuSeconds = (cpu() - before) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "%-7s %3d integrations  wall %.3f s  cpu %.3f s%n",
          round,
          runs,
          wallSeconds,
          cpuSeconds);
      json.add(
          String.format(
              Locale.ROOT,
              "{\"round\":\"%s\",\"integrations\":%d,\"wall_s\":%.4f,\"cpu_s\":%.4f}",
              round,
              runs,
              wallSeconds,
              cpuSeconds));
    }
    System.out.println("[" + String.join(",", json) + "]");
  }

  /** Of all threads, the compiler's and the collector's too: what a single core would need. */
  private static long cpu() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static List<PlannedRun> runs(String file, Predicate<String> sweeps) {
    var spec =
        SpecReader.read(Path.of("dsl-examples", "paper1", file), ReadOptions.none())
            .spec()
            .orElseThrow();
    return Planner.plan(spec)
        .only(assignment -> sweeps.test(assignment.condition().sweep()))
        .runs();
  }

  private static void integrate(List<PlannedRun> planned) {
    for (PlannedRun run : planned) {
      List<Goal> goals =
          run.demands().stream().map(d -> new Goal(d.maxTime(), d.thresholds(), d.stop())).toList();
      ToyRun.integrate(run.run().config(), goals);
      runs++;
    }
  }
}
