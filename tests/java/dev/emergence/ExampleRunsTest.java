package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.execute.run.Standing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every figure of trained Transformers goes its whole way, from the file to the report: the laptop
 * profile's runs, of models a few numbers wide, for a step or two.
 */
class ExampleRunsTest {
  private static final String[] TINY = {
    "architecture.embedding_dim=8",
    "architecture.head_dim=2",
    "architecture.mlp_factor=1",
    "training.batch_size=2",
    "measurement.evaluate_every=1",
    "measurement.evaluate_samples=4",
  };

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({
    "fig3, training.max_steps=2",
    "fig4, training.max_steps=20",
    "fig5, training.max_steps=2",
    "fig11, training.max_steps=5",
    "fig12, training.max_steps=2",
    "fig13, training.max_steps=2",
    "fig14, training.max_steps=2",
    "fig15, measurement.thresholds.plateau.below=1000"
  })
  void a_figure_goes_its_whole_way(String figure, String soon) throws Exception {
    String[] sets = Stream.concat(Arrays.stream(TINY), Stream.of(soon)).toArray(String[]::new);
    ReadOptions options = ReadOptions.none().withProfile("laptop").withSets(sets);
    Experiment experiment =
        Experiment.load(Path.of("dsl-examples", "paper1", figure + ".yaml"), options);
    Results results =
        experiment.run(
            temp,
            RunOptions.defaults()
                .onDevice("cpu")
                .only(a -> a.seed() == experiment.spec().seeds().orElseThrow().first()));
    assertThat(results.summary().computed()).isPositive();
    assertThat(results.summary().count(Standing.State.FAILED)).isZero();
    assertThat(results.write()).as("figures that could not be drawn").isEmpty();
    assertThat(Files.readString(results.report())).contains("<svg");
  }
}
