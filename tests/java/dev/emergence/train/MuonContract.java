package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.model.Initial;
import dev.emergence.model.Layout;
import dev.emergence.model.Parameters;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.OptimizerSpec.AdjustLr;
import dev.emergence.spec.ParameterGroup;
import dev.emergence.spec.Rates;
import dev.emergence.spec.ScheduleSpec;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Muon's steps are those of plain loops in float64, on any backend. */
abstract class MuonContract {
  private static final double RATE = 0.02;
  private static final double DECAY = 0.3;
  private static final int STEPS = 3;

  /**
   * Two wide matrices, a tall and a square one among vectors; tables, the read-out and several
   * matrices in one parameter are no matrices.
   */
  private static final Layout LAYOUT =
      new Layout.Builder()
          .add("embedding.weight", new Initial.Constant(0), 4, 3)
          .add("blocks.0.attention.query.weight", new Initial.Constant(0), 3, 5)
          .add("blocks.0.attention.query.bias", new Initial.Constant(0), 3)
          .add("blocks.0.mlp.hidden.weight", new Initial.Constant(0), 9, 4)
          .add("blocks.0.mlp.output.weight", new Initial.Constant(0), 4, 4)
          .add("blocks.1.attention.query.weight", new Initial.Constant(0), 3, 5)
          .add("blocks.1.mixer.maps", new Initial.Constant(0), 2, 3, 3)
          .add("readout.weight", new Initial.Constant(0), 2, 3)
          .build();

  private final Random random = new Random(7);

  /** A fresh backend. */
  abstract Backend backend();

  /** How far a number may be from float64, of numbers about 1. */
  abstract double rounding();

  private static OptimizerSpec.Muon muon(
      boolean nesterov, AdjustLr adjust, int iterations, Rates rates) {
    return Defaults.with(
        OptimizerSpec.Muon.class,
        Map.of(
            "learning_rate",
            RATE,
            "weight_decay",
            DECAY,
            "nesterov",
            nesterov,
            "ns_steps",
            iterations,
            "adjust_lr",
            adjust,
            "groups",
            rates.groups(),
            "scale",
            rates.scale()));
  }

  /** A training of two replicas by hand: numbers in, numbers out. */
  private final class Stage implements AutoCloseable {
    private final Backend backend = backend();
    private final Scope scope = new Scope(backend);
    private final Parameters parameters = new Parameters(scope, LAYOUT, 2);
    private final Tensor step = scope.ints(2);
    private final Tensor stoppedAt = scope.ints(2);
    private final LearningRates rates;
    private final Optimizer optimizer;

    Stage(OptimizerSpec.Muon spec) {
      List<Stretch> stretches = Stretch.of(LAYOUT, spec);
      this.rates = new LearningRates(backend, scope, new ScheduleSpec.Constant(0), stretches, 2);
      rates.begin(0, RATE);
      rates.begin(1, RATE);
      this.optimizer =
          Optimizers.create(
              spec,
              new OptimizerInputs(backend, scope, parameters, stretches, rates, step, stoppedAt));
    }

    void step(int number, double[] gradient) {
      backend.write(step, new int[] {number, number});
      backend.write(parameters.gradient(), gradient);
      rates.update(step);
      optimizer.step();
    }

    double[] values() {
      return backend.doubles(parameters.values());
    }

    @Override
    public void close() {
      scope.close();
      backend.close();
    }
  }

  private double[] normals(int count) {
    // As float32 has them, so that rounding is that of the steps.
    return random.doubles(count, -1, 1).map(x -> (float) x).toArray();
  }

  @ParameterizedTest
  @CsvSource({"true, MATCH_RMS_ADAMW, 5", "false, MATCH_RMS_ADAMW, 5", "true, ORIGINAL, 3"})
  void matrices_move_by_orthogonal_momentum_and_all_else_by_adamw(
      boolean nesterov, AdjustLr adjust, int iterations) {
    int size = (int) LAYOUT.size();
    double[] values = normals(2 * size);
    double[][] gradients = {normals(2 * size), normals(2 * size), normals(2 * size)};
    try (Stage stage = new Stage(muon(nesterov, adjust, iterations, Rates.EQUAL))) {
      stage.backend.write(stage.parameters.values(), values);
      for (int i = 0; i < STEPS; i++) {
        stage.step(i + 1, gradients[i]);
      }
      double[] moved = stage.values();
      for (int replica = 0; replica < 2; replica++) {
        for (Layout.Part part : LAYOUT.parts()) {
          int from = replica * size + (int) part.start();
          double[][] g = new double[STEPS][];
          for (int i = 0; i < STEPS; i++) {
            g[i] = Arrays.copyOfRange(gradients[i], from, from + (int) part.size());
          }
          double[] w = Arrays.copyOfRange(values, from, from + (int) part.size());
          if (part.name().matches("blocks.*weight")) {
            byMuon(w, g, part.shape().get(0), part.shape().get(1), iterations, nesterov, adjust);
          } else {
            byAdamW(w, g);
          }
          for (int j = 0; j < w.length; j++) {
            assertThat(moved[from + j])
                .as("%s[%d] of replica %d", part.name(), j, replica)
                .isCloseTo(w[j], within(rounding()));
          }
        }
      }
    }
  }

