package dev.emergence.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.ArchitectureSpec.Readout;
import dev.emergence.spec.Loss;
import dev.emergence.spec.Prediction;
import dev.emergence.spec.Span;
import dev.emergence.spec.TransformerSpec;
import dev.emergence.tensor.Backend;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every architecture owes: exact gradients, replicas and sequences that do not see each other,
 * networks for evaluation and inspection that agree with the one for training, and no memory left
 * behind. In float64, at sizes where every dimension differs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ModelContract {
  /** Small enough that no ReLU of these cases changes its side between the two ends. */
  private static final double STEP = 1e-6;

  /**
   * Equality but for rounding, in binary numbers: AssertJ's own, in decimal ones, takes longer than
   * a network.
   *
   * @param what a format of {@code of}
   */
  static void assertNear(double[] got, double[] want, double tolerance, String what, Object... of) {
    assertThat(got)
        .as(what, of)
        .usingElementComparator((a, b) -> Math.abs(a - b) <= tolerance ? 0 : a < b ? -1 : 1)
        .containsExactly(want);
  }

  /** Combinations of the architecture's options. */
  abstract Stream<ModelCase> cases();

  @ParameterizedTest
  @MethodSource("cases")
  void gradients_agree_with_central_differences(ModelCase c) {
    try (Backend backend = new ReferenceBackend();
        ModelRun run = new ModelRun(backend, c, NetworkOptions.training(c.batch()))) {
      checkGradients(run);
    }
  }

  /**
   * Compares the gradient with central differences along one random direction a parameter; any
   * wrong entry changes the product.
   */
  static void checkGradients(ModelRun run) {
    double[] gradient = run.gradient();
    double[] values = run.backend.doubles(run.parameters.values());
    int row = (int) run.model.layout().size();
    Random random = new Random(5);
    for (Layout.Part part : run.model.layout().parts()) {
      double[] direction = new double[values.length];
      double[] along = new double[run.of.replicas()];
      double size = 0;
      for (int r = 0; r < along.length; r++) {
        for (int i = 0; i < part.size(); i++) {
          int at = (int) (r * row + part.start() + i);
          direction[at] = 1 + random.nextDouble();
          along[r] += direction[at] * gradient[at];
          size += Math.abs(direction[at] * gradient[at]);
        }
      }
      double[] slope = slope(run, values, direction);
      for (int r = 0; r < along.length; r++) {
        assertThat(along[r])
            .as("%s of replica %d in %s", part.name(), r, run.of)
            .isCloseTo(slope[r], within(1e-9 + 1e-6 * size));
      }
    }
    run.backend.write(run.parameters.values(), values);
  }

  private static double[] slope(ModelRun run, double[] values, double[] direction) {
    double[] up = lossAt(run, values, direction, STEP);
    double[] down = lossAt(run, values, direction, -STEP);
    double[] slope = new double[up.length];
    for (int r = 0; r < slope.length; r++) {
      slope[r] = (up[r] - down[r]) / (2 * STEP);
    }
    return slope;
  }

  private static double[] lossAt(ModelRun run, double[] values, double[] direction, double step) {
    double[] moved = values.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += step * direction[i];
    }
    run.backend.write(run.parameters.values(), moved);
    return run.loss();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void networks_for_evaluation_and_inspection_predict_as_the_one_for_training(ModelCase c) {
    try (Backend backend = new ReferenceBackend();
        ModelRun run =
            new ModelRun(backend, c, NetworkOptions.training(c.batch()).withoutShortcut())) {
      double[] trained = run.predict();
      run.use(NetworkOptions.evaluation(c.batch()));
      assertNear(run.predict(), trained, 1e-12, "evaluation of %s", c);
      run.use(NetworkOptions.inspection(c.batch()));
      assertNear(run.predict(), trained, 1e-12, "inspection of %s", c);
    }
  }

  /** Those whose predictions depend on what they read. */
  Stream<ModelCase> connectedCases() {
    return cases();
  }

  @ParameterizedTest
  @MethodSource("connectedCases")
  void a_sequence_changes_its_own_prediction_alone(ModelCase c) {
    try (Backend backend = new ReferenceBackend();
        ModelRun run = new ModelRun(backend, c, NetworkOptions.evaluation(c.batch()))) {
      double[] before = run.predict();
      double[] changed = c.inputs(101);
      int perSequence = changed.length / (c.replicas() * c.batch());
      System.arraycopy(c.inputs(303), 0, changed, perSequence, perSequence);
      run.write(run.input, changed);
      double[] after = run.predict();
      int width = before.length / (c.replicas() * c.batch());
      for (int i = 0; i < before.length; i++) {
        if (i / width == 1) {
          assertThat(after[i])
              .as("the changed sequence, element %d of %s", i, c)
              .isNotEqualTo(before[i]);
        } else {
          assertThat(after[i]).as("another sequence, element %d of %s", i, c).isEqualTo(before[i]);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void memory_is_given_back(ModelCase c) {
    try (Backend backend = new ReferenceBackend()) {
      long before = backend.allocatedBytes();
      ModelRun run = new ModelRun(backend, c, NetworkOptions.training(c.batch()));
      assertThat(backend.allocatedBytes()).isGreaterThan(before);
      run.close();
      assertThat(backend.allocatedBytes()).isEqualTo(before);
    }
  }

  /** Those that predict at every position and may not look ahead. */
  Stream<ModelCase> causalCases() {
    return cases().filter(ModelContract::isCausal);
  }

  private static boolean isCausal(ModelCase c) {
    boolean full =
        c.architecture() instanceof TransformerSpec t
            && t.attention() == ArchitectureSpec.AttentionMask.FULL;
    return !full
        && c.architecture().stack().map(s -> s.readout() == Readout.ALL).orElse(false)
        && c.signature().length() > 1;
  }

  /** The other half, training on noise, is LeakCheckTest. */
  @Test
  void a_prediction_keeps_every_bit_when_later_tokens_change() {
    causalCases().forEach(ModelContract::checkCausality);
  }

  private static void checkCausality(ModelCase c) {
    try (Backend backend = new ReferenceBackend();
        ModelRun run = new ModelRun(backend, c, NetworkOptions.evaluation(c.batch()))) {
      double[] before = run.predict();
      int length = c.signature().length();
      int predicted = before.length / (c.replicas() * c.batch() * c.signature().outputs());
      int first = predicted == length ? 0 : c.signature().scored().first();
      double[] inputs = c.inputs(101);
      double[] others = c.inputs(404);
      int numbers = inputs.length / (c.replicas() * c.batch() * length);
      for (int from = 1; from < length; from++) {
        double[] changed = inputs.clone();
        for (int i = 0; i < changed.length; i++) {
          changed[i] = i / numbers % length >= from ? others[i] : inputs[i];
        }
        run.write(run.input, changed);
        double[] after = run.predict();
        for (int i = 0; i < before.length; i++) {
          if (first + i / c.signature().outputs() % predicted < from) {
            assertThat(after[i])
                .as("element %d, tokens from %d on changed, in %s", i, from, c)
                .isEqualTo(before[i]);
          }
        }
      }
    }
  }

  @Test
  void parameters_are_counted_as_they_are_declared() {
    cases()
        .forEach(
            c -> {
              Signature s = c.signature();
              Prediction task = prediction(s);
              assertThat(c.architecture().work(task).parameters())
                  .as("parameters of %s", c)
                  .isEqualTo(Models.create(c.architecture(), s).layout().size());
            });
  }

  private static Prediction prediction(Signature s) {
    return new Prediction(
        s.length(),
        s.inputs(),
        s.discrete(),
        s.outputs(),
        s.discrete() ? Loss.CROSS_ENTROPY : Loss.SQUARED_ERROR,
        Span.last(s.length()),
        List.of());
  }
}
