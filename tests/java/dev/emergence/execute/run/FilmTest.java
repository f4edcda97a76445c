package dev.emergence.execute.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.execute.Execution;
import dev.emergence.execute.ExecutionFixture;
import dev.emergence.execute.FakeTraining;
import dev.emergence.execute.device.Engine;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Curve;
import dev.emergence.result.Picture;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.RunFolder;
import dev.emergence.train.AttentionPicture;
import dev.emergence.train.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The film of attention: a bounded number of frames, most of them where attention changes. */
class FilmTest extends ExecutionFixture {
  private static final int PLATEAU = 150;

  private static Plan plan(String film) {
    return Yaml.plan(
        """
        dsl: 1
        name: filmed
        task: {kind: linear_regression, dim: 30, sequence_length: 4}
        training: {max_steps: 400}
        measurement:
          evaluate_every: 5
          thresholds: {plateau: {metric: test.loss, below: 0.3}}
        %s
        seeds: {first: 0, count: 1}
        """
            .formatted(film.isEmpty() ? "" : "  attention: {film: " + film + "}"));
  }

  /** Attention goes from even to one key around the plateau's end. */
  private static class Filmed extends FakeTraining {
    Filmed(List<Start> runs) {
      super(runs);
    }

    @Override
    public List<AttentionPicture> pictures(int replica) {
      double sharp = 1 / (1 + Math.exp(-(step(replica) - PLATEAU) / 8.0));
      return List.of(new AttentionPicture(1, 1, new double[][] {{sharp, 1 - sharp}}));
    }

    @Override
    public double[][] trueKeys(int replica) {
      return new double[][] {{1, 0}};
    }
  }

  private List<Picture> film(Plan plan, ResultsFolder folder) throws Exception {
    RunFolder run = folder.run(plan.runs().get(0).id());
    return run.pictures().stream().filter(p -> p.label().equals(FilmPolicy.LABEL)).toList();
  }

  private List<Long> steps(Plan plan, String name) throws Exception {
    ResultsFolder folder = folder(name);
    run(plan, folder, engine(1, (b, runs) -> new Filmed(runs)), 1);
    return film(plan, folder).stream().map(Picture::step).sorted().toList();
  }

  @Test
  void a_film_is_no_part_of_a_runs_identity() {
    assertThat(plan("{frames: 12}").runs().get(0).id()).isEqualTo(plan("").runs().get(0).id());
  }

  @Test
  void most_frames_lie_where_attention_changes_and_the_crossing_is_among_them() throws Exception {
    List<Long> steps = steps(plan("{frames: 16, around: plateau}"), "a");
    assertThat(steps).hasSize(16).contains(0L, 400L).doesNotHaveDuplicates();
    assertThat(steps.stream().filter(s -> Math.abs(s - PLATEAU) <= 45)).hasSizeGreaterThan(9);
    assertThat(steps).contains(145L, 150L, 155L, 160L, 165L, 170L);
  }

  @Test
  void the_frame_that_differs_least_from_both_its_neighbours_goes_first() {
    double[] sharp = {0, 0.5, 0, 0.01, 0.02, 0.9, 0.3, 0.9, 0.3, 0.9, 0.3, 0.9, 0.3};
    List<Picture> pictures = new ArrayList<>();
    for (int i = 0; i < sharp.length; i++) {
      double[][] pattern = {{sharp[i], 1 - sharp[i]}};
      pictures.add(new Picture(FilmPolicy.LABEL, 5L * i, 1, 1, pattern));
    }
    FilmPolicy policy = new FilmPolicy(plan("{frames: 12}").runs().get(0).demands(), 5);
    policy.thin(pictures, () -> new Curve(List.of(), new double[0], new double[0][]));
    assertThat(pictures).hasSize(12).extracting(Picture::step).doesNotContain(15L).contains(20L);
  }

  @Test
  void an_interrupted_run_has_the_film_of_an_uninterrupted_one() throws Exception {
    Plan plan = plan("{frames: 16, around: plateau}");
    List<Long> whole = steps(plan, "whole");
    ResultsFolder folder = folder("parts");
    for (int stop : new int[] {40, 155, 260, 1000}) {
      runUntil(plan, folder, to -> to >= stop, Filmed::new);
    }
    assertThat(film(plan, folder).stream().map(Picture::step).sorted().toList()).isEqualTo(whole);
  }

