package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.spec.Loss;
import dev.emergence.spec.Prediction;
import dev.emergence.spec.TaskSpec;
import dev.emergence.tensor.RandomStream;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.junit.jupiter.api.Test;

/** What the kit tells someone whose task lacks a level. */
class LevelsOfTheKitTest {
  /** Classes, of which one is predicted. */
  record Classes(int tokens) implements TaskSpec {
    @Override
    public Prediction predicts() {
      return Prediction.ofLast(3, tokens, true, tokens, Loss.CROSS_ENTROPY);
    }
  }

  @Test
  void a_metric_without_levels_is_named() {
    SequenceTaskProperties<Classes> kit = kit(new Level("oracle", "loss", 0, "looks"));
    assertThatThrownBy(() -> kit.the_oracle_comes_first_and_no_guess_beats_it(new Classes(7), 0))
        .hasMessageContaining("names of the levels of loss (see SequenceTask.levels)")
        .hasMessageContaining("blind");
    SequenceTaskProperties<Classes> loss =
        kit(
            new Level("oracle", "loss", 0, "looks"),
            new Level("blind", "loss", Math.log(7), "does not look"));
    assertThatThrownBy(() -> loss.the_oracle_comes_first_and_no_guess_beats_it(new Classes(7), 0))
        .hasMessageContaining("names of the levels of accuracy (see SequenceTask.levels)");
  }

  @Test
  void a_guess_that_knows_how_often_classes_occur_is_not_called_blind() {
    Level[] levels = {
      new Level("oracle", "loss", 0, "looks"),
      new Level("blind", "loss", 0.9 * Math.log(7), "knows how often each occurs"),
      new Level("oracle", "accuracy", 1, "looks"),
      new Level("blind", "accuracy", 0.3, "the most frequent")
    };
    SequenceTaskProperties<Classes> wrong = kit(levels);
    assertThatThrownBy(() -> wrong.the_oracle_comes_first_and_no_guess_beats_it(new Classes(7), 0))
        .hasMessageContaining("blind, to which all classes are equally likely");
    levels[1] = new Level("blind", "loss", Math.log(7), "any");
    SequenceTaskProperties<Classes> right =
        kit(
            levels[0],
            new Level("unigram", "loss", 0.9 * Math.log(7), "counts"),
            levels[1],
            levels[2],
            levels[3]);
    right.the_oracle_comes_first_and_no_guess_beats_it(new Classes(7), 0);
  }

  private static SequenceTaskProperties<Classes> kit(Level... levels) {
    return new SequenceTaskProperties<>() {
      @Override
      protected TaskKind<Classes> kind() {
        return TaskKind.of(Classes.class, (spec, stream) -> with(levels));
      }

      @Override
      protected Arbitrary<Classes> settings() {
        return Arbitraries.just(new Classes(7));
      }
    };
  }

  private static SequenceTask with(Level... levels) {
    return new SequenceTask() {
      @Override
      public void draw(RandomStream stream, int step, int n, SequenceOut out) {
        throw new AssertionError("levels were asked for, not sequences");
      }

      @Override
      public List<Attends> attends() {
        return List.of();
      }

      @Override
      public List<Level> levels(String testSet) {
        return List.of(levels);
      }
    };
  }
}
