package dev.emergence.hub;

import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.GptNeox;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sizes of a GPT-NeoX model (Black et al. 2022), as a {@code config.json} of the hub gives them.
 *
 * @param vocabulary tokens, with those that pad the table
 * @param longest tokens of a sequence, at most
 * @param tied whether the read-out is the table of tokens
 */
record NeoxConfig(
    int vocabulary,
    int layers,
    int width,
    int heads,
    int hidden,
    double rotaryShare,
    boolean parallel,
    boolean tied,
    int longest) {
  private static final long LARGEST = 1 << 20;
  private static final Set<String> ROPE =
      new TreeSet<>(Set.of("rope_type", "rope_theta", "partial_rotary_factor"));

  /** Reads a file, and refuses what is computed otherwise here. */
  static NeoxConfig read(Path file) throws BadFile {
    JsonFile json = JsonFile.read(file, LARGEST);
    String kind = json.text("model_type").orElse("absent");
    BadFile.require(
        kind.equals("gpt_neox"), file + " has model_type " + kind + "; gpt_neox alone is read");
    String activation = json.text("hidden_act").orElse("gelu");
    BadFile.require(
        activation.equals("gelu"), file + " has hidden_act " + activation + "; expected gelu");
    exactly(json, "layer_norm_eps", 1e-5);
    exactly(json, "rotary_emb_base", 10_000);
    JsonFile rope = rope(json);
    BadFile.require(
        json.flag("attention_bias", true), file + " has attention_bias false; expected true");
    int width = json.count("hidden_size", 16384);
    int hidden = json.count("intermediate_size", 1 << 20);
    int heads = json.count("num_attention_heads", 1024);
    BadFile.require(
        width % heads == 0 && width / heads <= 128 && hidden % width == 0 && hidden / width <= 64,
        file
            + " has hidden_size "
            + width
            + ", num_attention_heads "
            + heads
            + " and intermediate_size "
            + hidden
            + "; heads must share the width evenly and be 128 wide at most, and the hidden width must"
            + " be a multiple of it");
    BadFile.require(
        width / heads % 2 == 0,
        file + " has heads of " + width / heads + " numbers; expected an even number");
    double share =
        json.number(
            "rotary_pct",
            rope.number("partial_rotary_factor", json.number("partial_rotary_factor", 0.25)));
    int rotated = (int) (share * (width / heads));
    BadFile.require(
        rotated >= 2 && rotated % 2 == 0 && share <= 1,
        file + " has rotary_pct " + share + ", which turns " + rotated + " numbers of a head");
    return new NeoxConfig(
        json.count("vocab_size", 1 << 24),
        json.count("num_hidden_layers", 64),
        width,
        heads,
        hidden,
        (double) rotated / (width / heads),
        json.flag("use_parallel_residual", true),
        json.flag("tie_word_embeddings", false),
        json.count("max_position_embeddings", 1 << 20));
  }

  /** How positions turn, which newer files say in an object of its own. */
  private static JsonFile rope(JsonFile json) throws BadFile {
    BadFile.require(
        !json.has("rope_scaling"),
        json.name() + " has rope_scaling; positions are not scaled here");
    exactly(json, "rope_theta", 10_000);
    JsonFile rope =
        json.has("rope_parameters")
            ? json.object("rope_parameters")
            : JsonFile.of("{}", json.name());
    Set<String> unknown = new TreeSet<>(rope.values().keySet());
    unknown.removeAll(ROPE);
    BadFile.require(unknown.isEmpty(), rope.name() + " has " + unknown + "; known: " + ROPE);
    String type = rope.text("rope_type").orElse("default");
    BadFile.require(
        type.equals("default"), rope.name() + " has rope_type " + type + "; expected default");
    exactly(rope, "rope_theta", 10_000);
    return rope;
  }

  private static void exactly(JsonFile json, String key, double expected) throws BadFile {
    double found = json.number(key, expected);
    BadFile.require(
        found == expected, json.name() + " has " + key + " " + found + "; expected " + expected);
  }

  int headDim() {
    return width / heads;
  }

  /** Trained numbers. */
  long parameters() {
    long block = 4L * width * width + 2L * width * hidden + 9L * width + hidden;
    return 2L * vocabulary * width + layers * block + 2L * width;
  }

  /** The same model in our words. */
  ArchitectureSpec architecture() {
    return GptNeox.of(layers, width, heads, hidden / width, rotaryShare, parallel);
  }
}
