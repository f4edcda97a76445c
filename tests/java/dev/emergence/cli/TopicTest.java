package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages of {@code emergence explain}. */
class TopicTest {
  @ParameterizedTest
  @EnumSource(Topic.class)
  void every_topic_has_a_page(Topic topic) {
    assertThat(topic.page()).startsWith("# ");
    assertThat(Topic.of(topic.word().toUpperCase(java.util.Locale.ROOT))).contains(topic);
  }

  @Test
  void the_keys_of_the_page_on_training_are_read_without_a_warning() {
    List<String> parts =
        Arrays.stream(Topic.TRAINING.page().split("\n\n"))
            .filter(part -> part.startsWith("    "))
            .toList();
    assertThat(parts).hasSize(2);
    String keys = parts.stream().map(part -> part.stripIndent()).collect(Collectors.joining("\n"));
    String file =
        "dsl: 1\nname: x\ntask: {kind: associative_recall, pairs: 4, tokens: 16}\n"
            + "architecture: {layer_norm: pre}\n"
            + keys
            + "\n";
    assertThat(SpecReader.read("x.yaml", file, ReadOptions.none()).toText()).isEmpty();
  }
}
