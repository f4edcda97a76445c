package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.result.LiveRows;
import dev.emergence.result.Picture;
import dev.emergence.train.AttentionPicture;
import dev.emergence.train.Training;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The attention patterns of one run while it is trained: which are due, and those that are kept.
 */
final class RunPictures {
  private final PicturePolicy policy;
  private final FilmPolicy film;
  private final LiveRows live;
  private final Supplier<Curve> curve;
  private final List<Picture> kept;

  /**
   * Goes on with what was kept before.
   *
   * @param before patterns of the checkpoint that the run starts from
   * @param curve what is measured so far; asked for when it is needed
   */
  RunPictures(PlannedRun planned, List<Picture> before, LiveRows live, Supplier<Curve> curve) {
    this.policy = new PicturePolicy(planned.demands());
    this.film = film(planned);
    this.live = live;
    this.curve = curve;
    this.kept = new ArrayList<>(before);
    // The end moves on with a run that is continued.
    kept.removeIf(p -> p.label().equals(PicturePolicy.LAST));
  }

  private static FilmPolicy film(PlannedRun planned) {
    return new FilmPolicy(planned.demands(), planned.run().config().measurement().evaluateEvery());
  }

  /** Whether a run that stands at {@code step} lacks a pattern that it can no longer take. */
  static boolean missed(PlannedRun planned, long step, Curve curve, List<Picture> have) {
    return new PicturePolicy(planned.demands()).missed(step, curve, have)
        || film(planned).missed(step, have);
  }

  /** All that are kept so far. */
  List<Picture> kept() {
    return Collections.unmodifiableList(kept);
  }

  /** The next step at which patterns are to be taken; the largest number when there is none. */
  long next(long step) {
    Long next = policy.steps().higher(step);
    return next == null ? Long.MAX_VALUE : next;
  }

  /**
   * Takes the patterns that are due.
   *
   * @param atEnd whether the run ends at this step
   * @param replica of the run in the training
   */
  void take(long step, boolean atEnd, Training training, int replica) {
    for (String label : due(step, atEnd)) {
      keepTruth(training, replica);
      for (AttentionPicture p : training.pictures(replica)) {
        kept.add(new Picture(label, step, p.layer(), p.head(), p.probabilities()));
      }
      live.picturesTaken();
    }
    if (film.wants(step, kept)) {
      keepTruth(training, replica);
      takeFrame(step, training.pictures(replica));
    }
  }

  private Set<String> due(long step, boolean atEnd) {
    Set<String> due = policy.due(step, curve.get(), kept);
    if (atEnd && policy.last()) {
      due.add(PicturePolicy.LAST);
    }
    return due;
  }

  /** Keeps the truth about the sequence that is pictured, where it is known and not kept yet. */
  private void keepTruth(Training training, int replica) {
    if (kept.stream().noneMatch(Picture::isTruth)) {
      double[][] known = training.trueKeys(replica);
      if (known.length > 0) {
        kept.add(Picture.truth(known));
      }
    }
  }

  private void takeFrame(long step, List<AttentionPicture> patterns) {
    for (AttentionPicture p : patterns) {
      double[][] pooled = FilmPolicy.pooled(p.probabilities());
      kept.add(new Picture(FilmPolicy.LABEL, step, p.layer(), p.head(), pooled));
      if (pooled != p.probabilities()) {
        double[][] last = {p.probabilities()[p.probabilities().length - 1]};
        kept.add(new Picture(FilmPolicy.ROW, step, p.layer(), p.head(), last));
      }
    }
    live.picturesTaken();
    film.thin(kept, curve);
  }
}
