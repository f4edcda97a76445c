package dev.emergence.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordingTest {
  private static final double SIZE = 8;

  private static List<String> lines(String text, double width, int most) {
    return Wording.lines(RichText.plain(text), SIZE, width, most).stream()
        .map(RichText::letters)
        .toList();
  }

  private static double width(String text) {
    return RichText.plain(text).width(SIZE);
  }

  @Test
  void a_line_that_fits_exactly_is_not_broken() {
    double exact = width("one two");
    assertThat(lines("one two three", exact, 3)).containsExactly("one two", "three");
    assertThat(lines("one two", exact, 3)).containsExactly("one two");
    assertThat(lines("one two three", exact - 0.01, 3)).startsWith("one");
  }

  @Test
  void what_has_no_room_is_cut_and_said() {
    List<String> lines = lines("one two three four", width("one two …"), 1);
    assertThat(lines).containsExactly("one two …");
  }

  @Test
  void what_texts_share_at_both_ends_is_left_out_once() {
    List<RichText> texts = List.of(RichText.plain("warm up"), RichText.plain("warm warm up"));
    assertThat(Wording.shortened(texts, SIZE, 5).stream().map(RichText::letters))
        .containsExactly("…up", "…warm up");
    List<RichText> middles = List.of(RichText.plain("a long b"), RichText.plain("a short b"));
    assertThat(Wording.shortened(middles, SIZE, 5).stream().map(t -> t.letters().replace(" ", "")))
        .containsExactly("…long…", "…short…");
  }
}
