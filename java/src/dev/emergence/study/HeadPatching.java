package dev.emergence.study;

import dev.emergence.result.Damaged;
import dev.emergence.spec.HeadPatchingSpec;
import dev.emergence.spec.HeadPatchingSpec.Direction;
import dev.emergence.train.HeadChange;
import dev.emergence.train.HeadChange.How;
import dev.emergence.train.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Heads of one model that attend as those of another do: its own values, output weights and MLPs
 * stay (Baherwani et al. 2026, section 2.2). Those are most effective that bring the metric
 * furthest toward the other model's.
 */
final class HeadPatching implements Study {
  private final HeadPatchingSpec spec;

  HeadPatching(HeadPatchingSpec spec) {
    this.spec = spec;
  }

  @Override
  public List<String> columns() {
    List<String> out =
        new ArrayList<>(
            List.of("direction", "from", "from_step", "into", "into_step", "unchanged", "other"));
    out.addAll(HeadEffects.COLUMNS);
    out.add("recovered");
    return out;
  }

  @Override
  public Found rows(StudiedRun run) throws NoMoment, Damaged {
    List<Map<String, Object>> rows = new ArrayList<>();
    if (spec.direction() != Direction.REVERSE) {
      patch(run, "forward", spec.from(), spec.into(), rows);
    }
    if (spec.direction() != Direction.FORWARD) {
      patch(run, "reverse", spec.into(), spec.from(), rows);
    }
    return Found.all(rows);
  }

  private void patch(
      StudiedRun run, String direction, String from, String into, List<Map<String, Object>> to)
      throws NoMoment, Damaged {
    long donor = run.step(from);
    long receiver = run.step(into);
    double other = run.measured(spec.metric(), donor);
    try (Subject subject = run.subject(spec.metric(), receiver, donor)) {
      double gap = other - subject.measure(List.of(HeadChange.NONE))[0];
      HeadEffects.Found found =
          HeadEffects.of(subject, How.REPLACE, spec.sets(), HeadEffects.toward(gap));
      for (HeadEffects.Effect effect : found.effects()) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("direction", direction);
        row.put("from", from);
        row.put("from_step", donor);
        row.put("into", into);
        row.put("into_step", receiver);
        row.put("unchanged", found.unchanged());
        row.put("other", other);
        row.putAll(effect.row());
        row.put("recovered", gap == 0 ? null : effect.effect() / gap);
        to.add(row);
      }
    }
  }
}
