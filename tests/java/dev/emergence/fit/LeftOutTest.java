package dev.emergence.fit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class LeftOutTest {
  @Test
  void of_few_units_every_half_is_left_out_once() {
    LeftOut halves = LeftOut.halves(7);
    assertThat(halves.sets()).hasSize(35).doesNotHaveDuplicates();
    assertThat(halves.sets()).extracting(BitSet::cardinality).containsOnly(3);
    assertThat(halves.each()).isEqualTo(3);
  }

  @Test
  void of_many_units_some_halves_are_drawn_the_same_each_time() {
    LeftOut halves = LeftOut.halves(12);
    assertThat(halves.sets()).hasSize(300);
    assertThat(halves.sets()).extracting(BitSet::cardinality).containsOnly(6);
    assertThat(halves).isEqualTo(LeftOut.halves(12));
  }
}
