package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.bind.Suggestions;
import dev.emergence.dsl.yaml.Diagnostic;
import dev.emergence.dsl.yaml.Spelling;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Spelling and suggestions. */
class WordsTest {
  private static final List<String> KNOWN =
      List.of(
          "heads",
          "layers",
          "learning_rate",
          "embedding_dim",
          "sequence_length",
          "batch_size",
          "T");

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "10", "1.5", "1e-4", "1.0e-4", "0.0001", "5E4", "-0.5e+3"})
  void numbers_have_one_spelling(String text) {
    assertThat(Spelling.isNumber(text)).isTrue();
    assertThat(Spelling.number(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "010 | 10",
        "1_000 | 1000",
        ".5 | 0.5",
        "5. | 5.0",
        "0x10 | 16",
        "0o17 | 15",
        "0b101 | 5",
        "+3 | 3",
        "1,000 | 1000",
        "-.5e2 | -0.5e2",
        "00 | 0",
        "1e+05 | 1e05"
      })
  void odd_numbers_have_a_right_spelling(String odd, String right) {
    assertThat(Spelling.isNumber(odd) && !odd.equals("1e+05")).isFalse();
    if (!odd.equals("1e+05")) {
      assertThat(Spelling.number(odd)).contains(right);
      assertThat(Spelling.isNumber(right)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "", ".", "-", "1.2.3", "0xZZ", "1__", "e5", "12 monkeys"})
  void words_are_no_odd_numbers(String text) {
    assertThat(Spelling.number(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "haeds, heads",
    "head, heads",
    "lr, learning_rate",
    "n_heads, heads",
    "d_model, embedding_dim",
    "seq_len, sequence_length",
    "bs, batch_size",
    "learning_rat, learning_rate",
    "embed, embedding_dim",
    "Layers, layers",
    "LEARNING_RATE, learning_rate",
    "sequence_lenght, sequence_length",
    "batchsize, batch_size",
    "n_layers, layers",
    "rate, learning_rate"
  })
  void the_likeliest_word_is_proposed(String wrong, String right) {
    assertThat(Suggestions.nearest(wrong, KNOWN)).contains(right);
  }

  @ParameterizedTest
  @ValueSource(strings = {"q", "zzz", "xyzzy", "d", ""})
  void nothing_is_proposed_for_what_is_far_from_everything(String wrong) {
    assertThat(Suggestions.nearest(wrong, KNOWN)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ab, ba, 1",
    "abc, abc, 0",
    "abc, ab, 1",
    "abcd, acbd, 1",
    "kitten, sitting, 3",
    "'', abc, 3"
  })
  void distances_count_swaps_of_neighbours_as_one(String a, String b, int distance) {
    assertThat(Suggestions.distance(a, b)).isEqualTo(distance);
    assertThat(Suggestions.distance(b, a)).isEqualTo(distance);
  }

  @Test
  void words_that_are_no_single_key_here_get_advice() {
    assertThat(Suggestions.meant("betas", KNOWN)).isEqualTo("write beta1: 0.9, beta2: 0.999");
    assertThat(Suggestions.nearest("betas", List.of("beta1", "beta2"))).isEmpty();
    assertThat(Suggestions.meant("epochs", KNOWN)).isEqualTo("data are endless; use max_steps");
    assertThat(Suggestions.meant("burstiness", KNOWN))
        .isEqualTo("did you mean repetition.in_context?");
  }

  @Test
  void json_says_the_same_as_text() {
    Reading reading = Experiment.with("training: {batch_sizes: 3}\n").read();
    JsonNode list = JsonMapper.builder().build().readTree(reading.toJson());
    assertThat(list.size()).isEqualTo(1);
    JsonNode first = list.get(0);
    assertThat(
            Map.of(
                "code",
                first.get("code").asString(),
                "file",
                first.get("file").asString(),
                "severity",
                first.get("severity").asString()))
        .isEqualTo(Map.of("code", "E102", "file", "experiment.yaml", "severity", "error"));
    assertThat(first.get("line").asInt()).isEqualTo(4);
    assertThat(first.get("column").asInt()).isEqualTo(12);
    assertThat(first.get("length").asInt()).isEqualTo("batch_sizes".length());
    assertThat(first.get("source").asString()).isEqualTo("training: {batch_sizes: 3}");
    assertThat(first.get("hints").get(0).asString()).startsWith("did you mean 'batch_size'?");
  }

  @Test
  void messages_are_sorted_by_place() {
    Reading reading =
        Experiment.with("zzz: 1\nexecution: {retries: -1}\naaa: 1\n").set("task.dimm=3").read();
    assertThat(reading.diagnostics()).extracting(Diagnostic::line).containsExactly(4, 5, 6, 0);
  }
}
