package dev.emergence.analysis;

import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.StoredRun;
import dev.emergence.result.StudyFolder;
import dev.emergence.result.StudyFolder.Question;
import dev.emergence.spec.StudySpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables of an experiment's studies, read from a results folder. */
public final class StudyTables {
  private static final String NOT_STUDIED = "the run is not studied yet";

  private StudyTables() {}

  /** Tables by the studies' names, in the order of the file; of what has been studied so far. */
  public static Map<String, StudyTable> of(Analysis analysis, ResultsFolder folder) {
    Map<String, StudyTable> out = new LinkedHashMap<>();
    analysis
        .experiment()
        .studies()
        .keySet()
        .forEach(name -> out.put(name, of(name, analysis, folder)));
    return out;
  }

  /** The table of a study of which nothing has been looked for. */
  static StudyTable none(String name, Plan plan) {
    StudySpec spec = plan.experiment().studies().get(name);
    List<StudyTable.Lack> lacks =
        plan.studied(spec).stream()
            .map(run -> new StudyTable.Lack(run, NOT_STUDIED, true))
            .toList();
    return new StudyTable(name, spec, List.of(), lacks);
  }

  /** The table of one study. */
  static StudyTable of(String name, Analysis analysis, ResultsFolder folder) {
    StudySpec spec = analysis.experiment().studies().get(name);
    List<StudyTable.Row> rows = new ArrayList<>();
    List<StudyTable.Lack> lacks = new ArrayList<>();
    for (Assignment run : analysis.plan().studied(spec)) {
      // One that is shorter than its condition asks goes on first.
      Optional<StoredRun> stored = Optional.ofNullable(analysis.stored().get(run.run()));
      boolean finished = Observation.of(run, stored).stored().isPresent();
      Optional<StudyFolder.Part> part =
          finished
              ? folder.study(name).read(Question.of(spec, folder.run(run.run()), run))
              : Optional.empty();
      String reason =
          part.map(StudyFolder.Part::missing)
              .orElse(finished ? NOT_STUDIED : "the run is not finished");
      part.map(StudyFolder.Part::rows)
          .orElse(List.of())
          .forEach(values -> rows.add(new StudyTable.Row(run, values)));
      if (!reason.isEmpty()) {
        lacks.add(new StudyTable.Lack(run, reason, part.isEmpty()));
      }
    }
    return new StudyTable(name, spec, List.copyOf(rows), List.copyOf(lacks));
  }
}
