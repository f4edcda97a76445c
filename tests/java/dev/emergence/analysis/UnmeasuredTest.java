package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Plan;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Runs of which some have no number of a metric. */
class UnmeasuredTest {
  private static final String BIGRAMS =
      """
      dsl: 1
      name: bigrams
      task: {kind: trigger_bigrams, vocabulary: 64, sequence_length: 8}
      training: {max_steps: 30}
      measurement:
        evaluate_every: 10
        evaluate_samples: 5
        test_sets: {test: {}, triggers: {prompts: triggers}}
        attention: {record: [parents]}
        thresholds:
          found: {metric: triggers.accuracy, above: 0.5}
          sure: {metric: triggers.loss, below: 0.5}
          learned: {metric: test.loss, below: 2}
          %s
      seeds: {count: 4}
      sweeps: {all: {}}
      claims:
        ends: {kind: seed_range, data: all, of: triggers.loss, at_least: 1}
        waits: {kind: exponential, data: all, threshold: found, expect: exponential}
      """;

  /** The columns that runs of each seed have; all pass their levels at step 20. */
  private static Analysis analysis(String more, List<List<String>> columns) {
    return analysisOf(BIGRAMS.formatted(more), columns);
  }

  private static Analysis analysisOf(String text, List<List<String>> columns) {
    Plan plan = Fabricated.planOf(text);
    Map<String, StoredRun> runs = new LinkedHashMap<>();
    plan.runs()
        .forEach(
            planned -> {
              List<String> own = columns.get(planned.run().seed());
              double[] steps = {0, 10, 20, 30};
              double[][] values = new double[steps.length][own.size()];
              for (int row = 0; row < steps.length; row++) {
                for (int c = 0; c < own.size(); c++) {
                  boolean loss = own.get(c).endsWith("loss");
                  boolean early = steps[row] < 20;
                  values[row][c] = loss ? (early ? 3 : 0.3) : early ? 0.2 : 0.7;
                }
              }
              Outcome whole = new Outcome(Outcome.State.COMPLETE, 30, "", 1, 1.5);
              Curve curve = new Curve(own, steps, values);
              runs.put(planned.id(), new StoredRun(planned.run(), whole, curve));
            });
    return Analysis.of(plan, runs);
  }

  private static List<List<String>> seeds(int without) {
    List<String> all = List.of("test.loss", "triggers.loss", "triggers.accuracy");
    List<List<String>> out = new ArrayList<>();
    for (int seed = 0; seed < 4; seed++) {
      out.add(seed < without ? List.of("test.loss") : all);
    }
    return out;
  }

  /** A run without a number is no evidence that nothing emerges. */
  @Test
  void two_results_agree_only_in_what_was_measured() {
    Analysis all = analysis("", seeds(0));
    Analysis some = analysis("", seeds(1));
    Comparison.Times found = new Comparison(all, some).times().get(0);
    assertThat(found.threshold()).isEqualTo("found");
    assertThat(found.unknown()).isEqualTo(1);
    assertThat(found.onlyOne()).isZero();
    assertThat(found.pairs()).isEqualTo(3);
    assertThat(found.within(1)).isFalse();
    assertThat(new Comparison(some, some).times().get(0).neither()).isZero();
  }

  @Test
  void a_test_set_in_which_nothing_is_scored_is_said_once_for_all_its_thresholds() {
    assertThat(analysis("", seeds(3)).notes())
        .containsExactly(
            "nothing is scored in the test set triggers in 3 of 4 runs: its metrics have no number,"
                + " and found, sure are never passed there; with more evaluate_samples than 5 it"
                + " may hold something");
    assertThat(analysis("", seeds(0)).notes()).isEmpty();
  }

  @Test
  void another_metric_of_a_threshold_is_named() {
    Analysis analysis = analysis("seen: {metric: attention.parents, above: 0.5}", seeds(0));
    assertThat(analysis.notes())
        .containsExactly(
            "attention.parents has no number in 4 of 4 runs, and seen is never passed there");
  }

