package dev.emergence.task;

import static dev.emergence.task.LinearMapPropertiesTest.map;
import static dev.emergence.task.LinearMapPropertiesTest.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.LinearMap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What predictors of linear maps reach. */
class LinearMapLevelsTest {
  @Provide
  Arbitrary<LinearMap> maps() {
    return new LinearMapPropertiesTest().maps();
  }

  @Example
  void floors_and_the_ladder_of_rows_are_those_read_off_the_figures() {
    double[] floors = {0.3235, 0.3354, 0.3411};
    int[] sizes = {8, 16, 32};
    for (int k = 0; k < sizes.length; k++) {
      assertThat(loss(map(sizes[k], 3), "oracle")).isCloseTo(floors[k], within(5e-5));
      assertThat(loss(map(sizes[k], 3), "blind")).isEqualTo(Math.log(2));
    }
    assertThat(loss(map(16, 3), "rows_4")).isCloseTo(0.604, within(5e-4));
    assertThat(loss(map(16, 3), "rows_5")).isCloseTo(0.5813, within(5e-4));
    assertThat(loss(map(16, 3), "rows_12")).isCloseTo(0.4248, within(5e-4));
    assertThat(loss(map(16, 3), "rows_15")).isCloseTo(0.3578, within(5e-4));
    assertThat(loss(map(16, 16), "copier")).isCloseTo(0.3578, within(5e-5));
    assertThat(loss(map(32, 32), "copier")).isCloseTo(0.3521, within(5e-5));
  }

  /** The copier needs an output that it sees and others that equal it. */
  @Property(tries = 200)
  void levels_are_of_the_strategies_that_there_are(@ForAll("maps") LinearMap spec) {
    List<String> names = new ArrayList<>(List.of("oracle", "blind"));
    if (spec.states() == 2) {
      IntStream.range(1, spec.written()).forEach(rows -> names.add("rows_" + rows));
      boolean copies = spec.parents() == spec.cells() && spec.written() > 1;
      names.addAll(copies && !spec.outputsHidden() ? List.of("copier") : List.of());
    }
    assertThat(task(spec, 1).levels("test"))
        .filteredOn(level -> level.metric().equals("loss"))
        .extracting(Level::name)
        .containsExactlyElementsOf(names);
  }

  @Example
  void guesses_are_right_as_often_as_there_are_colours_and_a_ladder_says_its_rung() {
    List<Level> levels = task(map(16, 16), 1).levels("test");
    assertThat(levels)
        .filteredOn(level -> level.metric().equals("accuracy") && !level.name().equals("oracle"))
        .extracting(Level::value)
        .containsExactly(0.5, (15 + 16 * 0.5) / 31);
    assertThat(levels)
        .filteredOn(level -> level.name().equals("rows_2"))
        .extracting(Level::doc)
        .containsExactly("2 of 16 rows known, the others guessed");
  }

  private static double loss(LinearMap spec, String level) {
    List<Level> levels = task(spec, 1).levels("test");
    return levels.stream()
        .filter(l -> l.name().equals(level) && l.metric().equals("loss"))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
