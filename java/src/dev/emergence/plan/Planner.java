package dev.emergence.plan;

import dev.emergence.spec.Condition;
import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.SeedsSpec;
import dev.emergence.spec.SweepSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Expands an experiment into runs. Conditions of equal identity share one run, within a sweep and
 * across sweeps.
 */
public final class Planner {
  private Planner() {}

  /**
   * Every run of an experiment once, and which condition and seed each answers. Nothing is drawn
   * and no device is touched.
   */
  public static Plan plan(ExperimentSpec experiment) {
    List<Assignment> assignments = new ArrayList<>();
    for (SweepSpec sweep : experiment.sweeps().values()) {
      Optional<SeedsSpec> seeds = seeds(experiment, sweep);
      int index = 0;
      for (Condition condition : sweep.conditions()) {
        for (int seed : seeds(seeds)) {
          RunConfig config = seeded(seeds, condition.config(), seed);
          int drawn = streamSeed(seeds, condition.config(), seed);
          Run run = new Run(RunId.of(config, drawn), config, drawn);
          assignments.add(new Assignment(condition, index, seed, run));
        }
        index++;
      }
    }
    return merge(experiment, assignments);
  }

  /** The plan of some assignments. */
  static Plan merge(ExperimentSpec experiment, List<Assignment> assignments) {
    Map<String, List<Assignment>> sharers = new LinkedHashMap<>();
    assignments.forEach(a -> sharers.computeIfAbsent(a.run(), id -> new ArrayList<>()).add(a));
    List<PlannedRun> runs = new ArrayList<>();
    sharers.forEach((id, of) -> runs.add(planned(experiment, id, of)));
    return new Plan(experiment, runs, assignments);
  }

  private static PlannedRun planned(
      ExperimentSpec experiment, String id, List<Assignment> sharers) {
    List<RunConfig> configs = sharers.stream().map(a -> a.condition().config()).distinct().toList();
    List<Demand> demands = configs.stream().map(Demand::of).distinct().toList();
    RunConfig shared = Shared.merge(configs);
    Assignment first = sharers.get(0);
    Optional<SeedsSpec> seeds =
        seeds(experiment, experiment.sweeps().get(first.condition().sweep()));
    Run run =
        new Run(id, seeded(seeds, shared, first.seed()), streamSeed(seeds, shared, first.seed()));
    return new PlannedRun(run, demands, Cost.of(shared, demands));
  }

  /** The seeds of a sweep: its own, else the file's; none where nothing is drawn. */
  private static Optional<SeedsSpec> seeds(ExperimentSpec experiment, SweepSpec sweep) {
    return sweep.seeds().or(experiment::seeds);
  }

  private static List<Integer> seeds(Optional<SeedsSpec> spec) {
    if (spec.isEmpty()) {
      return List.of(0);
    }
    List<Integer> out = new ArrayList<>();
    for (int i = 0; i < spec.get().count(); i++) {
      out.add(Math.addExact(spec.get().first(), i));
    }
    return out;
  }

  /** The configuration with the streams that keep the first seed. */
  private static RunConfig seeded(Optional<SeedsSpec> seeds, RunConfig config, int seed) {
    return seeds
        .map(
            spec ->
                config.with(
                    spec.streams(
                        streamSeed(seeds, config, seed), streamSeed(seeds, config, spec.first()))))
        .orElse(config);
  }

  private static int streamSeed(Optional<SeedsSpec> seeds, RunConfig config, int seed) {
    return seeds.map(SeedsSpec::paired).orElse(true) ? seed : RunId.unpaired(config, seed);
  }
}
