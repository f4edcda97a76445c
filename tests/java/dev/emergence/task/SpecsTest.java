package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.Key;
import dev.emergence.spec.Kind;
import dev.emergence.spec.Loss;
import dev.emergence.spec.Parts;
import dev.emergence.spec.Prediction;
import dev.emergence.spec.TaskSpec;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SpecsTest {
  @Kind(value = "nested", doc = "Three keys, each at most as large as the one before.")
  record Nested(
      @Key(doc = "Refused by nobody.", min = 1, max = 100) int most,
      @Key(doc = "Refused by the constructor above the first.", min = 1, max = 100) int middle,
      @Key(doc = "Refused by the rules above the second.", min = 1, max = 100) int least)
      implements TaskSpec {
    Nested {
      if (middle > most) {
        throw new IllegalArgumentException("middle " + middle + " is above most " + most);
      }
    }

    @Override
    public void rules(Parts parts) {
      if (least > middle) {
        parts.report("task.least", least + " is above middle " + middle, "");
      }
    }

    @Override
    public Prediction predicts() {
      return Prediction.ofLast(most, 2, true, 2, Loss.CROSS_ENTROPY);
    }
  }

  @Provide
  Arbitrary<Nested> nested() {
    return Specs.of(Nested.class, 9);
  }

  @Property(tries = 200)
  void settings_that_no_file_may_have_are_left_out(@ForAll("nested") Nested spec) {
    assertThat(spec.least()).isBetween(1, spec.middle());
    assertThat(spec.middle()).isBetween(1, spec.most());
    assertThat(spec.most()).isLessThanOrEqualTo(9);
  }
}
