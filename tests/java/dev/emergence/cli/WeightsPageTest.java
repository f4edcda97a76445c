package dev.emergence.cli;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import dev.emergence.model.Layout;
import dev.emergence.model.Models;
import dev.emergence.model.Signature;
import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.Keys;
import dev.emergence.spec.Kind;
import dev.emergence.spec.Kinds;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TransformerSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The page of {@code explain weights} names every parameter that a model can have, and no others.
 */
class WeightsPageTest {
  private static final Pattern NAME = Pattern.compile("`([a-z_]+(?:\\.[A-Za-z_]+)+)`");
  private static final String TOKENS = "{kind: associative_recall, pairs: 4, tokens: 8}";
  private static final String VECTORS = "{kind: linear_regression, dim: 4, sequence_length: 4}";

  /** All kinds, with every key that adds parameters or takes their place. */
  private static final List<String> ARCHITECTURES =
      List.of(
          "{kind: transformer, layer_norm: pre, positional_encoding: learned,"
              + " logit_bias: {toward: parents, strength: 1, trainable: true}}",
          "{kind: mlp_mixer, layer_norm: pre, form: static}",
          "{kind: mlp_mixer, layer_norm: post, form: token_mlp}",
          "{kind: linear_attention}",
          "{kind: gated_delta}",
          "{kind: diagonal_rnn, gate: none}",
          "{kind: diagonal_rnn, gate: input}");

  private static RunConfig config(String task, String architecture) {
    String file = "dsl: 1\nname: x\ntask: " + task + "\narchitecture: " + architecture + "\n";
    var read = SpecReader.read("x.yaml", file, ReadOptions.none());
    return read.spec().orElseThrow(() -> new AssertionError(read.toText())).base();
  }

  private static Stream<String> parameters(RunConfig config) {
    Signature signature = Signature.of(config.task().predicts());
    return Models.create(config.architecture(), signature).layout().parts().stream()
        .map(Layout.Part::name)
        .map(name -> name.replaceAll("\\.\\d+", ".N"));
  }

  private static Set<String> named() {
    return Topic.WEIGHTS
        .page()
        .lines()
        .dropWhile(line -> !line.startsWith("| parameter |"))
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.split("\\|")[1])
        .flatMap(cell -> NAME.matcher(cell).results().map(m -> m.group(1)))
        .collect(toCollection(TreeSet::new));
  }

  @Test
  void it_names_all_parameters() {
    Set<String> known =
        Stream.concat(
                ARCHITECTURES.stream().flatMap(a -> parameters(config(TOKENS, a))),
                parameters(config(VECTORS, "{kind: transformer}")))
            .collect(toCollection(TreeSet::new));
    assertThat(named()).containsExactlyElementsOf(known);
  }

  /** The program would else compute another model without a word. */
  @Test
  void its_program_reads_or_refuses_every_key_that_parameters_do_not_show() {
    List<String> shown =
        List.of(
            "embedding_dim",
            "mlp_factor",
            "biases",
            "initialization",
            "token_initialization",
            "output_initialization",
            "rotary_share");
    String program = Topic.WEIGHTS.page().split("```python")[1];
    assertThat(Keys.of(TransformerSpec.class))
        .extracting(Keys.Component::name)
        .containsAll(shown)
        .filteredOn(key -> !shown.contains(key))
        .allMatch(key -> program.contains('"' + key + '"'));
  }

  @Test
  void every_architecture_takes_part() {
    List<String> kinds =
        Arrays.stream(ArchitectureSpec.class.getAnnotation(Kinds.class).value())
            .map(kind -> kind.getAnnotation(Kind.class).value())
            .filter(kind -> !kind.equals("toy"))
            .toList();
    assertThat(kinds)
        .allMatch(kind -> ARCHITECTURES.stream().anyMatch(a -> a.startsWith("{kind: " + kind)));
  }
}
