package dev.emergence.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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

  @Test
  void of_very_many_units_groups_are_left_out_that_hold_each_unit_once() {
    assertThat(LeftOut.each(2000).sets())
        .hasSize(2000)
        .allMatch(set -> set.cardinality() == 1)
        .doesNotHaveDuplicates();
    LeftOut groups = LeftOut.each(2001);
    assertThat(groups.sets()).hasSize(200).extracting(BitSet::cardinality).containsOnly(10, 11);
    BitSet all = new BitSet();
    groups.sets().forEach(all::or);
    assertThat(all.cardinality()).isEqualTo(2001);
    assertThat(groups.factor(2001)).isCloseTo(199.0 / 200, within(1e-12));
    assertThat(groups).isEqualTo(LeftOut.each(2001));
  }
}