  @Test
  void of_more_than_four_metrics_the_rest_is_counted() {
    StringBuilder more = new StringBuilder();
    for (String head : List.of("1.1", "1.2", "1.3", "1.4", "2.1", "2.2")) {
      more.append(
          "h%s: {metric: attention.%s.parents, above: 0.5}\n    "
              .formatted(head.replace('.', '_'), head));
    }
    List<String> notes = analysis(more.toString(), seeds(0)).notes();
    assertThat(notes).hasSize(5).endsWith("2 more metrics of thresholds have no number");
  }

  @Test
  void four_metrics_are_all_named() {
    StringBuilder more = new StringBuilder();
    for (String head : List.of("1.1", "1.2", "2.1", "2.2")) {
      more.append(
          "h%s: {metric: attention.%s.parents, above: 0.5}\n    "
              .formatted(head.replace('.', '_'), head));
    }
    assertThat(analysis(more.toString(), seeds(0)).notes())
        .hasSize(4)
        .allMatch(note -> note.contains(" has no number in 4 of 4 runs"));
  }

  /** A set is not meant by what only begins like its name. */
  @Test
  void a_threshold_is_of_its_own_set() {
    String text = BIGRAMS.replace("test: {},", "test: {}, tri: {prompts: triggers},");
    List<String> columns = List.of("test.loss", "triggers.loss");
    assertThat(analysisOf(text.formatted(""), Collections.nCopies(4, columns)).notes())
        .containsExactly(
            "nothing is scored in the test set tri in 4 of 4 runs: its metrics have no number; with"
                + " more evaluate_samples than 5 it may hold something",
            "triggers.accuracy has no number in 4 of 4 runs, and found is never passed there");
  }

  /** A metric is not meant by its slices. */
  @Test
  void a_slice_of_a_metric_without_a_number_is_named_by_itself() {
    String text =
        """
        dsl: 1
        name: slices
        task: {kind: window_sum, numbers: 3, modulus: 4, scored: all}
        training: {max_steps: 30}
        measurement:
          evaluate_every: 10
          record: [repetition]
          thresholds:
            all: {metric: test.repetition, above: 0.5}
            out: {metric: test.repetition.out, above: 0.5}
        seeds: {count: 4}
        sweeps: {all: {}}
        """;
    assertThat(analysisOf(text, Collections.nCopies(4, List.of("test.loss"))).notes())
        .containsExactly(
            "test.repetition has no number in 4 of 4 runs, and all is never passed there",
            "test.repetition.out has no number in 4 of 4 runs, and out is never passed there");
  }

  /** It is no point at step 0, which it would be with what was not crossed from the start on. */
  @Test
  void such_a_run_has_no_time_and_is_not_unreached() {
    Cell cell = analysis("", seeds(3)).cells("all").get(0);
    Observation without = cell.seeds().get(0);
    assertThat(without.state("found")).isEqualTo(State.UNMEASURED);
    assertThat(without.value("found.steps")).isEqualTo(Optional.empty());
    assertThat(without.waited("found")).isEqualTo(Optional.empty());
    assertThat(without.state("learned")).isEqualTo(State.REACHED);
    assertThat(cell.seeds().get(3).state("found")).isEqualTo(State.REACHED);
    assertThat(cell.meanWithUnreachedAtEnd("found")).isNaN();
    assertThat(cell.meanWithUnreachedAtEnd("learned")).isEqualTo(20);
    assertThat(Center.reached(cell, "found")).isEqualTo("1/4 (3 unmeasured)");
    assertThat(Center.meanTime(cell, "found").value()).isEqualTo(20);
  }

  @Test
  void claims_say_of_how_many_runs_there_is_no_number() {
    Map<String, ClaimReport> claims = analysis("", seeds(3)).claims();
    assertThat(claims.get("ends").verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(claims.get("ends").reason()).endsWith("; 3 of 4 runs have no triggers.loss");
    assertThat(claims.get("waits").reason())
        .endsWith("; 3 of 4 runs have no number of the metric of found and are left out");
  }
}
