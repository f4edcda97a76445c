package dev.emergence.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged, truncated and foreign files give a sentence that names the file. */
class DamagedCheckpointsTest {
  @TempDir Path folder;

  @BeforeEach
  void copy() throws IOException {
    try (Stream<Path> files = Files.list(NeoxGoldenTest.GOLDEN.resolve("float16"))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }

  private void read() throws BadFile {
    NeoxConfig config = NeoxConfig.read(folder.resolve("config.json"));
    try (Weights weights = Weights.open(folder)) {
      NeoxLoader.check(config, weights);
      weights.hash();
    }
  }

  private String sentence() {
    BadFile[] found = new BadFile[1];
    assertThatExceptionOfType(BadFile.class).isThrownBy(this::read).satisfies(e -> found[0] = e);
    assertThat(found[0].getMessage()).contains(folder.toString()).doesNotContain("Exception");
    return found[0].getMessage();
  }

  private Path shard() {
    return folder.resolve("model-00002-of-00002.safetensors");
  }

  private void change(String file, String from, String to) throws IOException {
    String text = Files.readString(folder.resolve(file));
    assertThat(text).contains(from);
    Files.writeString(folder.resolve(file), text.replace(from, to));
  }

  @Test
  void what_was_copied_is_whole() throws BadFile {
    read();
  }

  @Test
  void a_file_that_was_cut_anywhere_is_noticed() throws IOException {
    byte[] whole = Files.readAllBytes(shard());
    for (int length = 0; length < whole.length; length += length < 40 ? 1 : 997) {
      Files.write(shard(), Arrays.copyOf(whole, length));
      assertThat(sentence()).contains("model-00002");
    }
    Files.write(shard(), Arrays.copyOf(whole, whole.length + 1));
    assertThat(sentence()).contains("but its header describes");
  }

  @Test
  void a_forged_length_of_the_header_is_not_believed() throws IOException {
    byte[] whole = Files.readAllBytes(shard());
    for (long claimed : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40, 1L << 31, 0, 1}) {
      ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putLong(claimed);
      Files.write(shard(), whole);
      assertThat(sentence())
          .contains("claims a header of " + Long.toUnsignedString(claimed) + " bytes");
    }
  }

