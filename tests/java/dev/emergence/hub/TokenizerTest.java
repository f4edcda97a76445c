package dev.emergence.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts against tokens of the hub's own library, and prompts that are made of them. */
class TokenizerTest {
  private static final Path GOLDEN = Path.of("tests", "golden", "tokenizer");

  @TempDir Path folder;

  private static Tokenizer tokenizer() throws BadFile {
    return Tokenizer.read(GOLDEN.resolve("tokenizer.json"));
  }

  @Test
  void texts_have_the_tokens_of_the_hub_s_own_library() throws BadFile {
    Tokenizer tokenizer = tokenizer();
    JsonFile expected = JsonFile.read(GOLDEN.resolve("expected.json"), 1 << 20);
    List<?> texts = (List<?>) expected.values().get("texts");
    assertThat(texts).hasSizeGreaterThan(15);
    for (Object entry : texts) {
      Map<?, ?> text = (Map<?, ?>) entry;
      int[] wanted = ((List<?>) text.get("tokens")).stream().mapToInt(t -> (Integer) t).toArray();
      assertThat(tokenizer.encode((String) text.get("text")))
          .as("'%s'", text.get("text"))
          .containsExactly(wanted);
    }
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`\"BPE\"`, `\"Unigram\"`, a model of type Unigram; BPE alone is read",
        "`\"NFC\"`, `\"NFKC\"`, a normalizer of type NFKC; expected NFC",
        "`\"ByteLevel\"`, `\"Metaspace\"`, expected ByteLevel without add_prefix_space",
        "`\"add_prefix_space\": false`, `\"add_prefix_space\": true`, expected ByteLevel",
        "`\"single_word\": false`, `\"single_word\": true`, an added token that is not read",
        "`\"merges\"`, `\"merge\"`, has no list of merges",
        "`\"a\":`, `\"aaaa\":`, has no token for the byte that is written 'a'",
        "`\"post_processor\": null`, `\"post_processor\": {\"type\": \"BertProcessing\"}`, adds tokens",
        "`{`, `[`, JSON"
      })
  void other_kinds_are_named(String from, String to, String says) throws IOException {
    String text = Files.readString(GOLDEN.resolve("tokenizer.json"));
    assertThat(text).contains(from);
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, text.replace(from, to));
    assertThatExceptionOfType(BadFile.class)
        .isThrownBy(() -> Tokenizer.read(file))
        .withMessageContaining(says)
        .withMessageContaining("tokenizer.json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type': 'ByteLevel', 'trim_offsets': true}",
        "{'type': 'Sequence', 'processors': [{'type': 'ByteLevel'}]}",
        "{'type': 'TemplateProcessing', 'single': [{'Sequence': {'id': 'A', 'type_id': 0}}]}"
      })
  void what_adds_no_tokens_to_a_text_is_read(String processor) throws Exception {
    Tokenizer same = edited("\"post_processor\": null", "'post_processor': " + processor);
    assertThat(same.encode("the key")).containsExactly(tokenizer().encode("the key"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type': 'Sequence', 'processors': [{'type': 'RobertaProcessing'}]}",
        "{'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': '<s>'}}, {'Sequence': {}}]}"
      })
  void what_adds_tokens_to_a_text_is_refused(String processor) {
    assertThatExceptionOfType(BadFile.class)
        .isThrownBy(() -> edited("\"post_processor\": null", "'post_processor': " + processor))
        .withMessageContaining("tokenizer.json adds tokens to a text by its post_processor {type=");
  }

  @Test
  void a_piece_that_is_a_token_needs_no_merges_where_the_file_says_so() throws Exception {
    String from = "\"ignore_merges\": false,\n    \"vocab\": {";
    Tokenizer merging = edited(from, "'ignore_merges': false, 'vocab': {'zyzzyva': 9999,");
    assertThat(merging.encode("zyzzyva")).doesNotContain(9999).hasSizeGreaterThan(1);
    Tokenizer ignoring = edited(from, "'ignore_merges': true, 'vocab': {'zyzzyva': 9999,");
    assertThat(ignoring.encode("zyzzyva")).containsExactly(9999);
    assertThat(ignoring.encode("zyzzy")).containsExactly(tokenizer().encode("zyzzy"));
  }

  /** The golden file with a change, whose quotes are written as single ones. */
  private Tokenizer edited(String from, String to) throws IOException, BadFile {
    String text = Files.readString(GOLDEN.resolve("tokenizer.json"));
    assertThat(text).contains(from);
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, text.replace(from, to.replace('\'', '"')));
    return Tokenizer.read(file);
  }

  @Test
  void built_in_prompts_follow_their_rules() throws BadFile {
    Tokenizer tokenizer = tokenizer();
    List<PromptSet> sets = BuiltinPrompts.of(tokenizer);
    assertThat(sets)
        .extracting(PromptSet::name)
        .containsExactly("copy", "repetition", "pattern", "ioi");
    for (PromptSet set : sets) {
      assertThat(set.prompts()).hasSize(64);
      Set<List<Integer>> different = new HashSet<>();
      for (Prompt prompt : set.prompts()) {
        different.add(Arrays.stream(prompt.shown()).boxed().toList());
        assertThat(prompt.answer()).hasSize(1);
        assertThat(prompt.foil()).hasSize(1).isNotEqualTo(prompt.answer());
        assertThat(prompt.shown()).contains(prompt.answer()[0]).contains(prompt.foil()[0]);
        checkRule(set.name(), prompt);
      }
      assertThat(different).as(set.name()).hasSizeGreaterThan(40);
    }
    assertThat(BuiltinPrompts.of(tokenizer).get(0).prompts().get(3).shown())
        .containsExactly(sets.get(0).prompts().get(3).shown());
  }

  /** The share that {@code emergence explain checkpoints} gives for guessing from the prompt. */
  @Test
  void who_names_what_the_prompt_suggests_solves_the_share_that_is_told() throws Exception {
    Map<String, Double> told = Map.of("copy", 0.21, "repetition", 0.5, "pattern", 0.36, "ioi", 0.5);
    String page =
        Files.readString(Path.of("java/resources/dev/emergence/cli/explain/checkpoints.md"));
    for (PromptSet set : BuiltinPrompts.of(tokenizer())) {
      double share = told.get(set.name());
      assertThat(page).containsPattern("\\| `" + set.name() + "` \\|.*\\| " + share + " \\|");
      double mean =
          set.prompts().stream().mapToDouble(p -> guessed(set.name(), p)).average().orElseThrow();
      assertThat(mean).as(set.name()).isCloseTo(share, within(0.03));
    }
  }

  /** The probability of the answer for one who draws from what the prompt suggests. */
  private static double guessed(String set, Prompt prompt) {
    int[] from =
        switch (set) {
          case "copy" -> Arrays.copyOf(prompt.shown(), 8);
          case "pattern" -> Arrays.stream(prompt.shown()).distinct().toArray();
          default -> new int[] {prompt.answer()[0], prompt.foil()[0]};
        };
    return Arrays.stream(from).filter(t -> t == prompt.answer()[0]).count() / (double) from.length;
  }

  private static void checkRule(String set, Prompt prompt) {
    int[] s = prompt.shown();
    int answer = prompt.answer()[0];
    switch (set) {
      case "copy" -> {
        assertThat(s).hasSize(16);
        assertThat(Arrays.copyOfRange(s, 9, 16)).containsExactly(Arrays.copyOf(s, 7));
        assertThat(s[7]).isEqualTo(answer);
      }
      case "repetition" -> {
        int first = Arrays.stream(s).boxed().toList().indexOf(s[s.length - 1]);
        assertThat(s[first + 1]).isEqualTo(answer);
      }
      case "pattern" -> {
        int period = (int) Arrays.stream(s).distinct().count();
        assertThat(s[s.length - period]).isEqualTo(answer);
      }
      default -> {
        assertThat(Arrays.stream(s).filter(t -> t == answer).count()).isEqualTo(1);
        assertThat(Arrays.stream(s).filter(t -> t == prompt.foil()[0]).count()).isEqualTo(2);
      }
    }
  }

  @Test
  void prompts_of_a_file_are_cut_into_tokens_once() throws Exception {
    Path file = folder.resolve("prompts.jsonl");
    Files.writeString(
        file,
        "{\"set\": \"ioi\", \"prompt\": \"Mary gave the key to\", \"answer\": \" John\"}\n"
            + "{\"set\": \"ids\", \"prompt\": [1, 2], \"answer\": [3, 4], \"foil\": [4, 3]}\n");
    List<PromptSet> sets = PromptFile.read(file, Optional.of(tokenizer()));
    assertThat(sets).extracting(PromptSet::name).containsExactly("ioi", "ids");
    assertThat(sets.get(0).prompts().get(0).shown())
        .containsExactly(tokenizer().encode("Mary gave the key to"));
    assertThat(sets.get(1).prompts().get(0).read()).containsExactly(1, 2, 3);
    Files.writeString(file, "{\"prompt\": \"the sto\", \"answer\": \"ne\"}");
    assertThatExceptionOfType(BadFile.class)
        .isThrownBy(() -> PromptFile.read(file, Optional.of(tokenizer())))
        .withMessageContaining(":1: prompt and answer run together");
  }
}
