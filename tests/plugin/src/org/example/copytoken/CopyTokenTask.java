package org.example.copytoken;

import dev.emergence.task.Attends;
import dev.emergence.task.Level;
import dev.emergence.task.SequenceOut;
import dev.emergence.task.SequenceTask;
import dev.emergence.task.TaskKind;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import java.util.List;

/** Draws {@link CopyToken}: position p is bounded(p, V) of lane 0. */
public final class CopyTokenTask implements TaskKind<CopyToken> {
  @Override
  public Class<CopyToken> spec() {
    return CopyToken.class;
  }

  @Override
  public SequenceTask create(CopyToken spec, RandomStream stream) {
    return new Copies(spec, stream.lane(0, 0, 0).bounded(0, spec.length()));
  }

  private record Copies(CopyToken spec, int place) implements SequenceTask {
    @Override
    public void draw(RandomStream stream, int step, int n, SequenceOut out) {
      RandomLane lane = stream.lane(0, step, n);
      for (int p = 0; p < spec.length(); p++) {
        out.token(p, lane.bounded(p, spec.vocabulary()));
      }
      out.target(0, lane.bounded(place, spec.vocabulary()));
    }

    @Override
    public List<Attends> attends() {
      return List.of(new Attends("parents", new int[] {spec.length() - 1}, new int[][] {{place}}));
    }

    @Override
    public List<Level> levels(String testSet) {
      String guess = "any token";
      return List.of(
          new Level("oracle", "loss", 0, "looks at the place"),
          new Level("oracle", "accuracy", 1, "looks at the place"),
          new Level("blind", "loss", Math.log(spec.vocabulary()), guess),
          new Level("blind", "accuracy", 1.0 / spec.vocabulary(), guess));
    }
  }
}
