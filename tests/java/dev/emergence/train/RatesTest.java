package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.backend.CudaUnderTest;
import dev.emergence.backend.Devices;
import dev.emergence.model.ModelParameters;
import dev.emergence.model.Models;
import dev.emergence.model.Signature;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.Parameter;
import dev.emergence.spec.Parameter.Role;
import dev.emergence.spec.ParameterGroup;
import dev.emergence.spec.Rates;
import dev.emergence.spec.Rates.Scale;
import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.ShapedArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parameters with learning rates of their own, on every backend. */
class RatesTest {
  private static final double RATE = 1e-2;

  private static Backend open(String name) {
    return switch (name) {
      case "reference" -> new ReferenceBackend();
      case "cpu" -> Devices.open("cpu", 1);
      default -> CudaUnderTest.open();
    };
  }

  private static ParameterGroup group(
      String parameters, Double rate, Double factor, Double decay, boolean frozen) {
    return new ParameterGroup(
        parameters,
        Optional.ofNullable(rate),
        Optional.ofNullable(factor),
        Optional.ofNullable(decay),
        frozen);
  }

  private static TinyRun run(double rate, double decay, Scale scale, ParameterGroup... groups) {
    Rates rates = new Rates(List.of(groups), scale);
    return TinyRun.recall()
        .optimizer(new OptimizerSpec.AdamW(rate, 0.9, 0.999, 1e-8, decay, rates));
  }

  private static Map<String, Parameter> parameters(RunConfig c) {
    return Models.create(c.architecture(), Signature.of(c.task().predicts()))
        .layout()
        .parts()
        .stream()
        .map(ModelParameters::of)
        .collect(Collectors.toMap(Parameter::name, p -> p));
  }

  private static Map<String, ShapedArray> after(Backend backend, TinyRun run, int steps) {
    try (Training training = Trainer.create(backend, List.of(run.config()), List.of(5))) {
      training.trainTo(steps);
      return training.parameters(0);
    }
  }

  /** What of the first step's change each parameter has, of that of a plain training. */
  private static void assertFirstStep(
      String backendName, TinyRun run, java.util.function.ToDoubleFunction<Parameter> share) {
    try (Backend backend = open(backendName)) {
      TinyRun plain = run(RATE, 0, Scale.NONE);
      Map<String, ShapedArray> start = after(backend, plain, 0);
      Map<String, ShapedArray> usual = after(backend, plain, 1);
      Map<String, ShapedArray> own = after(backend, run, 1);
      parameters(run.config())
          .forEach(
              (name, parameter) -> {
                double[] from = start.get(name).values();
                double[] to = own.get(name).values();
                for (int i = 0; i < from.length; i++) {
                  double wanted =
                      (usual.get(name).values()[i] - from[i]) * share.applyAsDouble(parameter);
                  assertThat(to[i] - from[i]).as("%s[%d]", name, i).isCloseTo(wanted, within(4e-7));
                }
              });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu", "cuda"})
  void a_group_moves_at_its_own_rate_and_the_last_one_counts(String backend) {
    TinyRun run =
        run(
            RATE,
            0,
            Scale.NONE,
            group("matrices", null, 0.25, null, false),
            group("blocks.1.mlp.*", 3 * RATE, null, null, false),
            group("embeddings", null, null, null, true),
            group("readout.bias", null, 2.0, null, false));
    assertFirstStep(
        backend,
        run,
        p -> {
          if (p.name().startsWith("blocks.1.mlp.")) {
            return 3;
          } else if (p.name().equals("readout.bias")) {
            return 2;
          }
          return p.role() == Role.EMBEDDINGS ? 0 : p.role() == Role.MATRICES ? 0.25 : 1;
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu", "cuda"})
  void fan_in_divides_the_rates_of_matrices_those_of_groups_too(String backend) {
    TinyRun run = run(RATE, 0, Scale.FAN_IN, group("output", 4 * RATE, null, null, false));
    assertFirstStep(
        backend,
        run,
        p ->
            switch (p.role()) {
              case MATRICES -> 1.0 / (p.name().contains("mlp.output") ? 16 : 8);
              case OUTPUT -> p.name().endsWith("weight") ? 4.0 / 8 : 4;
              default -> 1;
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu", "cuda"})
  void frozen_parameters_keep_their_bits_and_others_train_on(String name) {
    TinyRun run = run(RATE, 0.5, Scale.NONE, group("norms", null, null, null, true));
    try (Backend backend = open(name)) {
      Map<String, ShapedArray> start = after(backend, run, 0);
      Map<String, ShapedArray> end = after(backend, run, 4);
      parameters(run.config())
          .forEach(
              (part, parameter) -> {
                double[] before = start.get(part).values();
                if (parameter.role() == Role.NORMS) {
                  assertThat(end.get(part).values()).as(part).containsExactly(before);
                } else {
                  assertThat(end.get(part).values()).as(part).isNotEqualTo(before);
                }
              });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu", "cuda"})
  void weights_of_a_group_decay_by_its_own_number(String name) {
    TinyRun plain = run(RATE, 0.5, Scale.NONE);
    TinyRun own = run(RATE, 0.5, Scale.NONE, group("*.bias", null, null, 0.0, false));
    try (Backend backend = open(name)) {
      Map<String, ShapedArray> start = after(backend, plain, 0);
      Map<String, ShapedArray> decayed = after(backend, plain, 1);
      Map<String, ShapedArray> kept = after(backend, own, 1);
      for (String part : start.keySet()) {
        double[] from = start.get(part).values();
        for (int i = 0; i < from.length; i++) {
          double less = part.endsWith(".bias") ? RATE * 0.5 * from[i] : 0;
          assertThat(kept.get(part).values()[i] - decayed.get(part).values()[i])
              .as("%s[%d]", part, i)
              .isCloseTo(less, within(4e-7));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference"})
  void learning_rates_of_a_cohort_train_as_each_would_alone(String name) {
    ParameterGroup[] groups = {
      group("matrices", null, 0.5, null, false), group("norms", 1e-3, null, null, false)
    };
    TinyRun slow = run(1e-3, 0.1, Scale.FAN_IN, groups);
    TinyRun fast = run(2e-2, 0.1, Scale.FAN_IN, groups);
    try (Backend backend = open(name);
        Training both =
            Trainer.create(backend, List.of(slow.config(), fast.config()), List.of(3, 3));
        Training alone = Trainer.create(backend, List.of(fast.config()), List.of(3))) {
      both.trainTo(4);
      alone.trainTo(4);
      assertThat(both.evaluate()[1]).containsExactly(alone.evaluate()[0]);
      assertThat(both.evaluate()[0]).isNotEqualTo(alone.evaluate()[0]);
    }
  }
}