  private static void byMuon(
      double[] w,
      double[][] gradients,
      int out,
      int in,
      int iterations,
      boolean nesterov,
      AdjustLr adjust) {
    double[] m = new double[w.length];
    for (double[] g : gradients) {
      double[] u = new double[w.length];
      double squares = 0;
      for (int j = 0; j < w.length; j++) {
        m[j] = 0.95 * m[j] + g[j];
        u[j] = nesterov ? g[j] + 0.95 * m[j] : m[j];
        squares += u[j] * u[j];
      }
      double[][] x = new double[out][in];
      for (int j = 0; j < w.length; j++) {
        x[j / in][j % in] = u[j] / Math.sqrt(squares);
      }
      for (int i = 0; i < iterations; i++) {
        double[][] a = product(x, transposed(x));
        double[][] ax = product(a, x);
        double[][] aax = product(a, ax);
        for (int j = 0; j < w.length; j++) {
          int r = j / in;
          int c = j % in;
          x[r][c] = 3.4445 * x[r][c] - 4.7750 * ax[r][c] + 2.0315 * aax[r][c];
        }
      }
      double factor =
          adjust == AdjustLr.ORIGINAL
              ? Math.sqrt(Math.max(1, (double) out / in))
              : 0.2 * Math.sqrt(Math.max(out, in));
      for (int j = 0; j < w.length; j++) {
        w[j] = (1 - RATE * DECAY) * w[j] - RATE * factor * x[j / in][j % in];
      }
    }
  }

  private static void byAdamW(double[] w, double[][] gradients) {
    double[] m = new double[w.length];
    double[] v = new double[w.length];
    for (int i = 0; i < gradients.length; i++) {
      for (int j = 0; j < w.length; j++) {
        double g = gradients[i][j];
        m[j] = 0.9 * m[j] + 0.1 * g;
        v[j] = 0.999 * v[j] + 0.001 * g * g;
        double mean = m[j] / (1 - Math.pow(0.9, i + 1));
        double square = v[j] / (1 - Math.pow(0.999, i + 1));
        w[j] = (1 - RATE * DECAY) * w[j] - RATE * mean / (Math.sqrt(square) + 1e-8);
      }
    }
  }

  private static double[][] transposed(double[][] x) {
    double[][] out = new double[x[0].length][x.length];
    for (int r = 0; r < x.length; r++) {
      for (int c = 0; c < x[r].length; c++) {
        out[c][r] = x[r][c];
      }
    }
    return out;
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] out = new double[a.length][b[0].length];
    for (int r = 0; r < a.length; r++) {
      for (int c = 0; c < b[0].length; c++) {
        for (int k = 0; k < b.length; k++) {
          out[r][c] += a[r][k] * b[k][c];
        }
      }
    }
    return out;
  }

  /** Whatever size its gradient has, a matrix moves as far; a replica that stopped stays. */
  @Test
  void the_size_of_a_gradient_does_not_matter_and_stopped_replicas_keep_their_bits() {
    int size = (int) LAYOUT.size();
    double[] gradient = normals(2 * size);
    double[] tiny = gradient.clone();
    for (int j = 0; j < tiny.length; j++) {
      tiny[j] = tiny[j] / (1 << 17);
    }
    OptimizerSpec.Muon spec = muon(true, AdjustLr.ORIGINAL, 5, Rates.EQUAL);
    try (Stage large = new Stage(spec);
        Stage small = new Stage(spec)) {
      small.backend.write(small.stoppedAt, new int[] {0, 1});
      large.step(1, gradient);
      small.step(1, tiny);
      Layout.Part part = LAYOUT.part("blocks.0.mlp.hidden.weight");
      for (int j = 0; j < part.size(); j++) {
        int at = (int) part.start() + j;
        assertThat(small.values()[at]).isCloseTo(large.values()[at], within(rounding()));
        assertThat(Math.abs(large.values()[at])).isGreaterThan(0);
        assertThat(small.values()[size + at]).isZero();
      }
      assertThat(small.backend.doubles(small.optimizer.state().get("muon.momentum").replica(1)))
          .containsOnly(0);
    }
  }

  /** Groups have their own rates, and frozen matrices stay. */
  @Test
  void groups_have_their_rates() {
    ParameterGroup frozen =
        new ParameterGroup("*.query.*", Optional.empty(), Optional.empty(), Optional.empty(), true);
    ParameterGroup slow =
        new ParameterGroup(
            "*.hidden.*", Optional.empty(), Optional.of(0.5), Optional.empty(), false);
    Rates rates = new Rates(List.of(frozen, slow), Rates.Scale.NONE);
    double[] gradient = normals(2 * (int) LAYOUT.size());
    try (Stage plain = new Stage(muon(true, AdjustLr.ORIGINAL, 5, Rates.EQUAL));
        Stage grouped = new Stage(muon(true, AdjustLr.ORIGINAL, 5, rates))) {
      plain.step(1, gradient);
      grouped.step(1, gradient);
      for (Layout.Part part : LAYOUT.parts()) {
        double share = part.name().contains("query") ? 0 : part.name().contains("hidden") ? 0.5 : 1;
        for (int j = 0; j < part.size(); j++) {
          int at = (int) part.start() + j;
          assertThat(grouped.values()[at])
              .as(part.name())
              .isCloseTo(share * plain.values()[at], within(1e-7));
        }
      }
    }
  }
}