  @Test
  void the_true_keys_are_kept_once_beside_the_film_whatever_interrupts_it() throws Exception {
    Plan plan = plan("{frames: 12}");
    ResultsFolder folder = folder("b");
    for (int stop : new int[] {155, 1000}) {
      runUntil(plan, folder, to -> to >= stop, Filmed::new);
    }
    assertThat(folder.run(plan.runs().get(0).id()).pictures())
        .filteredOn(Picture::isTruth)
        .singleElement()
        .satisfies(p -> assertThat(p.probabilities()).isDeepEqualTo(new double[][] {{1, 0}}));
  }

  @Test
  void a_run_whose_film_has_too_few_frames_is_trained_again() throws Exception {
    assertThat(steps(plan("{frames: 12}"), "few")).hasSize(12);
    assertThat(steps(plan("{frames: 20}"), "few"))
        .hasSize(20)
        .isEqualTo(steps(plan("{frames: 20}"), "many"));
    assertThat(run(plan("{frames: 12}"), folder("few")).computed()).isZero();
  }

  @Test
  void a_run_that_was_trained_without_a_film_is_trained_again_when_one_is_wanted()
      throws Exception {
    ResultsFolder folder = folder("c");
    run(plan(""), folder);
    assertThat(Execution.standings(plan(""), folder).get(0).state())
        .isEqualTo(Standing.State.COMPLETE);
    assertThat(Execution.standings(plan("{frames: 12}"), folder).get(0).state())
        .isEqualTo(Standing.State.TO_CONTINUE);
    assertThat(steps(plan("{frames: 12}"), "c")).hasSize(12);
  }

  @Test
  void the_last_query_of_a_pooled_pattern_is_kept_whole_with_its_frame() throws Exception {
    Plan plan = plan("{frames: 12}");
    ResultsFolder folder = folder("long");
    Engine.Trainings wide =
        (b, runs) ->
            new FakeTraining(runs) {
              @Override
              public List<AttentionPicture> pictures(int replica) {
                double[] row = new double[300];
                row[7] = step(replica);
                return List.of(new AttentionPicture(1, 1, new double[][] {new double[300], row}));
              }
            };
    run(plan, folder, engine(1, wide), 1);
    List<Picture> rows =
        folder.run(plan.runs().get(0).id()).pictures().stream()
            .filter(p -> p.label().equals(FilmPolicy.ROW))
            .toList();
    assertThat(rows)
        .extracting(Picture::step)
        .isEqualTo(film(plan, folder).stream().map(Picture::step).toList());
    assertThat(rows).allSatisfy(p -> assertThat(p.probabilities()[0]).hasSize(300));
    assertThat(rows.get(11).probabilities()[0][7]).isEqualTo(rows.get(11).step());
  }

  @Test
  void long_patterns_are_pooled_by_their_maxima() {
    double[][] pattern =
        IntStream.range(0, 3).mapToObj(q -> new double[200]).toArray(double[][]::new);
    pattern[2][199] = 0.75;
    double[][] pooled = FilmPolicy.pooled(pattern);
    assertThat(pooled.length).isEqualTo(3);
    assertThat(pooled[2]).hasSize(FilmPolicy.LARGEST);
    assertThat(pooled[2][FilmPolicy.LARGEST - 1]).isEqualTo(0.75);
  }

  @Test
  void rows_stand_in_the_folder_when_a_run_is_interrupted() throws Exception {
    Plan plan = plan("");
    ResultsFolder folder = folder("d");
    runUntil(plan, folder, to -> to >= 100, FakeTraining::new);
    double[] steps = folder.run(plan.runs().get(0).id()).follow().read().orElseThrow().steps();
    assertThat(steps[0]).isZero();
    assertThat(steps[steps.length - 1]).isGreaterThanOrEqualTo(95);
  }

  @Test
  void a_run_that_has_not_begun_has_missed_nothing_of_its_film() {
    FilmPolicy wanted = new FilmPolicy(plan("{frames: 12}").runs().get(0).demands(), 10);
    assertThat(wanted.missed(0, List.of())).isFalse();
    assertThat(wanted.missed(10, List.of())).isTrue();
    FilmPolicy none = new FilmPolicy(plan("").runs().get(0).demands(), 10);
    assertThat(none.missed(10, List.of())).isFalse();
  }
}
