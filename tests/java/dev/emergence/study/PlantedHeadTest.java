package dev.emergence.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.backend.Devices;
import dev.emergence.plan.Yaml;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.StudySpec.Choice;
import dev.emergence.spec.StudySpec.HeadSets;
import dev.emergence.study.HeadEffects.Effect;
import dev.emergence.task.Replica;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.ShapedArray;
import dev.emergence.train.HeadChange;
import dev.emergence.train.HeadChange.Head;
import dev.emergence.train.HeadChange.How;
import dev.emergence.train.Subject;
import dev.emergence.train.TestSubject;
import dev.emergence.train.Trainer;
import dev.emergence.train.Training;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two heads that are planted by hand in the weights of a model: head 1.2 copies the token before,
 * head 2.3 attends to the token that followed the last occurrence of this one. They repeat pairs of
 * names. The stream holds four parts side by side: token, position, token before, answer.
 */
class PlantedHeadTest {
  private static final int V = 64;
  private static final int L = 32;
  private static final int WIDTH = 3 * V + L;
  private static final int BEFORE = V + L;
  private static final int ANSWER = BEFORE + V;
  private static final int HEADS = 4;
  private static final Head PREVIOUS = new Head(1, 2);
  private static final Head INDUCTION = new Head(2, 3);

  /** Large enough that an attention weight is 1 to many digits. */
  private static final double SHARP = 400;

  private static final RunConfig CONFIG =
      Yaml.experiment(
              """
              dsl: 1
              name: planted
              task: {kind: synthetic_language, vocabulary: 64, sequence_length: 32}
              architecture:
                kind: transformer
                layers: 2
                heads: 4
                embedding_dim: 224
                head_dim: 64
                mlp_factor: 0
                positional_encoding: learned
                biases: none
              measurement:
                evaluate_samples: 24
                test_sets: {pairs: {prompts: repetition}}
              """)
          .base();

  private static final Replica RUN = new Replica(CONFIG, 3);

  private static final Runnable GO_ON = () -> {};

  private final Backend backend = Devices.open("cpu", 1);

  @AfterEach
  void close() {
    assertThat(backend.allocatedBytes()).isZero();
    backend.close();
  }

  /**
   * Weights of the model.
   *
   * @param attends whether the two heads have queries; without, they look at all tokens alike
   */
  private Map<String, ShapedArray> weights(boolean attends) {
    Map<String, ShapedArray> out = new LinkedHashMap<>();
    try (Training fresh = Trainer.create(backend, List.of(CONFIG), List.of(3))) {
      fresh
          .parameters(0)
          .forEach(
              (name, array) ->
                  out.put(name, new ShapedArray(array.shape(), new double[array.values().length])));
    }
    for (int token = 0; token < V; token++) {
      set(out, "embedding.weight", token, token, 1);
      set(out, "readout.weight", token, ANSWER + token, 20);
      int first = (PREVIOUS.head() - 1) * V + token;
      set(out, "blocks.0.attention.value.weight", first, token, 1);
      set(out, "blocks.0.attention.output.weight", BEFORE + token, first, 1);
      int second = (INDUCTION.head() - 1) * V + token;
      set(out, "blocks.1.attention.key.weight", second, BEFORE + token, 1);
      set(out, "blocks.1.attention.query.weight", second, token, attends ? SHARP : 0);
      set(out, "blocks.1.attention.value.weight", second, token, 1);
      set(out, "blocks.1.attention.output.weight", ANSWER + token, second, 1);
    }
    for (int p = 0; p < L; p++) {
      set(out, "positions.weight", p, V + p, 1);
      int first = (PREVIOUS.head() - 1) * V + p;
      set(out, "blocks.0.attention.key.weight", first, V + p, 1);
      if (p > 0) {
        int before = (PREVIOUS.head() - 1) * V + p - 1;
        set(out, "blocks.0.attention.query.weight", before, V + p, attends ? SHARP : 0);
      }
    }
    return out;
  }

