package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Levels of accuracy that follow from the levels of loss of the same predictors. */
class LevelsOfAccuracyTest {

  /** A predictor's levels of its loss and its accuracy. */
  private record Pair(double loss, double accuracy) {}

  private static Map<String, Pair> levels(String task) {
    List<Level> levels = Tasks.levels(new Replica(Configs.plain(task), 3), "test");
    Map<String, Pair> out = new LinkedHashMap<>();
    for (Level level : levels) {
      if (level.metric().equals("loss")) {
        out.put(level.name(), new Pair(level.value(), accuracy(levels, level.name())));
      }
    }
    return out;
  }

  private static double accuracy(List<Level> levels, String name) {
    return levels.stream()
        .filter(l -> l.name().equals(name) && l.metric().equals("accuracy"))
        .mapToDouble(Level::value)
        .findFirst()
        .orElse(Double.NaN);
  }

  /**
   * One who knows all chances has a mean loss of minus the mean of the logarithm of what came, so
   * that exp(-loss) is at most the chance of what came, and that at most of the likeliest.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{kind: markov_chain, symbols: 5, sequence_length: 40}",
        "{kind: interleaved_chains, symbols: 3, sequence_length: 30}",
        "{kind: causal_graph, symbols: 3, sequence_length: 20}",
        "{kind: synthetic_language, vocabulary: 70, sequence_length: 33, zipf: 0.9}",
        "{kind: cellular_automaton, cells: 6, colours: 3}",
        "{kind: cellular_automaton, cells: 6, colours: 3, rules: 20}"
      })
  void an_oracle_hits_at_least_as_often_as_its_loss_says(String task) {
    Pair oracle = levels(task).get("oracle");
    assertThat(oracle.accuracy()).isBetween(Math.exp(-oracle.loss()), 1.0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{kind: markov_chain, symbols: 5, sequence_length: 40}",
        "{kind: interleaved_chains, symbols: 3, sequence_length: 30}",
        "{kind: causal_graph, symbols: 3, sequence_length: 20}"
      })
  void to_guess_among_all_symbols_hits_one_in_as_many(String task) {
    Pair blind = levels(task).get("blind");
    assertThat(blind.accuracy()).isCloseTo(Math.exp(-blind.loss()), within(1e-12));
  }

  /** Each token is certain or one of all colours; of two rules and two colours, too. */
  @ParameterizedTest(name = "{0} colours, rules: {1}, {2} applications")
  @CsvSource({"4, fresh, 1", "3, fresh, 1", "3, fresh, 2", "2, 2, 1", "2, 2, 2"})
  void where_tokens_are_certain_or_open_both_levels_count_the_open_ones(
      int colours, String rules, int applications) {
    Pair oracle =
        levels(
                "{kind: cellular_automaton, cells: 7, colours: %d, rules: %s, applications: %d}"
                    .formatted(colours, rules, applications))
            .get("oracle");
    double open = oracle.loss() / Math.log(colours);
    assertThat(open).isBetween(0.01, 0.99);
    assertThat(oracle.accuracy()).isCloseTo(1 - open * (1 - 1.0 / colours), within(1e-9));
  }

  @Test
  void who_infers_the_lag_is_better_than_who_does_not_and_all_are_than_chance() {
    Map<String, Pair> levels =
        levels("{kind: interleaved_chains, symbols: 4, sequence_length: 60}");
    assertThat(levels.keySet()).containsExactly("oracle", "any_lag", "unigram", "blind");
    assertThat(levels.values()).noneMatch(pair -> Double.isNaN(pair.accuracy()));
    assertThat(levels.get("oracle").loss()).isLessThan(levels.get("any_lag").loss());
    assertThat(levels.get("any_lag").loss()).isLessThan(levels.get("unigram").loss());
    assertThat(levels.get("unigram").loss()).isLessThan(levels.get("blind").loss());
  }
}
