package dev.emergence.cli;

import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.Numeral;
import dev.emergence.spec.PluginFailure;
import dev.emergence.spec.RunConfig;
import dev.emergence.task.Replica;
import dev.emergence.tensor.Backend;
import dev.emergence.train.Scored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Test sets of prompts that ask for nothing: a few sequences need not hold what they would ask for.
 * Nothing is measured on them, whatever is learned. Known before training, since a test set follows
 * from the seed.
 */
final class NothingScored {
  /** Test sets that are drawn, each up to the first target that is scored. */
  private static final int MOST = 256;

  private final Backend backend;
  private final Map<Object, Boolean> known = new HashMap<>();
  private final Map<Asked, Count> counts = new LinkedHashMap<>();

  /** A test set by its name and number of sequences. */
  private record Asked(String name, int samples) {}

  /** Runs with such a test set, those whose set was drawn, and those in which it is empty. */
  private static final class Count {
    private int runs;
    private int drawn;
    private int empty;

    private String text() {
      String among = drawn < runs ? "the first " + drawn + " of " : "";
      return empty + " of " + among + Numeral.count(runs, "run");
    }
  }

  private NothingScored(Backend backend) {
    this.backend = backend;
  }

  /** A sentence for each test set of prompts that asks for nothing in some runs. */
  static List<String> warnings(Plan plan) {
    try (Backend backend = new ReferenceBackend()) {
      NothingScored out = new NothingScored(backend);
      plan.runs().forEach(out::look);
      return out.sentences();
    }
  }

  private void look(PlannedRun planned) {
    RunConfig config = planned.run().config();
    int samples = config.measurement().evaluateSamples();
    config
        .measurement()
        .testSets()
        .forEach(
            (name, set) -> {
              Object decides =
                  List.of(config.task(), config.streams(), planned.run().seed(), samples, set);
              if (set.prompts().isEmpty()) {
                return;
              }
              Count count = counts.computeIfAbsent(new Asked(name, samples), s -> new Count());
              count.runs++;
              if (known.size() < MOST || known.containsKey(decides)) {
                boolean any = known.computeIfAbsent(decides, d -> isAny(planned, name));
                count.drawn++;
                count.empty += any ? 0 : 1;
              }
            });
  }

  private boolean isAny(PlannedRun planned, String set) {
    try {
      return Scored.isAny(backend, new Replica(planned.run().config(), planned.run().seed()), set);
    } catch (PluginFailure e) {
      return true; // The run says so where it is trained.
    }
  }

  private List<String> sentences() {
    List<String> out = new ArrayList<>();
    counts.forEach(
        (set, count) -> {
          if (count.empty > 0) {
            out.add(
                "warning: test set "
                    + set.name()
                    + " asks for nothing in "
                    + count.text()
                    + ": none of its "
                    + Numeral.count(set.samples(), "sequence")
                    + " holds a prompt, so that its metrics have no number; use more"
                    + " evaluate_samples");
          }
        });
    return out;
  }
}
