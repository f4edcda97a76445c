package dev.emergence.hub;

import dev.emergence.train.HeadChange;
import dev.emergence.train.Subject;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A public checkpoint as studies see it: one measure of one prompt set, under changes of heads. */
public final class HubSubject implements Subject {
  private final HubModel model;
  private final String set;
  private final Answer.Measure measure;
  private final Map<HeadChange, double[]> measured = new HashMap<>();

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
    return changes.stream().mapToDouble(this::measure).toArray();
  }

  private double measure(HeadChange change) {
    List<Answer> answers = model.answers(set, change);
    measured.put(
        change, answers.stream().mapToDouble(answer -> measure.of(List.of(answer))).toArray());
    return measure.of(answers);
  }

  /**
   * What a change does to each prompt: the number under it less that of the model as it is, NaN for
   * prompts that have none.
   *
   * @throws IllegalStateException when one of the two was not measured
   */
  public double[] differences(HeadChange change) {
    double[] changed = measured.get(change);
    double[] plain = measured.get(HeadChange.NONE);
    if (changed == null || plain == null) {
      throw new IllegalStateException("not measured: " + change);
    }
    double[] out = new double[plain.length];
    Arrays.setAll(out, n -> changed[n] - plain[n]);
    return out;
  }

  @Override
  public void close() {
    // The model stays its owner's.
  }
}
