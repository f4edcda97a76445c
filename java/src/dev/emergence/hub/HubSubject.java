package dev.emergence.hub;

import dev.emergence.train.HeadChange;
import dev.emergence.train.Subject;
import java.util.List;

/** A public checkpoint as studies see it: one measure of one prompt set, under changes of heads. */
final class HubSubject implements Subject {
  private final HubModel model;
  private final String set;
  private final Answer.Measure measure;

  /**
   * @param model with weights in place, and with another's patterns where heads are replaced; stays
   *     the caller's
   */
  HubSubject(HubModel model, String set, Answer.Measure measure) {
    this.model = model;
    this.set = set;
    this.measure = measure;
  }

  @Override
  public int layers() {
    return model.config().layers();
  }

  @Override
  public int heads() {
    return model.config().heads();
  }

  @Override
  public double[] measure(List<HeadChange> changes) {
    return changes.stream().mapToDouble(c -> measure.of(model.answers(set, c))).toArray();
  }

  @Override
  public void close() {
    // The model stays its owner's.
  }
}
