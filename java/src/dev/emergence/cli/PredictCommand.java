package dev.emergence.cli;

import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.spec.RunConfig;
import dev.emergence.theory.Forecast;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code predict FILE}: plateaus by theory and by the published laws, before anything is run. */
@Command(name = "predict", description = "Plateau lengths by theory and by the published laws, without running anything.")
final class PredictCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FileArguments file;

  @Override
  public Integer call() throws IOException {
    Plan plan = file.plan(file.experiment(spec.commandLine().getErr()));
    PrintWriter out = spec.commandLine().getOut();
    Set<String> laws = new LinkedHashSet<>();
    Set<String> seen = new LinkedHashSet<>();
    for (Assignment a : plan.assignments()) {
      if (seen.add(a.condition().sweep() + "[" + a.index() + "]")) {
        out.println(a.condition().sweep() + " " + a.condition().values() + ": " + line(a.condition().config(), laws));
      }
    }
    laws.forEach(out::println);
    return ExitCode.OK;
  }

  private static String line(RunConfig config, Set<String> laws) {
    Optional<Forecast> forecast = Forecast.of(config);
    if (forecast.isEmpty()) {
      return "no law is known";
    }
    Forecast f = forecast.get();
    laws.add("by " + f.law());
    f.caveats().forEach(caveat -> laws.add("note: " + caveat));
    String beyond = f.exceeds(config) ? ", beyond the run's end at " + Numbers.value(Forecast.budget(config)) : "";
    return "about " + Numbers.value(Math.rint(f.plateau())) + " " + f.unit() + beyond;
  }
}
