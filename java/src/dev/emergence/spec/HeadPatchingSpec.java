package dev.emergence.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What attention patterns of one moment do to the model of another. */
@Kind(
    value = "head_patching",
    doc =
        "Takes the attention patterns of one moment of a training, puts them"
            + " into the model of another moment, for heads one by one or several at"
            + " once, and measures again.")
public record HeadPatchingSpec(
    @Key(doc = "Sweep or list of sweeps.") List<String> data,
    @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
    @Key(
            doc =
                "Moment whose attention patterns are taken: a step, `last`, the name of"
                    + " a threshold, before_NAME, after_NAME.")
        String from,
    @Key(doc = "Moment whose model receives them.") String into,
    @Key(
            doc =
                "forward: patterns of `from` into the model of `into`; reverse: the"
                    + " other way; both: one after the other.",
            value = "both")
        Direction direction,
    @Key(doc = "Column that is measured: test.loss, test.accuracy.") String metric,
    @Inline StudySpec.HeadSets sets)
    implements StudySpec {
  /** Which model takes patterns. */
  public enum Direction {
    FORWARD,
    REVERSE,
    BOTH
  }

  @Override
  public Map<String, List<String>> moments() {
    Map<String, List<String>> out = new LinkedHashMap<>();
    out.put("from", List.of(from));
    out.put("into", List.of(into));
    return out;
  }

  @Override
  public boolean changesHeads() {
    return true;
  }

  @Override
  public List<Problem> problems() {
    return sets.problems();
  }
}
