package dev.emergence.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DerivedTest {
  private static final List<String> COLUMNS =
      List.of("attention.", "attention.1.relevant", "attention.2.relevant", "test.loss", "x.x");

  private static List<String> from(String name) {
    return Derived.parse(name).orElseThrow().from(COLUMNS);
  }

  @Test
  void a_star_stands_for_one_letter_at_least() {
    assertThat(from("max(attention.*)"))
        .containsExactly("attention.1.relevant", "attention.2.relevant");
    assertThat(from("min(attention.*.relevant)"))
        .containsExactly("attention.1.relevant", "attention.2.relevant");
    assertThat(from("max(x*.x)")).isEmpty();
    assertThat(from("max(none*)")).isEmpty();
  }

  @Test
  void shares_are_of_the_same_columns() {
    assertThat(from("max(attention.*.relevant:initial)"))
        .containsExactly("attention.1.relevant", "attention.2.relevant");
    assertThat(Derived.parse("max(a*b:initial)").orElseThrow().shares()).isTrue();
    assertThat(Derived.parse("max(a*b)").orElseThrow().shares()).isFalse();
  }

  @Test
  void a_gain_is_of_the_column_of_its_name() {
    assertThat(from("test.loss_gain")).containsExactly("test.loss");
    assertThat(Derived.parse("test.loss_gain").orElseThrow().how()).isEqualTo(Derived.How.GAIN);
    assertThat(Derived.parse("min(a*b)").orElseThrow().how()).isEqualTo(Derived.How.MIN);
    assertThat(Derived.parse("max(a*b)").orElseThrow().how()).isEqualTo(Derived.How.MAX);
  }

  @Test
  void other_names_are_not_derived() {
    for (String name : List.of("test.loss", "min(x)", "max(x.*", "mean(x.*)", "a*b")) {
      assertThat(Derived.parse(name)).as(name).isEmpty();
    }
  }
}
