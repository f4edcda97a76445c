package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.result.Damaged;
import dev.emergence.result.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of small checkpoints from end to end; the weights are those of the golden models. */
class CapabilitiesCommandTest {
  private static final Path GOLDEN = Path.of("tests", "golden", "neox");

  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void checkpoints() throws IOException {
    for (int step : new int[] {0, 1, 2, 4, 8}) {
      copy("float32", folder.resolve("step" + step));
      // The last bytes of the file are one of the read-out's weights: steps differ.
      Path file = folder.resolve("step" + step).resolve("model.safetensors");
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length - 3] ^= (byte) step;
      Files.write(file, bytes);
    }
    prompts("{\"set\": \"any\", \"prompt\": [5, 9], \"answer\": [3], \"foil\": [4]}");
  }

  private static void copy(String model, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(GOLDEN.resolve(model))) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private void prompts(String... lines) throws IOException {
    Files.writeString(folder.resolve("prompts.jsonl"), String.join("\n", lines) + "\n");
  }

  private int run(String... more) {
    String[] all = new String[more.length + 5];
    all[0] = "capabilities";
    all[1] = "--checkpoints";
    all[2] = folder.toString();
    all[3] = "--prompts";
    all[4] = folder.resolve("prompts.jsonl").toString();
    System.arraycopy(more, 0, all, 5, more.length);
    return command(all);
  }

  private int command(String... words) {
    shell = Shell.run((Object[]) words);
    return shell.code();
  }

  @Test
  void tables_are_printed_and_written() throws IOException {
    assertThat(run("--measure", "probability", "--above", "0", "--out", folder + "/out"))
        .as(shell.err())
        .isZero();
    assertThat(shell.out())
        .contains("5 of 5 checkpoints read; emergence is probability above 0")
        .contains("at or before step 0");
    assertThat(Files.readString(folder.resolve("out/capabilities.csv")))
        .startsWith("step,set,probability,solved,logit_difference\n0,any,0.")
        .hasLineCount(6);
    assertThat(Files.readString(folder.resolve("out/emergence.csv")))
        .contains("any,probability above 0,reached,,,0,8,0");
    assertThat(run("--measure", "probability", "--above", "1")).isZero();
    assertThat(shell.out()).contains("unreached up to step 8");
  }

  @Test
  void heads_of_both_sides_of_the_emergence_are_studied() throws IOException {
    // Step 8 has twice the read-out of the others, so that the likeliest token is likelier.
    Path last = folder.resolve("step8/model.safetensors");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(last)).order(ByteOrder.LITTLE_ENDIAN);
    int readout = 40 * 16 * Float.BYTES;
    for (int at = bytes.capacity() - readout; at < bytes.capacity(); at += Float.BYTES) {
      bytes.putFloat(at, 2 * bytes.getFloat(at));
    }
    Files.write(last, bytes.array());
    Map<?, ?> expected = (Map<?, ?>) ((List<?>) golden().get("sequences")).get(1);
    List<?> row = (List<?>) ((List<?>) expected.get("logits")).get(4);
    double[] logits = row.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
    int likeliest = 0;
    double sum = 0;
    double twice = 0;
    for (int i = 0; i < logits.length; i++) {
      likeliest = logits[i] > logits[likeliest] ? i : likeliest;
      sum += Math.exp(logits[i]);
      twice += Math.exp(2 * logits[i]);
    }
    double before = Math.exp(logits[likeliest]) / sum;
    double after = Math.exp(2 * logits[likeliest]) / twice;
    assertThat(after).isGreaterThan(before + 0.01);
    prompts("{\"prompt\": " + expected.get("tokens") + ", \"answer\": [" + likeliest + "]}");
    String level = String.valueOf((before + after) / 2);
    String out = folder + "/out";
    assertThat(run("--measure", "probability", "--above", level, "--heads", "patch", "--out", out))
        .as(shell.err())
        .isZero();
    assertThat(shell.out())
        .contains("prompts, patch: step 4 with patterns of step 8")
        .contains("prompts, reverse: step 8 with patterns of step 4");
    List<String> heads = Files.readAllLines(folder.resolve("out/heads.csv"));
    assertThat(heads).filteredOn(line -> line.contains(",single,")).hasSize(8);
    // Both attend alike, up to a last bit of one weight of the read-out: patterns change nothing.
    assertThat(heads)
        .filteredOn(line -> line.contains(",all,"))
        .hasSize(2)
        .allMatch(line -> Math.abs(Double.parseDouble(line.split(",")[11])) < 1e-9);
    assertThat(run("--measure", "probability", "--above", level, "--heads", "ablate")).isZero();
    assertThat(shell.out()).contains("prompts, ablate: step 8, probability");
    assertThat(shell.out())
        .as("one prompt has no interval")
        .contains("median head")
        .doesNotContain(" to +");
  }

  private static Map<String, Object> golden() throws IOException {
    try {
      return Json.read(GOLDEN.resolve("float32/expected.json"));
    } catch (Damaged e) {
      throw new IOException(e);
    }
  }

  @Test
  void steps_with_the_same_weights_are_refused_with_the_list_or_left_out() throws IOException {
    Files.copy(
        folder.resolve("step4/model.safetensors"),
        folder.resolve("step8/model.safetensors"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(run()).isEqualTo(ExitCode.INVALID_FILE);
    assertThat(shell.err())
        .contains("have the same weights")
        .contains("steps 4, 8")
        .contains("--without-duplicates");
    assertThat(run("--without-duplicates")).isZero();
    assertThat(shell.out()).contains("3 of 3 checkpoints read");
  }

  @Test
  void a_damaged_step_is_stepped_around_and_named() throws IOException {
    Files.writeString(folder.resolve("step2/model.safetensors"), "cut");
    assertThat(run()).isEqualTo(ExitCode.RUNS_FAILED);
    assertThat(shell.out()).contains("step 2 was not read").contains("3 bytes, too few");
    assertThat(shell.err()).contains("step 2 is stepped around");
  }

  @Test
  void a_step_with_weights_that_are_no_numbers_or_of_another_model_is_stepped_around()
      throws IOException {
    Path file = folder.resolve("step2/model.safetensors");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(bytes.capacity() - Float.BYTES, Float.NaN);
    Files.write(file, bytes.array());
    Path config = folder.resolve("step4/config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"use_parallel_residual\": true", "\"use_parallel_residual\": false"));
    assertThat(run()).isEqualTo(ExitCode.RUNS_FAILED);
    assertThat(shell.out()).contains("3 of 5 checkpoints read");
    assertThat(shell.err())
        .contains("step 2 is stepped around: its logits for prompts any are not finite")
        .contains("step 4 is stepped around: ", "config.json describes another model");
  }

  @Test
  void a_difference_to_foils_needs_foils() throws IOException {
    prompts("{\"set\": \"bare\", \"prompt\": [5, 9], \"answer\": [3], \"foil\": [3]}");
    assertThat(run("--measure", "logit_difference")).isEqualTo(ExitCode.INVALID_FILE);
    assertThat(shell.err()).contains("prompts bare have no foil, so there is no logit_difference");
  }

  @Test
  void what_cannot_be_used_is_a_sentence() throws IOException {
    prompts(
        "{\"set\": \"any\", \"prompt\": \"text\", \"answer\": [3]}",
        "{\"set\": \"Any\", \"prompt\": [1], \"answer\": [3]}",
        "{\"promt\": [1], \"answer\": [3]}",
        "no json",
        "{\"prompt\": [1], \"answer\": [3], \"foil\": [1, 2]}");
    assertThat(run()).isEqualTo(ExitCode.INVALID_FILE);
    assertThat(shell.err())
        .contains("prompts.jsonl:1: prompt is a text, and there is no tokenizer.json")
        .contains("prompts.jsonl:2: set 'Any' is no lower-case word")
        .contains("prompts.jsonl:3: unknown key [promt]")
        .contains("prompts.jsonl:4: ")
        .contains("prompts.jsonl:5: the foil has 2 tokens and the answer 1");
    prompts("{\"prompt\": [40], \"answer\": [3]}");
    assertThat(run()).isEqualTo(ExitCode.INVALID_FILE);
    assertThat(shell.err()).contains("have tokens up to 40").contains("knows 40 tokens");
    assertThat(command("capabilities", "--checkpoints", folder.resolve("step0").toString()))
        .isEqualTo(ExitCode.INVALID_FILE);
    assertThat(shell.err()).contains("has 0 checkpoints; expected folders step0, step1000");
    assertThat(command("capabilities", "--checkpoints", folder.toString()))
        .isEqualTo(ExitCode.INVALID_FILE);
    assertThat(shell.err()).contains("no tokenizer.json, which the built-in prompts need");
  }

  @Test
  void a_folder_that_cannot_be_written_is_refused_before_anything_is_read() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(run("--out", file.toString())).isEqualTo(ExitCode.FOLDER_UNUSABLE);
    assertThat(shell.err()).contains("is a file; choose another folder").doesNotContain("read");
  }

  @Test
  void a_checkpoint_whose_folder_names_no_step_is_named() throws IOException {
    Files.move(folder.resolve("step2"), folder.resolve("Step2"));
    Files.createDirectories(folder.resolve("notes"));
    assertThat(run()).as(shell.err()).isZero();
    assertThat(shell.out()).contains("4 of 4 checkpoints read");
    assertThat(shell.err())
        .contains("Step2 is left out: its name does not end in 'step' and a number")
        .doesNotContain("notes");
  }

  @Test
  void the_hub_s_own_cache_is_read_as_it_lies() throws IOException {
    Path cache = folder.resolve("models--small");
    Files.createDirectories(cache.resolve("refs"));
    for (int step : new int[] {1, 2}) {
      String revision = String.valueOf(step).repeat(40);
      Files.createDirectories(cache.resolve("snapshots"));
      Files.move(folder.resolve("step" + step), cache.resolve("snapshots").resolve(revision));
      Files.writeString(cache.resolve("refs/step" + step), revision);
    }
    Files.writeString(cache.resolve("refs/main"), "1".repeat(40));
    Files.write(cache.resolve("refs/step4"), new byte[] {-1, 0, 7});
    Path asked = folder.resolve("prompts.jsonl");
    assertThat(
            command(
                "capabilities", "--checkpoints", cache.toString(), "--prompts", asked.toString()))
        .as(shell.err())
        .isEqualTo(ExitCode.RUNS_FAILED);
    assertThat(shell.out()).contains("2 of 3 checkpoints read");
    assertThat(shell.err()).contains("refs/step4 names no revision of 40 hex digits");
  }
}
