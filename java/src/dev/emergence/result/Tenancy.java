package dev.emergence.result;

import dev.emergence.plan.Plan;
import dev.emergence.spec.ExperimentSpec;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * A results folder belongs to one experiment at a time: its plan, tables, figures and report are of
 * one file. Runs of others may lie beside it, since each is told by what it is.
 */
final class Tenancy {
  private final ResultsFolder results;

  Tenancy(ResultsFolder results) {
    this.results = results;
  }

  /**
   * Looks at what the folder is used for, before another plan is written into it.
   *
   * @return a sentence for people when finished runs are there that the plan does not ask for
   * @throws FolderUnusable when somebody alive works on a run of another experiment
   */
  Optional<String> enter(Plan plan) throws IOException {
    Set<String> asked = plan.byId().keySet();
    for (String id : new StoredIds(results.root()).claimed()) {
      if (!asked.contains(id) && Claims.isTaken(results, id)) {
        throw new FolderUnusable(
            results.root()
                + " is in use: another command works there on run "
                + id
                + ", which this experiment does not ask for; wait until it has ended, or name"
                + " another folder with --out");
      }
    }
    Set<String> former = PlanFiles.planned(results.root());
    long left =
        former.stream().filter(id -> !asked.contains(id) && results.run(id).exists()).count();
    if (left == 0) {
      return Optional.empty();
    }
    boolean other = former.stream().noneMatch(asked::contains);
    return Optional.of(
        (other
                ? "note: " + results.root() + " held another experiment until now" + described()
                : "note: " + results.root() + " held a different form of this experiment until now")
            + "; "
            + left
            + (left == 1 ? " finished run" : " finished runs")
            + " of it are not asked for any more. Runs stay; tables, figures and report are made"
            + " anew for this one. With another --out both keep theirs.");
  }

  /**
   * @throws FolderUnusable when no run of the plan is asked for by what the folder is used for
   */
  void requireKin(Plan plan) {
    Set<String> former = PlanFiles.planned(results.root());
    if (!former.isEmpty() && former.stream().noneMatch(plan.byId()::containsKey)) {
      throw new FolderUnusable(
          results.root()
              + " holds another experiment"
              + described()
              + "; name the folder of this one with --out, or run it there first");
    }
  }

  private String described() {
    try {
      ExperimentSpec experiment = results.experiment();
      return " ("
          + experiment.name()
          + ", "
          + dev.emergence.spec.Keys.kindOf((Record) experiment.base().task())
          + ")";
    } catch (FolderUnusable e) {
      return "";
    }
  }

  /**
   * @throws FolderUnusable when the folder's plan is no longer that of this experiment
   */
  void require(ExperimentSpec experiment) {
    ExperimentSpec now = results.experiment();
    // The same record where the file is as it was when the experiment was read from it.
    if (now != experiment && !PlanFiles.question(now).equals(PlanFiles.question(experiment))) {
      throw new FolderUnusable(
          "another command has put another experiment, or another form of this one, into "
              + results.root()
              + " meanwhile; the runs are stored, but tables, figures and report are left to it."
              + " Run this file again with --out and another folder to have its own");
    }
  }
}
