package dev.emergence.result;

import dev.emergence.plan.Assignment;
import dev.emergence.plan.CanonicalJson;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.RunId;
import dev.emergence.plan.SpecTree;
import dev.emergence.spec.ExperimentSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the files of a results folder say about what is to be done in it. */
final class PlanFiles {
  static final String EXPERIMENT = "experiment.yaml";
  static final String GIVEN = "given.yaml";
  static final String PLAN = "plan.jsonl";
  static final String RUNS = "runs";

  /** 100,000 conditions, the most without being asked, take less than a sixth of this. */
  static final long LARGEST = 4 * Json.LARGEST;

  private PlanFiles() {}

  /** A text that is equal for experiments that ask the same, however the work is carried out. */
  static String question(ExperimentSpec experiment) {
    Map<String, Object> tree = new LinkedHashMap<>(SpecTree.of(experiment));
    tree.remove("execution");
    return CanonicalJson.of(tree);
  }

  /** A line for each run, with the conditions that it answers. */
  static Disk.Content lines(Plan plan) {
    Map<String, List<Object>> answers = new LinkedHashMap<>();
    for (Assignment a : plan.assignments()) {
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("sweep", a.condition().sweep());
      answer.put("condition", a.index());
      answer.put("seed", a.seed());
      answer.put("values", a.condition().values());
      answers.computeIfAbsent(a.run(), id -> new ArrayList<>()).add(answer);
    }
    StringBuilder out = new StringBuilder();
    for (PlannedRun run : plan.runs()) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("run", run.id());
      line.put("expected_steps", run.cost().expectedSteps());
      line.put("worst_steps", run.cost().worstSteps());
      line.put("answers", answers.get(run.id()));
      out.append(Json.line(line)).append('\n');
    }
    return RunFiles.text(out.toString());
  }

  /** The runs that a folder's plan asks for; none where it cannot be read. */
  static Set<String> planned(Path root) {
    Set<String> out = new LinkedHashSet<>();
    try {
      String text = new String(Json.bytes(root.resolve(PLAN), LARGEST), StandardCharsets.UTF_8);
      for (String line : text.split("\n")) {
        Object run = Json.read(line, PLAN).get("run");
        if (run != null && RunId.isId(run.toString())) {
          out.add(run.toString());
        }
      }
      return out;
    } catch (Damaged e) {
      return Set.of();
    }
  }
}
