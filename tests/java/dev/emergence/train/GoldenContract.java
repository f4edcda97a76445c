package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.model.Layout;
import dev.emergence.model.Model;
import dev.emergence.model.Models;
import dev.emergence.model.Network;
import dev.emergence.model.NetworkOptions;
import dev.emergence.model.Objective;
import dev.emergence.model.Parameters;
import dev.emergence.model.Signature;
import dev.emergence.spec.ArchitectureSpec.Activation;
import dev.emergence.spec.ArchitectureSpec.AttentionMask;
import dev.emergence.spec.ArchitectureSpec.LayerNorm;
import dev.emergence.spec.ArchitectureSpec.PositionalEncoding;
import dev.emergence.spec.ArchitectureSpec.Readout;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.ScheduleSpec;
import dev.emergence.spec.TransformerSpec;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DType;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A backend agrees with PyTorch: loss, gradients and three optimiser steps of the models that
 * {@code tests/golden/make_golden.py} writes down in float64.
 */
abstract class GoldenContract {
  private static final double RATE = 1e-3;
  private static final int STEPS = 3;

  private record Golden(
      String file, TransformerSpec architecture, Signature signature, int batch) {}

  private static final Map<String, Golden> MODELS =
      Map.of(
          "regression",
              new Golden(
                  "regression", spec(2, LayerNorm.NONE, false), new Signature(6, 5, false, 4), 8),
          "recall",
              new Golden(
                  "recall", spec(3, LayerNorm.PRE, false), new Signature(7, 10, true, 10), 9),
          "other",
              new Golden("other", spec(2, LayerNorm.POST, true), new Signature(6, 5, false, 4), 8));

  private static final Map<String, OptimizerSpec> OPTIMIZERS =
      Map.of(
          "adam", new OptimizerSpec.Adam(RATE, 0.9, 0.999, 1e-8),
          "adamw", new OptimizerSpec.AdamW(RATE, 0.9, 0.999, 1e-8, 0.1),
          "sgd", new OptimizerSpec.Sgd(RATE, 0.9));

  private static TransformerSpec spec(int layers, LayerNorm norm, boolean other) {
    return Defaults.with(
        TransformerSpec.class,
        Map.of(
            "layers",
            layers,
            "heads",
            2,
            "embedding_dim",
            12,
            "head_dim",
            5,
            "mlp_factor",
            3,
            "positional_encoding",
            other ? PositionalEncoding.LEARNED : PositionalEncoding.SINUSOIDAL,
            "layer_norm",
            norm,
            "attention",
            other ? AttentionMask.FULL : AttentionMask.CAUSAL,
            "activation",
            other ? Activation.RELU : Activation.GELU,
            "readout",
            other ? Readout.MEAN : Readout.LAST));
  }

  /** A fresh backend. */
  abstract Backend backend();

  /** Largest error of one rounding, relative: of float64 or float32. */
  abstract double unit();

