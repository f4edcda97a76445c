package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.result.Damaged;
import dev.emergence.result.LiveRows;
import dev.emergence.result.Outcome;
import dev.emergence.result.Picture;
import dev.emergence.result.Provenance;
import dev.emergence.result.RunFolder;
import dev.emergence.result.RunRecord;
import dev.emergence.result.Safetensors;
import dev.emergence.tensor.ShapedArray;
import dev.emergence.train.Snapshot;
import dev.emergence.train.Start;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One run of a cohort while it is trained: where it started, what has been measured, and how far it
 * must go.
 */
final class Member {
  private final PlannedRun planned;
  private final RunFolder folder;
  private final Site site;
  private final int attempt;
  private final StopPolicy policy;
  private final WeightsPolicy weightsPolicy;
  private final LiveRows live;
  private final RunPictures pictures;
  private final double secondsBefore;
  private Instant began = Instant.now();
  private OptionalLong clock = OptionalLong.empty();
  private Optional<Checkpoint> start;
  private Optional<Rows> rows = Optional.empty();
  private long target;

  private Member(
      PlannedRun planned, RunFolder folder, Site site, int attempt, Optional<Checkpoint> start) {
    this.planned = planned;
    this.folder = folder;
    this.site = site;
    this.attempt = attempt;
    this.policy =
        new StopPolicy(planned.demands(), planned.run().config().measurement().evaluateEvery());
    this.weightsPolicy = new WeightsPolicy(planned);
    this.live = folder.liveRows();
    List<Picture> before = start.map(Checkpoint::pictures).orElse(List.of());
    this.pictures = new RunPictures(planned, before, live, this::curve);
    this.start = start;
    this.secondsBefore = start.map(Checkpoint::seconds).orElse(0.0);
    this.target = start.map(c -> policy.target(c.curve())).orElse(Long.MAX_VALUE);
  }

  /** Opens a run where it was left: at its last whole checkpoint, or at the beginning. */
  static Member open(PlannedRun planned, Site site, int attempt) throws IOException {
    RunFolder folder = site.results().run(planned.id());
    folder.recover();
    folder.begin();
    Optional<Checkpoint> start =
        further(
            usable(planned, folder, folder.progress()), usable(planned, folder, finished(folder)));
    Member member = new Member(planned, folder, site, attempt, start);
    site.progress().started(planned, member.step());
    return member;
  }

  private static Optional<Checkpoint> further(Optional<Checkpoint> a, Optional<Checkpoint> b) {
    return Stream.of(a, b)
        .flatMap(Optional::stream)
        .max(Comparator.comparingLong(c -> c.snapshot().step()));
  }

  private static Optional<Safetensors> finished(RunFolder folder) {
    try {
      return folder.checkpoint();
    } catch (Damaged e) {
      return Optional.empty();
    }
  }

