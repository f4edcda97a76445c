package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.model.Layout;
import dev.emergence.model.ModelParameters;
import dev.emergence.model.Models;
import dev.emergence.model.Signature;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.Parameter;
import dev.emergence.spec.ParameterGroup;
import dev.emergence.spec.Rates;
import dev.emergence.spec.RunConfig;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the groups, each parameter moves in one stretch at its own rate, or is frozen. */
class StretchPropertiesTest {
  private static final Layout LAYOUT = layout(TinyRun.recall().config());
  private static final double SLOW = 1e-3;
  private static final double FAST = 2e-2;
  private static final double DECAY = 0.3;

  private static Layout layout(RunConfig c) {
    return Models.create(c.architecture(), Signature.of(c.task().predicts())).layout();
  }

  @Provide
  Arbitrary<Rates> rates() {
    Arbitrary<String> names =
        Arbitraries.of(
            "embeddings", "matrices", "norms", "output", "*", "blocks.1.*", "*.bias", "*.mlp.*");
    Arbitrary<ParameterGroup> group =
        Combinators.combine(
                names,
                Arbitraries.of(1e-4, 5e-2).optional(),
                Arbitraries.of(0.5, 1.0).optional(),
                Arbitraries.of(0.0, 0.3).optional(),
                Arbitraries.of(true, false, false))
            .as(
                (name, rate, factor, decay, frozen) ->
                    new ParameterGroup(
                        name, rate, rate.isPresent() ? Optional.empty() : factor, decay, frozen));
    return Combinators.combine(group.list().ofMaxSize(4), Arbitraries.of(Rates.Scale.values()))
        .as(Rates::new);
  }

  private static List<Stretch> stretches(Rates rates) {
    return Stretch.of(LAYOUT, new OptimizerSpec.AdamW(SLOW, 0.9, 0.999, 1e-8, DECAY, rates));
  }

  @Property(tries = 300, seed = "41")
  void each_parameter_is_in_one_stretch_with_its_rates_unless_it_is_frozen(
      @ForAll("rates") Rates rates) {
    List<Stretch> stretches = stretches(rates);
    long moving = 0;
    for (Layout.Part part : LAYOUT.parts()) {
      Parameter parameter = ModelParameters.of(part);
      Optional<ParameterGroup> last = Optional.empty();
      for (ParameterGroup group : rates.groups()) {
        last = group.holds(parameter) ? Optional.of(group) : last;
      }
      List<Stretch> around =
          stretches.stream()
              .filter(s -> s.start() <= part.start())
              .filter(s -> part.start() + part.size() <= s.start() + s.size())
              .toList();
      if (last.map(ParameterGroup::frozen).orElse(false)) {
        assertThat(around).as(part.name()).isEmpty();
        continue;
      }
      moving += part.size();
      assertThat(around).as(part.name()).hasSize(1);
      ParameterGroup own =
          last.orElse(
              new ParameterGroup("*", Optional.empty(), Optional.empty(), Optional.empty(), false));
      double divisor = rates.scale() == Rates.Scale.FAN_IN ? parameter.fanIn() : 1;
      double factor = own.learningRateFactor().orElse(1.0);
      for (double base : new double[] {SLOW, FAST}) {
        assertThat(around.get(0).rate().of(base))
            .as(part.name())
            .isEqualTo(own.learningRate().orElse(base * factor) / divisor);
      }
      assertThat(around.get(0).weightDecay()).isEqualTo(own.weightDecay().orElse(DECAY));
    }
    assertThat(stretches.stream().mapToLong(Stretch::size).sum()).isEqualTo(moving);
  }

  @Property(tries = 300, seed = "42")
  void neighbours_that_move_alike_are_one_stretch(@ForAll("rates") Rates rates) {
    List<Stretch> stretches = stretches(rates);
    for (int i = 1; i < stretches.size(); i++) {
      Stretch before = stretches.get(i - 1);
      Stretch after = stretches.get(i);
      boolean alike =
          before.rate().equals(after.rate()) && before.weightDecay() == after.weightDecay();
      boolean touch = before.start() + before.size() == after.start();
      assertThat(alike && touch).as("%s and %s", before, after).isFalse();
    }
  }

  @Example
  void without_groups_all_parameters_are_one_stretch() {
    assertThat(stretches(Rates.EQUAL))
        .containsExactly(
            new Stretch(0, LAYOUT.size(), new Rates.Rule(Optional.empty(), 1, 1), DECAY));
  }
}