  static Stream<Arguments> headers() {
    return Stream.of(
        Arguments.of("{\"a\":{\"dtype\":\"F4\",\"shape\":[1],\"data_offsets\":[0,4]}}", "type F4"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", "of shape [2]"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,4294967296],\"data_offsets\":[0,4]}}",
            "of shape"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1000000000000],\"data_offsets\":[0,4000000000000]}}",
            "of shape"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", "shape [-1]"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]}}", "with shape 1"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", "in bytes 4 to 0"),
        Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", "data_offsets null"),
        Arguments.of("{\"a\":7}", "no object a"),
        Arguments.of("{\"a\":{}, \"a\":{}}", "JSON"),
        Arguments.of("{\"a\":", "JSON"),
        Arguments.of("null", "null"),
        Arguments.of("[".repeat(5000), "JSON"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("headers")
  void a_forged_header_is_refused(String header, String says) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(json.length + 12).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json).putFloat(1);
    Files.write(shard(), file.array());
    assertThat(sentence()).contains(says);
  }

  @Test
  void foreign_files_are_named() throws IOException {
    change("config.json", "\"gpt_neox\"", "\"llama\"");
    assertThat(sentence()).contains("model_type llama; gpt_neox alone is read");
    Files.writeString(folder.resolve("config.json"), "model_type: gpt_neox\n");
    assertThat(sentence()).contains("JSON");
    Files.delete(folder.resolve("config.json"));
    assertThat(sentence()).contains("config.json is missing");
  }

  private static final String SHARE = "\"rotary_pct\": 0.25";
  private static final String SCALED =
      ", \"rope_scaling\": {\"type\": \"linear\", \"factor\": 4.0}";

  /** How newer files say it. */
  private static String rope(String key) {
    return "\"rope_parameters\": {\"partial_rotary_factor\": 0.5, " + key + "}";
  }

  @Test
  void a_share_in_an_object_of_its_own_is_read() throws Exception {
    change("config.json", SHARE, rope("\"rope_type\": \"default\", \"rope_theta\": 10000.0"));
    assertThat(NeoxConfig.read(folder.resolve("config.json")).rotaryShare()).isEqualTo(0.5);
  }

  static Stream<Arguments> configs() {
    return Stream.of(
        Arguments.of("\"gelu\"", "\"gelu_fast\"", "hidden_act gelu_fast; expected gelu"),
        Arguments.of("1e-05", "1e-06", "layer_norm_eps"),
        Arguments.of("10000", "500000", "rotary_emb_base"),
        Arguments.of("\"num_attention_heads\": 2", "\"num_attention_heads\": 3", "share the width"),
        Arguments.of("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", "no tensor"),
        Arguments.of("\"num_hidden_layers\": 2", "\"num_hidden_layers\": -2", "whole number"),
        Arguments.of("\"vocab_size\": 33", "\"vocab_size\": 2000000000", "whole number"),
        Arguments.of("\"vocab_size\": 33", "\"vocab_size\": 16000000", "expected [16000000, 32]"),
        Arguments.of("\"rotary_pct\": 0.25", "\"rotary_pct\": 0.2", "turns 3 numbers"),
        Arguments.of("\"rotary_pct\": 0.25", "\"rotary_pct\": \"all\"", "expected a number"),
        Arguments.of(
            "\"num_attention_heads\": 2", "\"num_attention_heads\": 32", "heads of 1 numbers"),
        Arguments.of(SHARE, SHARE + SCALED, "positions are not scaled"),
        Arguments.of(
            SHARE, rope("\"rope_theta\": 500000"), "rope_parameters has rope_theta 500000"),
        Arguments.of(
            SHARE, rope("\"rope_type\": \"yarn\""), "has rope_type yarn; expected default"),
        Arguments.of(SHARE, rope("\"factor\": 4"), "rope_parameters has [factor]; known"));
  }

  @ParameterizedTest(name = "{2}")
  @MethodSource("configs")
  void settings_that_are_computed_otherwise_are_refused(String from, String to, String says)
      throws IOException {
    change("config.json", from, to);
    assertThat(sentence()).contains(says);
  }

  @Test
  void shards_must_be_there_and_stand_in_the_folder() throws IOException {
    String index = "model.safetensors.index.json";
    String whole = Files.readString(folder.resolve(index));
    change(index, "\"model-00002-of-00002.safetensors\"", "\"../model.safetensors\"");
    assertThat(sentence()).contains("no plain file name");
    Files.writeString(folder.resolve(index), whole);
    change(index, "gpt_neox.embed_in.weight", "gpt_neox.embed_out.weight");
    assertThat(sentence()).contains("which the index puts there");
    Files.writeString(folder.resolve(index), whole);
    Files.delete(shard());
    assertThat(sentence()).contains("cannot be read");
  }

  @Test
  void a_pickled_checkpoint_is_told_from_none() throws IOException {
    Files.delete(folder.resolve("model.safetensors.index.json"));
    assertThat(sentence()).contains("has no model.safetensors and no");
    Files.writeString(folder.resolve("pytorch_model.bin"), "");
    assertThat(sentence()).contains("fetch the safetensors file of the same revision");
  }

  @Test
  void halves_have_the_values_of_their_bits() {
    assertThat(ElementType.half((short) 0x3C00)).isEqualTo(1);
    assertThat(ElementType.half((short) 0xC000)).isEqualTo(-2);
    assertThat(ElementType.half((short) 0x3555)).isEqualTo(0.333251953125f);
    assertThat(ElementType.half((short) 0x0001)).isEqualTo(0x1p-24f);
    assertThat(ElementType.half((short) 0x8001)).isEqualTo(-0x1p-24f);
    assertThat(ElementType.half((short) 0x7BFF)).isEqualTo(65504);
    assertThat(ElementType.half((short) 0x7C00)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(ElementType.half((short) 0x7C01)).isNaN();
    assertThat(Float.floatToRawIntBits(ElementType.half((short) 0x8000)))
        .isEqualTo(Float.floatToRawIntBits(-0f));
  }
}