  private static Optional<Checkpoint> usable(
      PlannedRun planned, RunFolder folder, Optional<Safetensors> file) {
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      Checkpoint found = Checkpoint.of(file.get(), planned.id());
      long step = found.snapshot().step();
      boolean missed =
          RunPictures.missed(planned, step, found.curve(), found.pictures())
              || new WeightsPolicy(planned).missed(step, found.curve(), folder.weights());
      return missed ? Optional.empty() : Optional.of(found);
    } catch (Damaged e) {
      return Optional.empty();
    }
  }

  PlannedRun planned() {
    return planned;
  }

  /** Where it stands before training: 0, or its checkpoint's step. */
  long step() {
    return start.map(c -> c.snapshot().step()).orElse(0L);
  }

  /** How it enters a training. */
  Start start() {
    return new Start(planned.run().config(), planned.run().seed(), start.map(Checkpoint::snapshot));
  }

  /** Its time counts from now on: it is about to enter a training. */
  void begin() {
    if (clock.isEmpty()) {
      began = Instant.now();
      clock = OptionalLong.of(System.nanoTime());
    }
  }

  /**
   * It has entered a training. What was measured before is taken over, and the snapshot it came
   * from is forgotten.
   *
   * @param columns that are measured
   */
  void entered(List<String> columns) {
    if (rows.isEmpty()) {
      rows = Optional.of(new Rows(columns));
      start.ifPresent(c -> rows.get().restore(c.curve()));
      live.restart(curve());
    }
    start = Optional.empty();
  }

  /** It waits for a place. */
  void waits() {
    site.progress().at(planned, step(), target);
  }

  /** Adds a measured row, unless the step was measured before. */
  void measured(long step, double[] row) {
    if (!rows.orElseThrow().has(step)) {
      rows.get().add(step, row);
      live.add(rows.get().columns(), step, row);
      site.progress().measured(planned, step, Rows.byColumn(rows.get().columns(), row));
    }
    target = policy.target(curve());
    reached(step);
  }

  /** Whether the step has been measured. */
  boolean has(long step) {
    return rows.orElseThrow().has(step);
  }

  Curve curve() {
    return rows.map(Rows::curve).orElse(new Curve(List.of(), new double[0], new double[0][]));
  }

  /** Tells how far it has come. */
  void reached(long step) {
    site.progress().at(planned, step, target);
    live.writeIfDue(pictures.kept());
  }

  /** Whether nobody wants more steps. */
  boolean done(long step) {
    return step >= target;
  }

  int evaluateEvery() {
    return planned.run().config().measurement().evaluateEvery();
  }

  /** The next step at which it wants to be looked at. */
  long next(long step) {
    long evaluation = (step / evaluateEvery() + 1) * evaluateEvery();
    long kept = Math.min(weightsPolicy.next(step), pictures.next(step));
    return Math.min(Math.min(evaluation, target), kept);
  }

  /** Its attention patterns. */
  RunPictures pictures() {
    return pictures;
  }

  /** Whether the parameters at a step are to be kept. */
  boolean keepsWeights(long step, boolean atEnd) {
    return weightsPolicy.due(step, curve(), atEnd);
  }

  /** Keeps the parameters at a step, on disk. */
  void keepWeights(long step, Map<String, ShapedArray> parameters) throws IOException {
    site.results().requireSpace(planned.cost().checkpointBytes());
    folder.weights().save(step, Checkpoint.parameters(planned.id(), step, parameters));
  }

  /** Makes the snapshot the place to go on from. */
  void pause(Snapshot snapshot) {
    start = Optional.of(checkpoint(snapshot));
  }

  /** Makes the snapshot the place to go on from, should this process end: keeps it on disk. */
  void save(Snapshot snapshot) throws IOException {
    site.results().requireSpace(planned.cost().checkpointBytes());
    folder.saveProgress(checkpoint(snapshot).file(planned.id()));
    live.write(pictures.kept());
  }

  private Checkpoint checkpoint(Snapshot snapshot) {
    return new Checkpoint(snapshot, curve(), List.copyOf(pictures.kept()), seconds());
  }

  /**
   * Stores the run as trained to its end.
   *
   * @param snapshot of that step; asked for if it is kept
   */
  void complete(long step, Supplier<Snapshot> snapshot) throws IOException {
    store(
        new Outcome(Outcome.State.COMPLETE, step, "", attempt, seconds()),
        isKept() ? Optional.of(checkpoint(snapshot.get()).file(planned.id())) : Optional.empty());
  }

  private boolean isKept() {
    return switch (site.spec().keep()) {
      case ALL -> true;
      case UNREACHED -> policy.endsAtLimit(curve());
      case NONE -> false;
    };
  }

  /** Stores the run as diverged at a step, whenever that was noticed; nothing continues it. */
  void diverged(long step, String reason) throws IOException {
    store(new Outcome(Outcome.State.DIVERGED, step, reason, attempt, seconds()), Optional.empty());
  }

  private void store(Outcome outcome, Optional<Safetensors> checkpoint) throws IOException {
    site.results().requireSpace(planned.cost().checkpointBytes());
    site.store(
        folder,
        planned,
        new RunRecord(
            planned.run(),
            outcome,
            curve(),
            checkpoint,
            pictures.kept(),
            weights((long) outcome.lastStep(), outcome.state() == Outcome.State.COMPLETE),
            Provenance.of(site.device(), began)));
  }

  private List<Long> weights(long end, boolean complete) {
    Set<Long> kept = weightsPolicy.wanted(end, curve(), complete);
    kept.retainAll(folder.weights().stepsSoFar());
    return List.copyOf(kept);
  }

  /** Since it entered a training, waiting for a place left out, and before this start. */
  private double seconds() {
    return secondsBefore + clock.stream().mapToDouble(at -> (System.nanoTime() - at) / 1e9).sum();
  }
}
