package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.expr.Names;
import dev.emergence.task.Replica;
import dev.emergence.task.Tasks;
import dev.emergence.theory.Prediction;
import dev.emergence.theory.Relation;
import dev.emergence.theory.TheoryCurves;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The names that files may use are those that other packages know. */
class NamesTest {
  @Test
  void predictions_are_those_of_the_theory() {
    assertThat(Names.PREDICTIONS)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Prediction.values()).map(Prediction::word).toList());
  }

  @Test
  void courses_are_those_of_the_theory() {
    assertThat(Names.COURSES).containsExactlyInAnyOrderElementsOf(TheoryCurves.names());
  }

  @Test
  void relations_are_those_of_the_theory() {
    RunConfig toy =
        SpecReader.read(Path.of("dsl-examples/paper1/fig6.yaml"), ReadOptions.none())
            .spec()
            .orElseThrow()
            .base();
    assertThat(Names.RELATIONS)
        .allSatisfy(name -> assertThat(Relation.of(name, toy, 3).points()).hasDimensions(3, 2));
  }

  @Test
  void levels_are_those_of_the_tasks() {
    String files =
        """
        {kind: linear_regression, dim: 4, sequence_length: 6}
        {kind: associative_recall, pairs: 4, tokens: 16}
        {kind: linear_map, cells: 4, parents: 4}
        {kind: cellular_automaton, cells: 4, states: 3, rules: 4}
        {kind: block_recall, blocks: 3, attributes: 2, relevant: 1}
        {kind: markov_chain}
        {kind: multi_query_recall, pairs: 3}
        {kind: in_context_classification, pairs: 3}
        {kind: interleaved_chains}
        {kind: causal_graph}
        {kind: trigger_bigrams}
        {kind: modular_addition}
        {kind: window_sum}
        """;
    Set<String> known = new TreeSet<>();
    for (String task : files.split("\n")) {
      String file = "dsl: 1\nname: levels\ntask: " + task + "\n";
      RunConfig config =
          SpecReader.read("levels.yaml", file, ReadOptions.none()).spec().orElseThrow().base();
      Tasks.levels(new Replica(config, 3), "test").forEach(level -> known.add(level.name()));
    }
    RunConfig prompts =
        SpecReader.read(
                "prompts.yaml",
                """
                dsl: 1
                name: prompts
                task: {kind: synthetic_language}
                measurement: {test_sets: {test: {prompts: ioi}}}
                """,
                ReadOptions.none())
            .spec()
            .orElseThrow()
            .base();
    Tasks.levels(new Replica(prompts, 3), "test").forEach(level -> known.add(level.name()));
    assertThat(known).contains("rows_1").allMatch(Names::isLevel);
    known.removeIf(name -> name.startsWith("rows_"));
    assertThat(Names.LEVELS).containsExactlyInAnyOrderElementsOf(known);
  }
}
