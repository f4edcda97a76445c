package dev.emergence.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RichTextTest {

  @Test
  void symbols_are_written_as_the_papers_write_them() {
    assertThat(RichText.symbol("d").spans())
        .containsExactly(new RichText.Span("d", true, RichText.Level.BASE));
    assertThat(RichText.symbol("alpha").letters()).isEqualTo("α");
    assertThat(RichText.symbol("N_pairs").spans())
        .containsExactly(
            new RichText.Span("N", true, RichText.Level.BASE),
            new RichText.Span("pairs", false, RichText.Level.LOWERED));
    assertThat(RichText.symbol("embedding_dim").spans())
        .containsExactly(new RichText.Span("embedding dim", false, RichText.Level.BASE));
  }

  @Test
  void numbers_are_short_and_very_large_ones_powers() {
    assertThat(RichText.ofNumber(16).letters()).isEqualTo("16");
    assertThat(RichText.ofNumber(0.1 + 0.2).letters()).isEqualTo("0.3");
    assertThat(RichText.ofNumber(-2.5).letters()).isEqualTo("−2.5");
    assertThat(RichText.ofNumber(1e-4).letters()).isEqualTo("10−4");
    assertThat(RichText.ofNumber(3e-4).letters()).isEqualTo("3·10−4");
    assertThat(RichText.ofNumber(2.5e6).letters()).isEqualTo("2.5·106");
    assertThat(RichText.ofNumber(9.99996e-5).letters()).isEqualTo("10−4");
    assertThat(RichText.ofNumber(-1.23456e-5).letters()).isEqualTo("−1.235·10−5");
    assertThat(RichText.ofNumber(Double.MIN_VALUE).letters()).isEqualTo("4.941·10−324");
    assertThat(RichText.ofNumber(Double.NaN).letters()).isEqualTo("NaN");
  }

  @Test
  void control_characters_become_spaces() {
    assertThat(RichText.plain("a\u0000b\nc").letters()).isEqualTo("a b c");
  }

  @Test
  void text_is_cut_at_a_width() {
    RichText cut = RichText.symbol("N_pairs").then(" and much more text").within(10, 60);
    assertThat(cut.letters()).startsWith("Npairs").endsWith("…");
    assertThat(cut.width(10)).isLessThanOrEqualTo(60);
  }

  @Test
  void as_much_is_kept_as_fits_whether_letters_are_lowered_or_not() {
    String name = "pairspairspairs";
    RichText text = RichText.symbol("N_" + name).then(" and much more text");
    String letters = text.letters();
    for (double width = 20; width < text.width(10); width += 0.7) {
      RichText cut = text.within(10, width);
      assertThat(cut.width(10)).isLessThanOrEqualTo(width + 1e-6);
      int kept = cut.letters().length() - 1;
      assertThat(cut.letters()).isEqualTo(letters.substring(0, kept) + "…");
      boolean lowered = kept > 0 && kept <= name.length();
      RichText next =
          lowered
              ? RichText.symbol("N_" + letters.substring(1, kept + 1))
              : RichText.symbol("N_" + name).then(letters.substring(name.length() + 1, kept + 1));
      assertThat(next.then("…").width(10)).as("one letter more than %s", cut).isGreaterThan(width);
    }
    assertThat(text.within(10, text.width(10))).isEqualTo(text);
  }
}
