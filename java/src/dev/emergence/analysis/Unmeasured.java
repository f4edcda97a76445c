package dev.emergence.analysis;

import dev.emergence.spec.Numeral;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Test sets in which nothing is scored, such as a few prompts of which no sequence asks one, and
 * other metrics of thresholds without a number. Their thresholds are not passed, whatever is
 * learned.
 */
final class Unmeasured {
  /** A family may have a threshold for each of many rows. */
  private static final int MOST = 4;

  /** What has no number: a test set with the number of its sequences, or, with 0, a metric. */
  private record Subject(String name, int samples) {
    boolean covers(String metric) {
      return samples == 0 ? name.equals(metric) : metric.startsWith(name + ".");
    }
  }

  private final Map<Subject, Integer> runs = new LinkedHashMap<>();
  private final Map<Subject, Set<String>> thresholds = new LinkedHashMap<>();

  private Unmeasured() {}

  /** A sentence for each test set and metric, the first ones of very many. */
  static List<String> notes(List<Observation> runs) {
    Unmeasured all = new Unmeasured();
    runs.forEach(all::add);
    List<String> out = new ArrayList<>();
    all.runs.keySet().forEach(subject -> out.add(all.sentence(subject, runs.size())));
    if (out.size() <= MOST) {
      return out;
    }
    List<String> some = new ArrayList<>(out.subList(0, MOST));
    some.add((out.size() - MOST) + " more metrics of thresholds have no number");
    return some;
  }

  private void add(Observation run) {
    Set<Subject> found = new LinkedHashSet<>();
    for (String set : run.config().measurement().testSets().keySet()) {
      if (run.isUnmeasured(set + ".loss")) {
        found.add(new Subject(set, run.config().measurement().evaluateSamples()));
      }
    }
    run.thresholds()
        .forEach(
            (name, level) -> {
              if (run.isUnmeasured(level.metric())) {
                String metric = level.metric();
                Subject subject =
                    found.stream()
                        .filter(s -> s.covers(metric))
                        .findFirst()
                        .orElse(new Subject(metric, 0));
                found.add(subject);
                thresholds.computeIfAbsent(subject, any -> new LinkedHashSet<>()).add(name);
              }
            });
    found.forEach(subject -> runs.merge(subject, 1, Integer::sum));
  }

  private String sentence(Subject subject, int all) {
    String where = " in " + runs.get(subject) + " of " + Numeral.count(all, "run");
    Set<String> names = thresholds.getOrDefault(subject, Set.of());
    String passed =
        names.isEmpty()
            ? ""
            : ", and "
                + String.join(", ", names)
                + (names.size() == 1 ? " is" : " are")
                + " never passed there";
    return subject.samples() == 0
        ? subject.name() + " has no number" + where + passed
        : "nothing is scored in the test set "
            + subject.name()
            + where
            + ": its metrics have no number"
            + passed
            + "; with more evaluate_samples than "
            + subject.samples()
            + " it may hold something";
  }
}
