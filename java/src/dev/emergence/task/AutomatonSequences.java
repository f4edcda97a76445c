package dev.emergence.task;

import dev.emergence.spec.CellularAutomaton;
import dev.emergence.spec.CellularAutomaton.Boundary;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Data of {@link CellularAutomaton}. Entry e of rule r of the pool is bounded(e, C) of lane 0 of
 * sample r of the task's stream. In a sequence cell j of x0 is bounded(j, C) of lane 0; the rule is
 * number bounded(0, N) of lane 1, or, when fresh, its entries are bounded(e, C) of lane 2.
 */
final class AutomatonSequences implements SequenceTask {
  private static final int STATE = 0;
  private static final int RULE = 1;
  private static final int TABLE = 2;

  private final CellularAutomaton spec;
  private final List<AutomatonRule> pool;

  AutomatonSequences(CellularAutomaton spec, List<AutomatonRule> pool) {
    this.spec = spec;
    this.pool = List.copyOf(pool);
  }

  static AutomatonSequences of(CellularAutomaton spec, RandomStream task) {
    int count = spec.rules().orElse(0);
    return new AutomatonSequences(
        spec, IntStream.range(0, count).mapToObj(r -> rule(spec, task.lane(0, 0, r))).toList());
  }

  private static AutomatonRule rule(CellularAutomaton spec, RandomLane lane) {
    byte[] table = new byte[AutomatonRule.entries(spec.colours(), spec.ruleWidth())];
    for (int e = 0; e < table.length; e++) {
      table[e] = (byte) lane.bounded(e, spec.colours());
    }
    return new AutomatonRule(spec.colours(), spec.ruleWidth(), table);
  }

  /** The rules of the run; none when they are fresh. */
  List<AutomatonRule> pool() {
    return pool;
  }

  @Override
  public void draw(RandomStream stream, int step, int n, SequenceOut out) {
    int[] x = trajectory(rule(stream, step, n), stream.lane(STATE, step, n));
    for (int p = 0; p < x.length; p++) {
      out.token(p, x[p]);
    }
    out.predictNext(x);
  }

  /** The rule of a sequence. */
  AutomatonRule rule(RandomStream stream, int step, int n) {
    return pool.isEmpty()
        ? rule(spec, stream.lane(TABLE, step, n))
        : pool.get(stream.lane(RULE, step, n).bounded(0, pool.size()));
  }

  private int[] trajectory(AutomatonRule rule, RandomLane lane) {
    int cells = spec.cells();
    int[] x = new int[spec.length()];
    for (int j = 0; j < cells; j++) {
      x[j] = lane.bounded(j, spec.colours());
    }
    int[] between = new int[2 * cells];
    for (int at = cells; at < x.length; at += cells) {
      System.arraycopy(x, at - cells, between, 0, cells);
      for (int a = 0; a < spec.applications(); a++) {
        rule.apply(between, 0, cells, cells, spec.boundary());
        System.arraycopy(between, cells, between, 0, cells);
      }
      System.arraycopy(between, 0, x, at, cells);
    }
    return x;
  }

  @Override
  public List<Attends> attends() {
    int cells = spec.cells();
    int count = cells * (spec.states() - 1);
    int[] queries = new int[count];
    int[][] keys = new int[count][];
    for (int e = 0; e < count; e++) {
      queries[e] = cells - 1 + e;
      int before = e / cells * cells;
      keys[e] = neighbours(e % cells).map(j -> before + j).toArray();
    }
    return List.of(new Attends("parents", queries, keys));
  }

  /** The cells of a state that cell i of the next one depends on, rising. */
  private IntStream neighbours(int i) {
    int cells = spec.cells();
    IntStream all = IntStream.rangeClosed(i - spec.reach(), i + spec.reach());
    return spec.boundary() == Boundary.ZERO
        ? all.filter(j -> j >= 0 && j < cells)
        : all.map(j -> Math.floorMod(j, cells)).distinct().sorted();
  }

  @Override
  public List<Level> levels(String testSet) {
    double colour = Math.log(spec.colours());
    List<Level> levels = new ArrayList<>(new AutomatonOracles(spec, this).levels());
    levels.add(new Level("blind", "loss", colour, "all colours equally likely"));
    levels.add(new Level("blind", "accuracy", 1.0 / spec.colours(), "any colour"));
    return List.copyOf(levels);
  }

  /** Trajectories for estimates, from a stream that no run draws from. */
  int[][] examples(int count) {
    RandomStream stream = LevelEstimates.stream();
    return IntStream.range(0, count)
        .mapToObj(n -> trajectory(rule(stream, 0, n), stream.lane(STATE, 0, n)))
        .toArray(int[][]::new);
  }
}
