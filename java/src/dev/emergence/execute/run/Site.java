package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Completion;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.RunFolder;
import dev.emergence.result.RunRecord;
import dev.emergence.spec.ExecutionSpec;
import java.io.IOException;

/**
 * Where a worker works.
 *
 * @param results where runs are stored
 * @param device what computes, for the provenance: the word for it, until the backend describes
 *     itself
 * @param spec how the file wants the work carried out
 * @param chances which deaths of workers count against a run
 * @param interrupt asks for a stop with everything saved
 * @param progress hears what happens
 */
public record Site(
    ResultsFolder results,
    String device,
    ExecutionSpec spec,
    Chances chances,
    Interrupt interrupt,
    Progress progress) {
  /** Stores a run that has ended, and says so. */
  void store(RunFolder folder, PlannedRun planned, RunRecord run) throws IOException {
    Completion completion = folder.complete(run);
    if (completion == Completion.SAME_BITS) {
      progress.note(
          "run " + planned.id() + " was computed by another worker too, with the same bits");
    } else if (completion == Completion.OTHER_BITS) {
      progress.note(
          "run "
              + planned.id()
              + " was computed by another worker too, with OTHER numbers: please report this with"
              + " both folders");
    }
    progress.ended(planned, run.outcome());
  }

  Site withDevice(String description) {
    return new Site(results, description, spec, chances, interrupt, progress);
  }
}
