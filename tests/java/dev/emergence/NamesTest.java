package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.expr.Names;
import dev.emergence.theory.Prediction;
import dev.emergence.theory.Relation;
import dev.emergence.theory.TheoryCurves;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The names that files may use are those that other packages know. */
class NamesTest {
  @Test
  void predictions_are_those_of_the_theory() {
    assertThat(Names.PREDICTIONS)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Prediction.values()).map(Prediction::word).toList());
  }

  @Test
  void courses_are_those_of_the_theory() {
    assertThat(Names.COURSES).containsExactlyInAnyOrderElementsOf(TheoryCurves.names());
  }

  @Test
  void relations_are_those_of_the_theory() {
    RunConfig toy =
        SpecReader.read(Path.of("dsl-examples/paper1/fig6.yaml"), ReadOptions.none())
            .spec()
            .orElseThrow()
            .base();
    assertThat(Names.RELATIONS)
        .allSatisfy(name -> assertThat(Relation.of(name, toy, 3).points()).hasDimensions(3, 2));
  }
}
