package dev.emergence.execute;

import dev.emergence.result.ResultsFolder;
import java.time.Duration;

/**
 * Where a worker works.
 *
 * @param results where runs are stored
 * @param device what computes, for the provenance
 * @param checkpointEvery longest time between two checkpoints of a run
 * @param interrupt asks for a stop with everything saved
 * @param progress hears what happens
 */
record Site(ResultsFolder results, String device, Duration checkpointEvery, Interrupt interrupt, Progress progress) {
  Site withDevice(String description) {
    return new Site(results, description, checkpointEvery, interrupt, progress);
  }
}
