package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.SyntheticLanguage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The synthetic language, for the contract of tasks on any backend. */
interface SyntheticLanguageCase extends PlainTaskContract<SyntheticLanguage> {
  @Override
  default TaskKind<SyntheticLanguage> kind() {
    return TaskKind.of(SyntheticLanguage.class, SyntheticLanguageSequences::of);
  }

  @Override
  default RunConfig config(String... sets) {
    return Configs.plain(
        "{kind: synthetic_language, vocabulary: 70, sequence_length: 33, zipf: 0.9}", sets);
  }

  @Test
  default void prompts_and_their_foils_are_drawn_for_test_sets_that_ask() {
    RunConfig asking =
        config("measurement.test_sets={test: {}, copies: {prompts: copy}, names: {prompts: ioi}}");
    try (Lab lab = new Lab(backend(), List.of(new Replica(asking, 3), new Replica(asking, 4)))) {
      Batch batch = lab.task().test("copies", 5);
      Drawn drawn = lab.draw(batch, 2, 1);
      int[] foils = backend().ints(batch.foil().orElseThrow().replica(1));
      assertThat(foils).hasSameSizeAs(drawn.target());
      for (int n = 0; n < 5; n++) {
        for (int q = 0; q < 32; q++) {
          double target = drawn.target(n)[q];
          assertThat(target).isEqualTo(q < 24 ? -1 : drawn.id(n, q + 1));
          assertThat(foils[n * 32 + q]).matches(f -> f == -1 == (target == -1));
        }
      }
      assertThat(lab.task().test("test", 5).foil()).isEmpty();
      Drawn names = lab.test("names", 4, 0);
      assertThat(IntStream.range(0, 31)).allMatch(q -> names.target(0)[q] == -1);
      assertThat(lab.task().levels(0, "names")).extracting(Level::name).contains("in_context");
      assertThat(lab.task().levels(0, "test")).extracting(Level::name).doesNotContain("class");
    }
  }

  @Test
  default void replicas_that_are_asked_differently_are_refused() {
    RunConfig copies = config("measurement.test_sets={test: {prompts: copy}}");
    RunConfig patterns = config("measurement.test_sets={test: {prompts: pattern}}");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Lab(backend(), List.of(new Replica(copies, 3), new Replica(patterns, 3))))
        .withMessageContaining("measurement.test_sets");
  }
}