  private static void set(
      Map<String, ShapedArray> weights, String name, int row, int column, double value) {
    ShapedArray array = weights.get(name);
    array.values()[row * array.shape()[1] + column] = value;
  }

  private static List<Head> all() {
    List<Head> heads = new ArrayList<>();
    for (int layer = 1; layer <= 2; layer++) {
      for (int head = 1; head <= HEADS; head++) {
        heads.add(new Head(layer, head));
      }
    }
    return heads;
  }

  private static double[] measure(Subject subject, How how) {
    return subject.measure(all().stream().map(head -> new HeadChange(how, Set.of(head))).toList());
  }

  private static double plain(Subject subject) {
    return subject.measure(List.of(HeadChange.NONE))[0];
  }

  @Test
  void the_planted_heads_repeat_pairs_and_zeroing_finds_them_alone() {
    try (Subject subject =
        TestSubject.create(backend, RUN, "pairs.exact", weights(true), Optional.empty(), GO_ON)) {
      assertThat(plain(subject)).isEqualTo(1);
      double[] without = measure(subject, How.ZERO);
      for (int i = 0; i < without.length; i++) {
        boolean planted = Set.of(PREVIOUS, INDUCTION).contains(all().get(i));
        if (planted) {
          assertThat(without[i]).as("without %s", all().get(i)).isLessThan(0.2);
        } else {
          assertThat(without[i]).as("without %s", all().get(i)).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void the_study_of_heads_ranks_the_planted_ones_first() {
    try (Subject subject =
        TestSubject.create(
            backend, RUN, "pairs.probability", weights(true), Optional.empty(), GO_ON)) {
      HeadSets sets = new HeadSets(Choice.TOP, List.of(2), 3);
      List<Effect> effects = HeadEffects.of(subject, How.ZERO, sets, Math::abs).effects();
      assertThat(effects)
          .filteredOn(e -> e.set().equals("top"))
          .singleElement()
          .satisfies(
              e -> {
                assertThat(e.heads()).containsExactly(PREVIOUS, INDUCTION);
                assertThat(e.effect()).isLessThan(-0.8);
              });
      assertThat(effects)
          .filteredOn(e -> e.set().equals("random"))
          .hasSize(3)
          .allMatch(e -> e.effect() == 0);
    }
  }

  @Test
  void the_pattern_of_the_induction_head_alone_gives_the_answers_to_a_model_without_it() {
    try (Subject subject =
        TestSubject.create(
            backend, RUN, "pairs.probability", weights(false), Optional.of(weights(true)), GO_ON)) {
      double without = plain(subject);
      assertThat(without).isLessThan(0.2);
      double[] patched = measure(subject, How.REPLACE);
      for (int i = 0; i < patched.length; i++) {
        // Its values are tokens, so that it needs no other head once it looks at the right one.
        if (all().get(i).equals(INDUCTION)) {
          assertThat(patched[i]).isGreaterThan(0.99);
        } else {
          assertThat(patched[i]).as("%s", all().get(i)).isCloseTo(without, within(1e-6));
        }
      }
    }
  }

  @Test
  void all_patterns_of_a_model_that_differs_in_its_queries_alone_make_it_that_model() {
    double wanted;
    try (Subject whole =
        TestSubject.create(backend, RUN, "pairs.loss", weights(true), Optional.empty(), GO_ON)) {
      wanted = plain(whole);
    }
    try (Subject subject =
        TestSubject.create(
            backend, RUN, "pairs.loss", weights(false), Optional.of(weights(true)), GO_ON)) {
      HeadChange every = new HeadChange(How.REPLACE, Set.copyOf(all()));
      assertThat(subject.measure(List.of(every))[0]).isEqualTo(wanted);
    }
    try (Subject own =
        TestSubject.create(
            backend, RUN, "pairs.loss", weights(true), Optional.of(weights(true)), GO_ON)) {
      HeadChange every = new HeadChange(How.REPLACE, Set.copyOf(all()));
      assertThat(own.measure(List.of(every))[0]).isEqualTo(wanted);
    }
  }
}
