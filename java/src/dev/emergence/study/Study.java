package dev.emergence.study;

import dev.emergence.result.Damaged;
import java.util.List;
import java.util.Map;

/** A kind of study. One file, and one line in {@link Studies}. */
public interface Study {

  /** The columns of its table, in order, besides those that tell the run. */
  List<String> columns();

  /**
   * The rows of one run.
   *
   * @param run what is stored of it
   * @return what was found
   * @throws NoMoment when the run's training has no such moment, or kept no parameters there
   * @throws Damaged when stored parameters are not what was written
   */
  Found rows(StudiedRun run) throws NoMoment, Damaged;

  /**
   * What was found in one run.
   *
   * @param rows each with a value for every column: a number, a text, or null where there is none
   * @param lacking why some moments have no rows; empty when none lacks them
   */
  record Found(List<Map<String, Object>> rows, String lacking) {
    /** Rows of all that was asked. */
    static Found all(List<Map<String, Object>> rows) {
      return new Found(rows, "");
    }
  }
}
