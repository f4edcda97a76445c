package dev.emergence.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.backend.CudaUnderTest;
import dev.emergence.backend.Devices;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.tensor.Backend;
import dev.emergence.train.HeadChange;
import dev.emergence.train.HeadChange.Head;
import dev.emergence.train.HeadChange.How;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small checkpoints in the hub's layout, against logits that PyTorch computed of them. */
class NeoxGoldenTest {
  static final Path GOLDEN = Path.of("tests", "golden", "neox");

  static Stream<Arguments> folders() {
    return Stream.of("float32", "float16", "bfloat16")
        .flatMap(f -> Stream.of("cpu", "reference", "cuda").map(device -> Arguments.of(f, device)));
  }

  private static Backend backend(String name) {
    return switch (name) {
      case "reference" -> new ReferenceBackend();
      case "cuda" -> CudaUnderTest.open();
      default -> Devices.open(name, 1);
    };
  }

  /** The first token is shown, and all others are asked for, so that every position predicts. */
  private static Prompt whole(List<?> tokens) {
    int[] all = tokens.stream().mapToInt(t -> ((Number) t).intValue()).toArray();
    int[] answer = Arrays.copyOfRange(all, 1, all.length + 1);
    return new Prompt(new int[] {all[0]}, answer, new int[0]);
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("folders")
  void logits_are_those_of_an_independent_implementation(String folder, String device)
      throws BadFile {
    JsonFile expected = JsonFile.read(GOLDEN.resolve(folder).resolve("expected.json"), 1 << 20);
    List<?> sequences = (List<?>) expected.values().get("sequences");
    List<PromptSet> sets = new ArrayList<>();
    for (int i = 0; i < sequences.size(); i++) {
      List<?> tokens = (List<?>) ((Map<?, ?>) sequences.get(i)).get("tokens");
      sets.add(new PromptSet("s" + i, List.of(whole(tokens))));
    }
    NeoxConfig config = NeoxConfig.read(GOLDEN.resolve(folder).resolve("config.json"));
    try (Backend backend = backend(device);
        Weights weights = Weights.open(GOLDEN.resolve(folder));
        HubModel model = new HubModel(backend, config, sets)) {
      model.load(weights);
      for (int i = 0; i < sequences.size(); i++) {
        model.answers("s" + i, HeadChange.NONE);
        double[] found = model.batches("s" + i).get(0).logits();
        double[] wanted =
            ((List<?>) ((Map<?, ?>) sequences.get(i)).get("logits"))
                .stream()
                    .flatMap(row -> ((List<?>) row).stream())
                    .mapToDouble(v -> ((Number) v).doubleValue())
                    .toArray();
        assertThat(found).hasSameSizeAs(wanted);
        for (int k = 0; k < wanted.length; k++) {
          assertThat(found[k]).as("sequence %d, logit %d", i, k).isCloseTo(wanted[k], within(1e-4));
        }
      }
    }
  }

  private static final PromptSet ASKED =
      new PromptSet(
          "asked",
          List.of(
              new Prompt(new int[] {1, 9, 4, 30}, new int[] {9, 4}, new int[] {9, 1}),
              new Prompt(new int[] {7, 7, 2}, new int[] {5}, new int[] {2}),
              new Prompt(new int[] {3, 8, 12, 31}, new int[] {12, 0}, new int[0])));

  @Test
  void answers_are_read_off_the_logits() throws BadFile {
    try (Backend backend = new ReferenceBackend();
        Weights weights = Weights.open(GOLDEN.resolve("float32"));
        HubModel model =
            new HubModel(
                backend, NeoxConfig.read(GOLDEN.resolve("float32/config.json")), List.of(ASKED))) {
      model.load(weights);
      List<Answer> answers = model.answers("asked", HeadChange.NONE);
      // The batch of equal sizes comes first: prompts 0 and 2, two answers each.
      double[] logits = model.batches("asked").get(0).logits();
      double[] first = Arrays.copyOfRange(logits, 0, 40);
      double[] second = Arrays.copyOfRange(logits, 40, 80);
      double p = (softmax(first, 9) + softmax(second, 4)) / 2;
      assertThat(answers.get(0).probability()).isCloseTo(p, within(1e-9));
      assertThat(answers.get(0).logitDifference())
          .as("the second token alone differs from the foil")
          .isCloseTo(second[4] - second[1], within(1e-9));
      assertThat(answers.get(0).solved()).isEqualTo(best(first) == 9 && best(second) == 4);
      assertThat(answers.get(2).logitDifference()).isNaN();
      double[] third = model.batches("asked").get(1).logits();
      assertThat(answers.get(1).probability()).isCloseTo(softmax(third, 5), within(1e-9));
    }
  }

  private static double softmax(double[] logits, int which) {
    return Math.exp(logits[which]) / Arrays.stream(logits).map(Math::exp).sum();
  }

  private static int best(double[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "cuda"})
  void heads_that_take_their_own_patterns_change_no_bit(String device) throws BadFile {
    try (Backend backend = backend(device);
        Weights weights = Weights.open(GOLDEN.resolve("float32"));
        HubModel model =
            new HubModel(
                backend, NeoxConfig.read(GOLDEN.resolve("float32/config.json")), List.of(ASKED))) {
      model.load(weights);
      List<Answer> plain = model.answers("asked", HeadChange.NONE);
      model.donate("asked");
      Set<Head> all = Set.of(new Head(1, 1), new Head(1, 2), new Head(2, 1), new Head(2, 2));
      assertThat(model.answers("asked", new HeadChange(How.REPLACE, all))).isEqualTo(plain);
      assertThat(model.answers("asked", new HeadChange(How.ZERO, all))).isNotEqualTo(plain);
      assertThat(model.answers("asked", HeadChange.NONE)).isEqualTo(plain);
    }
  }

  @Test
  void numbers_of_a_head_are_put_where_ours_turn() {
    assertThat(NeoxLoader.order(8, 4)).containsExactly(0, 1, 4, 6, 2, 3, 5, 7);
    assertThat(NeoxLoader.order(6, 6)).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(NeoxLoader.order(5, 2)).containsExactly(0, 2, 1, 3, 4);
  }

  @Test
  void many_prompts_take_hardly_more_room_than_one() throws BadFile {
    List<Prompt> many = new ArrayList<>();
    for (int n = 0; n < 64; n++) {
      int[] shown = new int[4 + n % 5];
      Arrays.setAll(shown, i -> i % 40);
      many.add(new Prompt(shown, new int[] {n % 40}, new int[0]));
    }
    NeoxConfig config = NeoxConfig.read(GOLDEN.resolve("float32/config.json"));
    PromptSet one = new PromptSet("one", List.of(new Prompt(new int[8], new int[1], new int[0])));
    try (Backend backend = Devices.open("cpu", 1);
        Weights weights = Weights.open(GOLDEN.resolve("float32"))) {
      long least;
      try (HubModel model = new HubModel(backend, config, List.of(one))) {
        least = backend.allocatedBytes();
      }
      try (HubModel model = new HubModel(backend, config, List.of(new PromptSet("m", many)))) {
        model.load(weights);
        model.answers("m", HeadChange.NONE);
        // Tokens, answers and foils, four bytes each.
        assertThat(backend.allocatedBytes() - least).isLessThanOrEqualTo(64 * (8 + 2) * 4);
        assertThatThrownBy(
                () -> model.answers("m", new HeadChange(How.REPLACE, Set.of(new Head(1, 1)))))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("no other model has left its patterns");
      }
      assertThat(backend.allocatedBytes()).isZero();
    }
  }

  @Test
  void an_effect_is_the_mean_of_what_each_prompt_changes_by() throws BadFile {
    try (Backend backend = new ReferenceBackend();
        Weights weights = Weights.open(GOLDEN.resolve("float32"));
        HubModel model =
            new HubModel(
                backend, NeoxConfig.read(GOLDEN.resolve("float32/config.json")), List.of(ASKED));
        HubSubject subject = new HubSubject(model, "asked", Answer.Measure.PROBABILITY)) {
      model.load(weights);
      HeadChange zero = new HeadChange(How.ZERO, Set.of(new Head(1, 2)));
      assertThatThrownBy(() -> subject.differences(zero)).hasMessageStartingWith("not measured");
      double[] both = subject.measure(List.of(HeadChange.NONE, zero));
      double[] each = subject.differences(zero);
      assertThat(each).hasSize(3);
      assertThat(Arrays.stream(each).average().orElseThrow())
          .isCloseTo(both[1] - both[0], within(1e-12));
      assertThat(Arrays.stream(each).distinct().count()).isEqualTo(3);
    }
  }
}
