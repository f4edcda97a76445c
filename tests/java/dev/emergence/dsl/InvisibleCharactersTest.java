package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an editor does not show is named. */
class InvisibleCharactersTest {
  private static final String FILE =
      """
      dsl: 1
      name: x
      description: "with\u00A0a space of another width" # and\u2003here
      task: {kind: linear_regression, dim: 2, sequence_length: 4}
      training:
        optimizer: {kind: adam, learning_rate: 3.0e-3}
      """;

  @Test
  void spaces_of_other_widths_may_stand_in_quotes_and_comments() {
    assertThat(read(FILE)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "00A0, a no-break space (U+00A0) is not allowed",
    "2003, the space-like character U+2003 is not allowed",
    "3000, the space-like character U+3000 is not allowed",
    "200B, the invisible character U+200B is not allowed",
    "FEFF, the invisible character U+FEFF is not allowed"
  })
  void in_the_indentation_they_are_named(String hex, String message) {
    String hidden = Character.toString(Integer.parseInt(hex, 16));
    assertThat(read(FILE.replace("  optimizer", hidden + " optimizer")))
        .startsWith("x.yaml:6:1: error E103: " + message);
    assertThat(read(FILE.replace("dim: 2", "dim:" + hidden + "2"))).contains(message);
  }

  @Test
  void a_tab_after_a_key_is_a_tab() {
    assertThat(read(FILE.replace("name: x", "name:\tx")))
        .startsWith("x.yaml:2:6: error E101: a tab cannot stand between a key and its value");
  }

  @ParameterizedTest
  @CsvSource({
    "training:, 'training:\t', 'x.yaml:5:10: error E101: a tab cannot end a line; delete it'",
    "training:, 'training:\t# how', 'x.yaml:5:10: error E101: a tab cannot stand before this'",
    "training:, '\t\ntraining:', 'x.yaml:5:1: error E101: an empty line cannot hold a tab'",
    "training:, '\t# how\ntraining:', 'x.yaml:5:1: error E101: a tab cannot indent YAML'"
  })
  void a_tab_that_nobody_sees_is_said_to_be_where_it_is(String at, String tab, String message) {
    assertThat(read(FILE.replace(at, tab))).startsWith(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2010", "2011", "2012", "2013", "2014", "2212", "FF0D"})
  void a_dash_for_a_minus_is_answered_with_the_number(String hex) {
    String dash = Character.toString(Integer.parseInt(hex, 16));
    assertThat(read(FILE.replace("e-3", "e" + dash + "3")))
        .contains("error E106: write 3.0e-3 for '3.0e" + dash + "3'");
  }

  private static String read(String text) {
    return SpecReader.read("x.yaml", text, ReadOptions.none()).toText();
  }
}
