package dev.emergence.study;

import dev.emergence.result.Damaged;
import dev.emergence.spec.HeadAblationSpec;
import dev.emergence.train.HeadChange.How;
import dev.emergence.train.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Heads whose output is made zero. Those are most effective that change the metric most. */
final class HeadAblation implements Study {
  private final HeadAblationSpec spec;

  HeadAblation(HeadAblationSpec spec) {
    this.spec = spec;
  }

  @Override
  public List<String> columns() {
    List<String> out = new ArrayList<>(List.of("at", "step", "unchanged"));
    out.addAll(HeadEffects.COLUMNS);
    return out;
  }

  @Override
  public Found rows(StudiedRun run) throws NoMoment, Damaged {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<String> lacking = new ArrayList<>();
    for (String at : spec.at()) {
      try {
        add(run, at, rows);
      } catch (NoMoment e) {
        // A run that never crossed one threshold still has its other moments.
        lacking.add(spec.at().size() == 1 ? e.getMessage() : "at " + at + ": " + e.getMessage());
      }
    }
    return new Found(rows, String.join("; ", lacking));
  }

  private void add(StudiedRun run, String at, List<Map<String, Object>> to)
      throws NoMoment, Damaged {
    long step = run.step(at);
    try (Subject subject = run.subject(spec.metric(), step)) {
      HeadEffects.Found found = HeadEffects.of(subject, How.ZERO, spec.sets(), Math::abs);
      for (HeadEffects.Effect effect : found.effects()) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("at", at);
        row.put("step", step);
        row.put("unchanged", found.unchanged());
        row.putAll(effect.row());
        to.add(row);
      }
    }
  }
}
