package dev.emergence.train;

import dev.emergence.model.Network;
import dev.emergence.model.Objective;
import dev.emergence.spec.Measure;
import dev.emergence.spec.Parts;
import dev.emergence.spec.PluginFailure;
import dev.emergence.task.Batch;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A {@link Measure} that is computed from the predictions on a test set. A probe is one class, and
 * its name is one line in the list of measures, {@code
 * META-INF/services/dev.emergence.spec.Measure}.
 */
@API(status = API.Status.EXPERIMENTAL)
public interface Probe extends Measure {

  /** Prepares the measure for one test set. Called only if the measure has columns there. */
  Bound bind(Place place);

  /**
   * The measure, prepared for one test set; a plug-in that fails is named.
   *
   * @param own its columns there
   */
  static Bound bound(Probe probe, Place place, List<String> own) {
    Bound bound = PluginFailure.orResult(probe.getClass(), "bind", () -> probe.bind(place));
    return PluginFailure.isPlugin(probe.getClass()) ? new PluginBound(bound, own) : bound;
  }

  /**
   * A test set of a cohort (R runs that are computed together). A test set is evaluated in parts of
   * N sequences.
   *
   * @param scope owns the memory of the measure
   * @param parts the configuration, as far as all runs of the cohort have it in common
   * @param testSet name of the test set
   * @param sequences number of sequences in a part, N
   * @param batch the data of a part, once it is drawn
   * @param objective the losses of the predictions of a part
   * @param attention the attention of each layer, if it is recorded on this test set; else empty
   * @param hidden the hidden states from which a part is predicted, as {@link Network#hidden}
   */
  record Place(
      Backend backend,
      Scope scope,
      Parts parts,
      String testSet,
      int sequences,
      Batch batch,
      Objective objective,
      List<Attention> attention,
      Optional<Tensor> hidden) {

    /** A test set whose attention is not recorded, of a model without hidden states. */
    public Place(
        Backend backend,
        Scope scope,
        Parts parts,
        String testSet,
        int sequences,
        Batch batch,
        Objective objective) {
      this(
          backend, scope, parts, testSet, sequences, batch, objective, List.of(), Optional.empty());
    }
  }

  /** A measure, prepared for one test set. */
  interface Bound {

    /**
     * Operations that follow the losses of a part. They are recorded together with them. None by
     * default.
     */
    default void compute() {}

    /**
     * Adds the numbers of the current part to the measure's columns: finite ones, as {@link
     * Means#add} says.
     *
     * @param means collects the numbers
     * @param used how many sequences of the part count; these are the first ones
     */
    void add(Means means, int used);

    /**
     * Called when all parts have been added, to compute columns from other columns. Nothing by
     * default.
     */
    default void finish(Means means) {}
  }
}
