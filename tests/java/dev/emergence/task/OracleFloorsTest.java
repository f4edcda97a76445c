package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.backend.Devices;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.CellularAutomaton;
import dev.emergence.spec.LinearMap;
import dev.emergence.spec.Prediction;
import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Predictors of known loss, fed to the operation that measures models on batches that the device
 * drew: the floors of the second paper's figures, to the digit.
 */
class OracleFloorsTest {
  private static final int SAMPLES = 40;
  private static final double CERTAIN = 1e4;

  /** Of a float32 mean over a few thousand losses. */
  private static final double ROUNDING = 4e-6;

  private static final List<Supplier<Backend>> BACKENDS =
      List.of(ReferenceBackend::new, () -> Devices.open("cpu", 1));

  /** Logits of the classes at each scored position of a sequence. */
  private interface Predictor {
    double[][] logits(int[] tokens, int[] targets);
  }

  /** Mean loss and share of hits that a backend measures. */
  private record Measured(double loss, double accuracy) {}

  private static Measured measure(Backend backend, RunConfig config, Predictor predictor) {
    Prediction shape = config.task().predicts();
    int rows = SAMPLES * shape.scored().count();
    try (backend;
        Scope scope = new Scope(backend)) {
      Task task = Tasks.create(backend, scope, List.of(new Replica(config, 3)));
      Batch batch = task.test("test", SAMPLES);
      Tensor step = scope.ints(1);
      batch.draw(step);
      Drawn drawn = Drawn.read(backend, batch, 0);
      Tensor logits = scope.floats(1, rows, shape.outputs());
      backend.write(logits, logits(drawn, shape, predictor));
      Tensor loss = scope.floats(1, rows);
      Tensor correct = scope.floats(1, rows);
      backend.crossEntropy(logits, batch.target().reshape(rows), loss, correct, Optional.empty());
      Tensor mean = scope.floats(1);
      backend.mean(loss, mean);
      double hits = Arrays.stream(backend.doubles(correct)).average().orElseThrow();
      return new Measured(backend.doubles(mean)[0], hits);
    }
  }

  private static double[] logits(Drawn drawn, Prediction shape, Predictor predictor) {
    int scored = shape.scored().count();
    double[] all = new double[SAMPLES * scored * shape.outputs()];
    for (int n = 0; n < SAMPLES; n++) {
      int[] tokens = ints(drawn.input(), n, shape.length());
      double[][] rows = predictor.logits(tokens, ints(drawn.target(), n, scored));
      for (int q = 0; q < scored; q++) {
        System.arraycopy(rows[q], 0, all, (n * scored + q) * shape.outputs(), shape.outputs());
      }
    }
    return all;
  }

  private static int[] ints(double[] all, int n, int width) {
    return Arrays.stream(all, n * width, (n + 1) * width).mapToInt(v -> (int) v).toArray();
  }

  private static RunConfig map(int cells, int parents) {
    return Configs.plain("{kind: linear_map, cells: " + cells + ", parents: " + parents + "}");
  }

