package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Claims;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs of one shape that are ours, each until it has ended or this is closed. Not thread-safe. */
final class Job implements Supply, AutoCloseable {
  private final String shape;
  private final Source source;
  private final Map<String, Held> open = new LinkedHashMap<>();
  private int taken;
  private boolean dry;

  private record Held(PlannedRun run, Claims.Claim claim) {}

  /** Where runs come from. */
  interface Source {
    /** Claims runs of a shape that nobody else works on. */
    Map<PlannedRun, Claims.Claim> claim(String shape, int most) throws IOException;
  }

  /**
   * Without runs.
   *
   * @param shape of its runs, by {@link dev.emergence.plan.Cohort#digest}
   */
  Job(String shape, Source source) {
    this.shape = shape;
    this.source = source;
  }

  void add(PlannedRun run, Claims.Claim claim) {
    open.put(run.id(), new Held(run, claim));
    taken++;
  }

  String shape() {
    return shape;
  }

  /** Those that have not ended, in the order in which they were taken. */
  List<PlannedRun> runs() {
    return open.values().stream().map(Held::run).toList();
  }

  /** How many were taken so far. */
  int taken() {
    return taken;
  }

  /** When there were none, it is not asked again before the next one has ended. */
  @Override
  public List<PlannedRun> more(int most) throws IOException {
    if (dry || most == 0) {
      return List.of();
    }
    Map<PlannedRun, Claims.Claim> more = source.claim(shape, most);
    more.forEach(this::add);
    dry = more.isEmpty();
    return List.copyOf(more.keySet());
  }

  @Override
  public void ended(PlannedRun run) throws IOException {
    open.remove(run.id()).claim().close();
    dry = false;
  }

  @Override
  public void close() throws IOException {
    for (Held held : open.values()) {
      held.claim().close();
    }
  }
}