  @ParameterizedTest
  @ValueSource(strings = {"regression", "recall", "other"})
  void prediction_loss_and_gradients_are_those_of_pytorch(String name) {
    try (Run run = new Run(backend(), MODELS.get(name))) {
      run.forwardAndBackward();
      close(
          "prediction",
          run.backend.doubles(run.network.prediction()),
          run.file.tensor("prediction"),
          100 * unit());
      double loss =
          Arrays.stream(run.backend.doubles(run.objective.losses())).average().orElseThrow();
      close("loss", new double[] {loss}, run.file.tensor("loss"), 100 * unit());
      for (Layout.Part part : run.parameters.layout().parts()) {
        double[] gradient = run.backend.doubles(run.parameters.gradient(part.name()));
        close(
            "gradient of " + part.name(),
            gradient,
            run.file.tensor("gradient." + part.name()),
            300 * unit());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "regression,adam",
    "regression,adamw",
    "regression,sgd",
    "recall,adam",
    "recall,adamw",
    "recall,sgd",
    "other,adam"
  })
  void three_steps_lead_where_pytorch_goes(String name, String optimizer) {
    try (Run run = new Run(backend(), MODELS.get(name))) {
      run.train(OPTIMIZERS.get(optimizer));
      for (Layout.Part part : run.parameters.layout().parts()) {
        // A bias shared by all keys moves no probability: its gradient is pure rounding, which Adam
        // scales up to whole steps.
        boolean noise = part.name().endsWith("key.bias") && !optimizer.equals("sgd");
        double slack = noise ? 2.0 * STEPS * RATE : slack(optimizer);
        close(
            part.name(),
            run.backend.doubles(run.parameters.value(part.name())),
            run.file.tensor(optimizer + "." + part.name()),
            slack);
      }
    }
  }

  /**
   * Adam divides by the size of a gradient: where one is tiny its rounding counts for a share of a
   * step.
   */
  private double slack(String optimizer) {
    return 100 * unit() + (optimizer.equals("sgd") ? 0 : STEPS * RATE * 1e5 * unit());
  }

  private static void close(String what, double[] actual, double[] expected, double relative) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    double tolerance = relative * Math.max(largest, 0.1);
    for (int i = 0; i < actual.length; i++) {
      double error = Math.abs(actual[i] - expected[i]);
      assertThat(error <= tolerance)
          .as(
              "%s, element %d: %s, PyTorch has %s, off by %s > %s",
              what, i, actual[i], expected[i], error, tolerance)
          .isTrue();
    }
  }

  /** One model with PyTorch's weights and batch. */
  private static final class Run implements AutoCloseable {
    final Backend backend;
    final GoldenFile file;
    final Scope scope;
    final Parameters parameters;
    final Network network;
    final Tensor input;
    final Objective objective;

    Run(Backend backend, Golden golden) {
      this.backend = backend;
      this.file = GoldenFile.read(golden.file());
      this.scope = new Scope(backend);
      Signature s = golden.signature();
      Model model = Models.create(golden.architecture(), s);
      this.parameters = new Parameters(scope, model.layout(), 1);
      for (Layout.Part part : model.layout().parts()) {
        backend.write(parameters.value(part.name()), file.tensor("start." + part.name()));
      }
      int b = golden.batch();
      this.input =
          s.discrete() ? scope.ints(1, b, s.length()) : scope.floats(1, b, s.length(), s.inputs());
      Tensor target = s.discrete() ? scope.ints(1, b) : scope.floats(1, b, s.outputs());
      write(input, file.tensor("input"));
      write(target, file.tensor("target"));
      this.network = model.network(backend, scope, parameters, NetworkOptions.training(b));
      this.objective = new Objective(backend, scope, network.prediction(), target, true);
    }

    private void write(Tensor to, double[] values) {
      if (to.dtype() == DType.I32) {
        backend.write(to, Arrays.stream(values).mapToInt(x -> (int) x).toArray());
      } else {
        backend.write(to, values);
      }
    }

    void forwardAndBackward() {
      network.forward(input);
      objective.forward();
      network.backward(objective.dPrediction());
    }

    void train(OptimizerSpec spec) {
      Tensor step = scope.ints(1);
      Tensor stoppedAt = scope.ints(1);
      backend.write(step, new int[] {1});
      List<Stretch> stretches = Stretch.of(parameters.layout(), spec);
      LearningRates rates =
          new LearningRates(backend, scope, new ScheduleSpec.Constant(0), stretches, 1);
      rates.begin(0, spec.learningRate());
      Optimizer optimizer =
          Optimizers.create(
              spec,
              new OptimizerInputs(backend, scope, parameters, stretches, rates, step, stoppedAt));
      for (int i = 0; i < STEPS; i++) {
        forwardAndBackward();
        rates.update(step);
        optimizer.step();
        backend.advance(step, stoppedAt);
      }
    }

    @Override
    public void close() {
      scope.close();
      backend.close();
    }
  }
}
