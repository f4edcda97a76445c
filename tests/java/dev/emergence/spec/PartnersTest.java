package dev.emergence.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Yaml;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PartnersTest {
  private static final RunConfig CONFIG = Yaml.plan(Yaml.TINY).runs().get(0).run().config();

  private static Condition of(String variant, Map<String, Object> values) {
    return new Condition("s", variant, values, CONFIG);
  }

  @Test
  void the_first_that_agrees_in_all_its_values_but_the_excepted_is_found() {
    List<Condition> among =
        List.of(
            of("v", Map.of("a", 1, "b", 5)),
            of("v", Map.of("a", 2, "b", 6)),
            of("v", Map.of("a", 2, "b", 7)),
            of("v", Map.of("b", 8)));
    Partners partners = new Partners(among, Set.of("b"));
    assertThat(partners.of(of("v", Map.of("a", 2, "b", 9)))).hasValue(1);
    assertThat(partners.of(of("v", Map.of("a", 1)))).hasValue(0);
    // The last one asks for nothing.
    assertThat(partners.of(of("v", Map.of("a", 3)))).hasValue(3);
    assertThat(partners.of(of("w", Map.of("a", 2)))).isEmpty();
    assertThat(new Partners(among, Set.of("b", "variant")).of(of("w", Map.of("a", 2)))).hasValue(1);
    assertThat(new Partners(among, Set.of()).of(of("v", Map.of("a", 2)))).isEmpty();
    assertThat(new Partners(List.of(), Set.of()).of(among.get(0))).isEmpty();
  }

  @Test
  @Timeout(20)
  void those_of_very_many_conditions_are_found_without_comparing_all_pairs() {
    int count = 100_000;
    List<Condition> among =
        IntStream.range(0, count).mapToObj(i -> of("", Map.of("a", i, "b", 0))).toList();
    Partners partners = new Partners(among, Set.of("b"));
    for (int i = count - 1; i >= 0; i--) {
      assertThat(partners.of(of("", Map.of("a", i, "b", 1)))).isEqualTo(OptionalInt.of(i));
    }
  }
}
