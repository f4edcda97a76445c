package dev.emergence.execute;

import dev.emergence.execute.run.Standing;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Damaged;
import dev.emergence.result.Disk;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether stored runs are what was written, and whether computing them again gives the same bits.
 */
public final class Verification {
  private final ResultsFolder results;
  private final Plan plan;

  /**
   * @param plan what the folder was last run with
   */
  public Verification(ResultsFolder results, Plan plan) {
    this.results = results;
    this.plan = plan;
  }

  /** Something wrong with a run. */
  public record Finding(String run, String what) {}

  /** Checks every file of every stored run, of other plans too. */
  public List<Finding> check() {
    List<Finding> out = new ArrayList<>();
    for (String id : results.ids()) {
      RunFolder folder = results.run(id);
      try {
        if (folder.exists()) {
          folder.verify();
        }
      } catch (Damaged e) {
        out.add(new Finding(id, e.getMessage()));
      }
    }
    return out;
  }

  /** Stored runs that the plan does not ask for: of earlier plans, or of other numerics. */
  public List<String> orphans() {
    Set<String> planned = plan.runs().stream().map(PlannedRun::id).collect(Collectors.toSet());
    return results.ids().stream().filter(id -> !planned.contains(id)).toList();
  }

  /**
   * Computes complete runs again, the cheapest first, and compares their curves with those stored.
   *
   * @param count how many
   * @param execution how they are computed
   * @return what differs
   */
  public List<Finding> replay(int count, Execution execution) throws IOException {
    Set<String> chosen =
        Execution.standings(plan, results).stream()
            .filter(s -> s.state() == Standing.State.COMPLETE)
            .limit(count)
            .map(s -> s.run().id())
            .collect(Collectors.toSet());
    Path temporary = Files.createTempDirectory("emergence-replay-");
    try {
      ResultsFolder again = ResultsFolder.open(temporary, Disk.local());
      Plan part = plan.only(a -> chosen.contains(a.run()));
      execution.run(part, again);
      return differences(part, again);
    } finally {
      Disk.local().delete(temporary);
    }
  }

  private List<Finding> differences(Plan part, ResultsFolder again) {
    List<Finding> out = new ArrayList<>();
    for (PlannedRun run : part.runs()) {
      if (!again.run(run.id()).exists()) {
        out.add(new Finding(run.id(), "was not computed again"));
      } else if (!results.run(run.id()).hasSameNumbers(again.run(run.id()))) {
        out.add(
            new Finding(
                run.id(),
                "gives other numbers when it is computed again here; `emergence show` tells what"
                    + " computed it"));
      }
    }
    return out;
  }
}
