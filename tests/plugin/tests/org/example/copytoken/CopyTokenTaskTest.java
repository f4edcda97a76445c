package org.example.copytoken;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.task.Sampled;
import dev.emergence.task.SequenceTaskProperties;
import dev.emergence.task.Specs;
import dev.emergence.task.TaskKind;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What every task must keep, and what is special about this one. */
class CopyTokenTaskTest extends SequenceTaskProperties<CopyToken> {
  @Override
  protected TaskKind<CopyToken> kind() {
    return new CopyTokenTask();
  }

  @Override
  protected Arbitrary<CopyToken> settings() {
    return Specs.of(CopyToken.class, 20);
  }

  @Property(tries = 100)
  void the_target_is_the_token_at_the_same_place_of_every_sequence(
      @ForAll("settings") CopyToken spec, @ForAll int seed) {
    int place = task(spec, seed).attends().get(0).keys()[0][0];
    Sampled drawn = Sampled.of(task(spec, seed), spec.predicts(), seed, 3, 10);
    for (int n = 0; n < 10; n++) {
      assertThat(drawn.targets()[n]).containsExactly(drawn.tokens()[n][place]);
    }
  }
}
