package dev.emergence.train;

import dev.emergence.model.Objective;
import dev.emergence.spec.Measure;
import dev.emergence.spec.Parts;
import dev.emergence.task.Batch;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A {@link Measure} that is computed from the predictions on a test set. One file, and one line in
 * the list of measures.
 */
@API(status = API.Status.EXPERIMENTAL)
public interface Probe extends Measure {

  /** Makes the measure of one test set; called only where it has columns. */
  Bound bind(Place place);

  /**
   * A test set of a cohort.
   *
   * @param scope owner of a measure's buffers
   * @param parts the configuration, as far as all replicas have it in common
   * @param testSet its name
   * @param sequences sequences of a part, N
   * @param batch a part, once drawn
   * @param objective losses of the part's predictions
   * @param attention of each layer, on the test set whose attention is recorded; else none
   */
  record Place(
      Backend backend,
      Scope scope,
      Parts parts,
      String testSet,
      int sequences,
      Batch batch,
      Objective objective,
      List<Attention> attention) {

    /** A place where attention is not looked at. */
    public Place(
        Backend backend,
        Scope scope,
        Parts parts,
        String testSet,
        int sequences,
        Batch batch,
        Objective objective) {
      this(backend, scope, parts, testSet, sequences, batch, objective, List.of());
    }
  }

  /** A measure of one test set. */
  interface Bound {

    /** Operations after the losses of a part, recorded with them; none by default. */
    default void compute() {}

    /**
     * Adds the numbers of the part at hand to its columns.
     *
     * @param used sequences of the part that count, the first of them
     */
    void add(Means means, int used);

    /** Once all parts were added: what follows from other columns; nothing by default. */
    default void finish(Means means) {}
  }
}
