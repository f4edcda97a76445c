package dev.emergence.spec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a model loses with some of its heads. */
@Kind(
    value = "head_ablation",
    doc =
        "Sets the output of heads to zero, one by one or several at once, and" + " measures again.")
public record HeadAblationSpec(
    @Key(doc = "Sweep or list of sweeps.") List<String> data,
    @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
    @Key(
            doc =
                "Moments whose parameters are read: a step, `last`, the name of a"
                    + " threshold, before_NAME, after_NAME. measurement.checkpoints_at must"
                    + " store them.",
            value = "last")
        List<String> at,
    @Key(doc = "Column that is measured: test.loss, test.accuracy.") String metric,
    @Inline StudySpec.HeadSets sets)
    implements StudySpec {
  @Override
  public Map<String, List<String>> moments() {
    return Map.of("at", at);
  }

  @Override
  public boolean changesHeads() {
    return true;
  }

  @Override
  public List<Problem> problems() {
    List<Problem> out = new ArrayList<>(sets.problems());
    if (at.isEmpty()) {
      out.add(Problem.at("E140", "at", "at names no moment", "such as at: last"));
    }
    Set<String> seen = new HashSet<>();
    for (String moment : at) {
      if (!seen.add(moment)) {
        // Its rows would be there twice, and the best head would come second, too.
        out.add(Problem.at("E140", "at", "at names the moment '" + moment + "' twice", ""));
      }
    }
    return out;
  }
}
