package dev.emergence.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Between which two stored checkpoints a level is crossed. */
@Kind(
    value = "localise",
    doc =
        "Finds by bisection the two neighbouring checkpoints between which a"
            + " level is crossed. A coarse look at all checkpoints comes first; it"
            + " also counts later crossings.")
public record LocaliseSpec(
    @Key(doc = "Sweep or list of sweeps.") List<String> data,
    @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
    @Key(doc = "Column that is measured: test.loss, test.accuracy.") String metric,
    @Key(doc = "Crossed once the metric is below this.", value = Key.ABSENT) Optional<Double> below,
    @Key(doc = "Crossed once the metric is above this.", value = Key.ABSENT) Optional<Double> above,
    @Key(
            doc =
                "Number of checkpoints in the coarse look, evenly spaced, both ends" + " included.",
            value = "9",
            min = 2,
            max = 100000)
        int coarse)
    implements StudySpec {
  @Override
  public Map<String, List<String>> moments() {
    return Map.of();
  }

  @Override
  public boolean changesHeads() {
    return false;
  }

  @Override
  public List<Problem> problems() {
    return below.isPresent() == above.isPresent()
        ? List.of(
            Problem.at("E140", "", "localise needs either below or above", "such as above: 0.95"))
        : List.of();
  }
}
