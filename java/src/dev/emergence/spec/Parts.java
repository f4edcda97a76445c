package dev.emergence.spec;

import java.util.List;

/**
 * A configuration under examination, and what was found in it.
 *
 * @param found grows as rules report
 */
public record Parts(
    TaskSpec task,
    RepetitionSpec repetition,
    ArchitectureSpec architecture,
    TrainingSpec training,
    MeasurementSpec measurement,
    List<Problem> found) {

  /** The parts of a configuration that was examined before. */
  public static Parts of(RunConfig c) {
    return new Parts(
        c.task(), c.repetition(), c.architecture(), c.training(), c.measurement(), List.of());
  }

  /**
   * Reports a contradiction between keys (E140).
   *
   * @param path of the key at fault
   * @param message what was found and what was expected
   * @param hint what to do, or empty
   * @param related paths whose values the message speaks of
   */
  public void report(String path, String message, String hint, String... related) {
    found.add(new Problem("E140", path, message, List.of(related), hint));
  }

  /** Reports a problem with a code of its own. */
  public void report(Problem problem) {
    found.add(problem);
  }
}