  private static double level(RunConfig config, String name) {
    LinearMap spec = (LinearMap) config.task();
    return LinearMapSequences.of(spec, RandomStream.of(3, Purpose.TASK)).levels("test").stream()
        .filter(l -> l.name().equals(name) && l.metric().equals("loss"))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static double[] sure(int classes, int answer) {
    double[] logits = new double[classes];
    logits[answer] = CERTAIN;
    return logits;
  }

  @ParameterizedTest
  @CsvSource({"8, 3, 0.3235", "16, 3, 0.3354", "32, 7, 0.3411"})
  void whoever_knows_the_map_scores_its_floor_exactly(int cells, int parents, double published) {
    RunConfig config = map(cells, parents);
    SparseMatrix matrix =
        LinearMapSequences.of((LinearMap) config.task(), RandomStream.of(3, Purpose.TASK)).matrix();
    for (Supplier<Backend> backend : BACKENDS) {
      Measured got =
          measure(
              backend.get(),
              config,
              (x, targets) -> {
                int[] outputs = matrix.times(Arrays.copyOf(x, cells), 2);
                double[][] logits = new double[targets.length][2];
                for (int i = 0; i < cells; i++) {
                  logits[cells - 1 + i] = sure(2, outputs[i]);
                }
                return logits;
              });
      double floor = (cells - 1) * Math.log(2) / (2 * cells - 1);
      assertThat(got.loss()).isCloseTo(floor, within(ROUNDING)).isCloseTo(published, within(5e-5));
      assertThat(level(config, "oracle")).isCloseTo(floor, within(1e-12));
    }
  }

  @Test
  void rows_known_one_by_one_walk_down_the_ladder() {
    RunConfig config = map(16, 3);
    for (int known = 0; known <= 16; known++) {
      int rows = known;
      Measured got =
          measure(
              new ReferenceBackend(),
              config,
              (x, targets) -> {
                double[][] logits = new double[targets.length][2];
                for (int i = 0; i < rows; i++) {
                  logits[15 + i] = sure(2, targets[15 + i]);
                }
                return logits;
              });
      assertThat(got.loss()).isCloseTo(Math.log(2) * (31 - rows) / 31, within(ROUNDING));
      if (rows > 0 && rows < 16) {
        assertThat(got.loss()).isCloseTo(level(config, "rows_" + rows), within(ROUNDING));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"16, 0.3578", "32, 0.3521"})
  void copying_the_first_output_of_the_dense_map_scores_what_the_figure_shows(
      int cells, double published) {
    RunConfig config = map(cells, cells);
    Measured got =
        measure(
            new ReferenceBackend(),
            config,
            (x, targets) -> {
              double[][] logits = new double[targets.length][2];
              for (int i = 1; i < cells; i++) {
                logits[cells - 1 + i] = sure(2, x[cells]);
              }
              return logits;
            });
    assertThat(got.loss())
        .isCloseTo(level(config, "copier"), within(ROUNDING))
        .isCloseTo(published, within(5e-5));
  }

  @Test
  void who_knows_nothing_scores_the_logarithm_of_the_colours() {
    for (String task :
        new String[] {
          "{kind: linear_map, cells: 7, parents: 2, modulus: 5}",
          "{kind: cellular_automaton, cells: 6, colours: 3}",
          "{kind: block_recall, blocks: 4, attributes: 3, relevant: 2, values: 7}",
          "{kind: markov_chain, symbols: 5}",
          "{kind: multi_query_recall, pairs: 3, queries: 2}",
          "{kind: in_context_classification, pairs: 2, classes: 5, labels: 3, dim: 4}",
          "{kind: interleaved_chains, symbols: 3, sequence_length: 9}",
          "{kind: causal_graph, symbols: 3, sequence_length: 8}",
          "{kind: trigger_bigrams, vocabulary: 9, sequence_length: 12}",
          "{kind: modular_addition, modulus: 7}",
          "{kind: window_sum, numbers: 5, window: 3, modulus: 6, scored: all}"
        }) {
      RunConfig config = Configs.plain(task);
      int classes = config.task().predicts().outputs();
      for (Supplier<Backend> backend : BACKENDS) {
        Measured got =
            measure(backend.get(), config, (x, targets) -> new double[targets.length][classes]);
        assertThat(got.loss()).isCloseTo(Math.log(classes), within(ROUNDING));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"256, oracle", "fresh, oracle"})
  void the_oracles_of_automata_score_what_their_levels_say(String rules, String name) {
    RunConfig config =
        Configs.plain("{kind: cellular_automaton, cells: 16, colours: 4, rules: " + rules + "}");
    CellularAutomaton spec = (CellularAutomaton) config.task();
    AutomatonSequences task = AutomatonSequences.of(spec, RandomStream.of(3, Purpose.TASK));
    AutomatonOracles oracles = new AutomatonOracles(spec, task);
    Measured got =
        measure(
            new ReferenceBackend(),
            config,
            (x, targets) -> {
              double[] loss =
                  spec.rules().isPresent() ? oracles.pool(x).loss() : oracles.fresh(x).loss();
              double[][] logits = new double[targets.length][4];
              for (int q = 0; q < targets.length; q++) {
                logits[q] = withLoss(loss[q + 1], targets[q]);
              }
              return logits;
            });
    double level =
        task.levels("test").stream()
            .filter(l -> l.name().equals(name) && l.metric().equals("loss"))
            .findFirst()
            .orElseThrow()
            .value();
    assertThat(got.loss()).isCloseTo(level, within(0.03));
  }

  /** Logits of four classes whose cross entropy with the answer is {@code loss}. */
  private static double[] withLoss(double loss, int answer) {
    double[] logits = new double[4];
    double p = Math.exp(-loss);
    Arrays.fill(logits, loss == 0 ? 0 : Math.log((1 - p) / 3));
    logits[answer] = loss == 0 ? CERTAIN : Math.log(p);
    return logits;
  }
}
