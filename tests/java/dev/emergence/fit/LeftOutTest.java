package dev.emergence.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeftOutTest {
  @ParameterizedTest
  @CsvSource({"3, 3", "4, 6", "7, 35", "8, 70", "9, 126", "10, 252"})
  void of_few_units_every_half_is_left_out_once(int units, int sets) {
    LeftOut halves = LeftOut.halves(units);
    assertThat(halves.sets()).hasSize(sets).doesNotHaveDuplicates();
    assertThat(halves.sets()).extracting(BitSet::cardinality).containsOnly(units / 2);
    assertThat(halves.each()).isEqualTo(units / 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {11, 12})
  void of_many_units_some_halves_are_drawn_the_same_each_time(int units) {
    LeftOut halves = LeftOut.halves(units);
    assertThat(halves.sets()).hasSize(300);
    assertThat(halves.sets()).extracting(BitSet::cardinality).containsOnly(units / 2);
    assertThat(halves).isEqualTo(LeftOut.halves(units));
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
    assertThat(groups.sets().get(0).stream().map(unit -> unit % 200).distinct().count())
        .as("groups follow no order of the units")
        .isGreaterThan(5);
  }
}
