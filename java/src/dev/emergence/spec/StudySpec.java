package dev.emergence.spec;

import java.util.List;
import java.util.Map;

/**
 * A study: it reads parameters that finished runs have stored, computes forward alone, and gives a
 * table. It trains nothing and is no part of any run.
 */
@Kinds({HeadAblationSpec.class, HeadPatchingSpec.class, LocaliseSpec.class})
public interface StudySpec {
  /** The sweeps whose runs are studied. */
  List<String> data();

  /** Only runs with these values, by symbol or path; {@code seed} counts as one. */
  Map<String, Object> where();

  /** The column of a test set that is measured: {@code test.loss}. */
  String metric();

  /**
   * The moments whose parameters are read, by the key that names them: a step, {@code last}, a
   * threshold's name, {@code before_NAME} or {@code after_NAME}.
   */
  Map<String, List<String>> moments();

  /** Whether heads are changed, so that the model must have some. */
  boolean changesHeads();

  /** What keys say that contradicts itself; empty when nothing does. */
  default List<Problem> problems() {
    return List.of();
  }

  /**
   * Which heads are changed.
   *
   * @param heads each head by itself, or also several at once
   * @param top numbers of heads that are changed at once
   * @param random draws of as many heads that are not among those
   */
  record HeadSets(
      @Key(
              doc =
                  "single: each head on its own, and all at once; top: also the most"
                      + " effective ones at once, and random ones.",
              value = "single")
          Choice heads,
      @Key(
              doc =
                  "With heads: top, the numbers of most effective heads that are changed"
                      + " at once.",
              value = "[1, 2, 4, 8]")
          List<Integer> top,
      @Key(
              doc =
                  "With heads: top, how often equally many of the other heads are drawn"
                      + " at random, as a control.",
              value = "5",
              min = 0,
              max = 1000)
          int random) {
    /** Numbers of heads that there cannot be. */
    List<Problem> problems() {
      return top.stream()
          .filter(size -> size < 1)
          .map(size -> Problem.at("E140", "top", "top names " + size + " heads", "at least 1"))
          .toList();
    }
  }

  /** Which sets of heads there are. */
  enum Choice {
    SINGLE,
    TOP
  }
}
