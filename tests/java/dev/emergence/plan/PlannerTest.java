package dev.emergence.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Edited;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.Streams;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlannerTest {
  @Test
  void conditions_of_equal_identity_share_one_run() {
    Plan plan = Yaml.plan(Yaml.TINY);
    assertThat(plan.assignments()).hasSize(8);
    assertThat(plan.runs()).hasSize(6);
    Set<String> sizes =
        plan.assignments("sizes").stream().map(Assignment::run).collect(Collectors.toSet());
    Set<String> copies =
        plan.assignments("copies").stream().map(Assignment::run).collect(Collectors.toSet());
    sizes.retainAll(copies);
    assertThat(sizes).hasSize(2);
  }

  @Test
  void every_assignment_names_a_run_with_its_seed_and_identity() {
    Plan plan = Yaml.plan(Yaml.TINY);
    for (Assignment a : plan.assignments()) {
      Run run = plan.byId().get(a.run()).run();
      assertThat(run.seed()).isEqualTo(a.seed());
      assertThat(RunId.of(a.condition().config(), a.seed())).isEqualTo(run.id());
    }
    assertThat(plan.assignments("sizes").stream().map(Assignment::seed))
        .containsExactly(3, 4, 3, 4);
    assertThat(plan.assignments("sizes").stream().map(Assignment::index))
        .containsExactly(0, 0, 1, 1);
  }

  @Test
  void a_shared_run_does_the_most_that_anyone_asks_for() {
    String yaml =
        Edited.text(
            Yaml.TINY,
            "  copies:\n",
            "  copies:\n"
                + "    set:\n"
                + "      training.max_steps: 90\n"
                + "      measurement.thresholds.plateau: {metric: test.loss, below: 0.2}\n"
                + "      measurement.thresholds.late: {metric: test.loss, below: 0.1}\n"
                + "      measurement.attention.pictures_at: [last]\n");
    Plan plan = Yaml.plan(yaml);
    PlannedRun shared = plan.byId().get(plan.assignments("sizes").get(0).run());
    RunConfig config = shared.run().config();
    assertThat(config.training().maxSteps()).isEqualTo(90);
    assertThat(config.measurement().thresholds()).containsOnlyKeys("plateau", "plateau_2", "late");
    assertThat(
            config.measurement().thresholds().values().stream().map(t -> t.below().orElseThrow()))
        .containsExactlyInAnyOrder(0.3, 0.2, 0.1);
    assertThat(config.measurement().stop())
        .isEqualTo(new MeasurementSpec.Stop(Optional.empty(), 0.5, true));
    assertThat(config.measurement().attention().picturesAt()).containsExactly("last");
    assertThat(shared.demands().stream().map(Demand::maxSteps)).containsExactlyInAnyOrder(60L, 90L);
    assertThat(RunId.of(config, 3)).isEqualTo(shared.id());
  }

  @Test
  void a_shared_run_keeps_a_stop_only_where_all_wait_for_the_same_levels() {
    String two =
        Edited.text(
            Yaml.TINY,
            "stop: {when: plateau, extra: 50%}",
            "stop: {when: plateau, and: [late], extra: 50%}",
            "    plateau: {",
            "    late: {metric: test.loss, below: 0.2}\n    plateau: {");
    MeasurementSpec.Stop wanted =
        new MeasurementSpec.Stop(Optional.of("plateau"), List.of("late"), 0.5, false);
    assertThat(stopOfShared(two)).isEqualTo(wanted);
    String other = "  copies:\n    set: {measurement.thresholds.late.below: 0.1}\n";
    assertThat(stopOfShared(Edited.text(two, "  copies:\n", other)))
        .isEqualTo(new MeasurementSpec.Stop(Optional.empty(), 0.5, true));
  }

  private static MeasurementSpec.Stop stopOfShared(String yaml) {
    Plan plan = Yaml.plan(yaml);
    PlannedRun shared = plan.byId().get(plan.assignments("sizes").get(0).run());
    return shared.run().config().measurement().stop();
  }

  @Test
  void runs_come_cheapest_first() {
    Plan plan =
        Yaml.plan(
            Edited.text(
                Yaml.TINY, "[4, 6]", "[40, 6, 20, 4]", "max_steps: 60", "max_steps: 60000"));
    List<Double> costs = plan.runs().stream().map(r -> r.cost().expected()).toList();
    assertThat(costs).isSorted();
    assertThat(costs.get(0)).isLessThan(costs.get(costs.size() - 1));
  }

  @Test
  void a_part_of_a_plan_asks_for_its_own_runs_only() {
    Plan part = Yaml.plan(Yaml.TINY).only(a -> a.condition().sweep().equals("copies"));
    assertThat(part.assignments()).hasSize(4);
    assertThat(part.runs()).hasSize(4);
    assertThat(part.runs()).allSatisfy(run -> assertThat(run.demands()).hasSize(1));
  }

  @Test
  void cohorts_hold_all_runs_of_one_shape() {
    Plan plan = Yaml.plan(Yaml.TINY);
    List<Cohort> cohorts = Cohort.group(plan.runs());
    assertThat(cohorts.stream().map(c -> c.runs().size())).containsExactlyInAnyOrder(4, 2);
    assertThat(cohorts)
        .allSatisfy(
            c ->
                assertThat(c.runs().stream().map(r -> r.run().config().task()).distinct())
                    .hasSize(1));
    assertThat(cohorts.stream().flatMap(c -> c.runs().stream()))
        .containsExactlyInAnyOrderElementsOf(plan.runs());
  }

  @Test
  void unpaired_seeds_give_conditions_streams_of_their_own() {
    Plan plan = Yaml.plan(Edited.text(Yaml.TINY, "count: 2", "count: 2, paired: false"));
    assertThat(plan.runs().stream().map(r -> r.run().seed())).doesNotHaveDuplicates();
    assertThat(plan.runs()).hasSize(6);
    assertThat(plan.assignments("sizes").stream().map(Assignment::seed))
        .containsExactly(3, 4, 3, 4);
  }

  @Test
  void no_seeds_means_one_run_a_condition() {
    String toy =
        """
        dsl: 1
        name: toy
        task: {kind: linear_regression, dim: 4, sequence_length: 8, relevant_position: last, relevant_feature: false}
        architecture: {kind: toy}
        training: {optimizer: {kind: gradient_flow}}
        seeds: none
        sweeps: {s: {grid: {task.dim: [4, 6, 8]}}}
        """;
    assertThat(Yaml.plan(toy).runs()).hasSize(3);
  }

  @Test
  void parameters_are_counted_as_the_model_has_them() {
    // 5 -> 8 embedding, one block (4 * 8 * 8 weights, 4 * 8 biases; MLP 8 -> 8 -> 8), 8 -> 4
    // read-out.
    long expected = (5 * 8 + 8) + (4 * 64 + 4 * 8) + (2 * 64 + 16) + (8 * 4 + 4);
    assertThat(Footprint.of(Yaml.tiny()).work().parameters()).isEqualTo(expected);
  }

  @Test
  void the_tree_of_a_configuration_reads_back_as_the_same() {
    RunConfig config =
        Yaml.tiny("measurement.test_sets.other={in_context: 2, cross_sample: as_trained}");
    assertThat(SpecTree.read(RunConfig.class, SpecTree.of(config))).isEqualTo(config);
  }

  @Test
  void seeds_may_vary_one_source_of_chance_alone() {
    Plan all = Yaml.plan(Yaml.TINY);
    Plan some = Yaml.plan(Edited.text(Yaml.TINY, "count: 2}", "count: 2, vary: [init, test]}"));
    assertThat(some.assignments()).hasSameSizeAs(all.assignments());
    for (int i = 0; i < all.assignments().size(); i++) {
      boolean first = all.assignments().get(i).seed() == 3;
      assertThat(some.assignments().get(i).run().equals(all.assignments().get(i).run()))
          .as("the first seed is today's run, others are not")
          .isEqualTo(first);
    }
    for (PlannedRun run : some.runs()) {
      Optional<Integer> kept = run.run().seed() == 3 ? Optional.empty() : Optional.of(3);
      assertThat(run.run().config().streams())
          .isEqualTo(new Streams(Optional.empty(), kept, kept, Optional.empty()));
      assertThat(RunId.of(run.run().config(), run.run().seed())).isEqualTo(run.id());
    }
  }

  @Test
  void a_sweep_may_have_seeds_of_its_own() {
    String some =
        Edited.text(Yaml.TINY, "  copies:\n", "  copies:\n    seeds: {count: 3, vary: [init]}\n");
    Plan plan = Yaml.plan(some);
    assertThat(plan.assignments("sizes")).extracting(Assignment::seed).containsExactly(3, 4, 3, 4);
    assertThat(plan.assignments("copies"))
        .extracting(Assignment::seed)
        .containsExactly(0, 1, 2, 0, 1, 2);
    for (Assignment a : plan.assignments("copies")) {
      Run run = plan.byId().get(a.run()).run();
      Optional<Integer> kept = a.seed() == 0 ? Optional.empty() : Optional.of(0);
      assertThat(run.config().streams()).isEqualTo(new Streams(Optional.empty(), kept, kept, kept));
      assertThat(RunId.of(run.config(), run.seed())).isEqualTo(a.run());
    }
  }

  @Test
  void runs_that_differ_in_their_streams_train_together() {
    Plan plan =
        Yaml.plan(
            Edited.text(Yaml.TINY, "count: 2}", "count: 4, vary: [data]}"), "sweeps.copies=null");
    assertThat(Cohort.group(plan.runs()))
        .extracting(cohort -> cohort.runs().size())
        .containsExactlyInAnyOrder(4, 4);
  }
}
