package dev.emergence.hub;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The tensors of a checkpoint: one safetensors file, or several with an index. */
final class Weights implements AutoCloseable {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final long LARGEST_INDEX = 64L << 20;
  private static final int PIECE = 4 << 20;

  /** Numbers at the start and the end of each tensor that a fingerprint reads. */
  private static final int SAMPLE = 256;

  /** What other software keeps beside the weights, in some files and not in others. */
  private static final Pattern BUFFER =
      Pattern.compile(".*\\.(attention\\.(bias|masked_bias)|rotary_emb\\.inv_freq)");

  private final Path folder;
  private final Map<String, TensorFile> files = new LinkedHashMap<>();
  private final Map<String, TensorFile> homes = new TreeMap<>();

  private Weights(Path folder) {
    this.folder = folder;
  }

  /** Whether a folder has weights, whole or not. */
  static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(INDEX)) || Files.exists(folder.resolve(SINGLE));
  }

  /** Opens what stands in a folder. */
  static Weights open(Path folder) throws BadFile {
    Weights weights = new Weights(folder);
    try {
      if (Files.exists(folder.resolve(INDEX))) {
        weights.shards(JsonFile.read(folder.resolve(INDEX), LARGEST_INDEX).object("weight_map"));
      } else {
        BadFile.require(Files.exists(folder.resolve(SINGLE)), lacking(folder));
        TensorFile file = weights.file(SINGLE);
        file.entries().keySet().forEach(name -> weights.homes.put(name, file));
      }
      return weights;
    } catch (BadFile | RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  private static String lacking(Path folder) {
    if (Files.isRegularFile(folder)) {
      return folder + " names no revision of 40 hex digits";
    }
    boolean pickled = Files.exists(folder.resolve("pytorch_model.bin"));
    return folder
        + " has no "
        + SINGLE
        + " and no "
        + INDEX
        + (pickled
            ? "; its pytorch_model.bin is not read: fetch the safetensors file of the same revision"
            : "");
  }

  private void shards(JsonFile map) throws BadFile {
    for (Map.Entry<String, Object> entry : map.values().entrySet()) {
      boolean plain = entry.getValue() instanceof String s && s.matches("[A-Za-z0-9._-]+");
      BadFile.require(
          plain,
          map.name()
              + " puts '"
              + entry.getKey()
              + "' into "
              + entry.getValue()
              + ", which is no plain file name");
      TensorFile file = file((String) entry.getValue());
      BadFile.require(
          file.entries().containsKey(entry.getKey()),
          file.file() + " has no '" + entry.getKey() + "', which the index puts there");
      homes.put(entry.getKey(), file);
    }
  }

  private TensorFile file(String name) throws BadFile {
    TensorFile known = files.get(name);
    if (known == null) {
      known = TensorFile.open(folder.resolve(name));
      files.put(name, known);
    }
    return known;
  }

  boolean has(String name) {
    return homes.containsKey(name);
  }

  /**
   * Fails unless a tensor of numbers is there in this shape.
   *
   * @throws BadFile saying what is there instead
   */
  void expect(String name, List<Long> shape) throws BadFile {
    TensorFile home = homes.get(name);
    BadFile.require(home != null, folder + " has no tensor '" + name + "'");
    TensorFile.Entry entry = home.entries().get(name);
    BadFile.require(
        entry.type().isFloat(),
        home.file() + " has '" + name + "' as " + entry.type() + "; expected F32, F16 or BF16");
    BadFile.require(
        entry.shape().equals(shape),
        home.file() + " has '" + name + "' of shape " + entry.shape() + "; expected " + shape);
  }

  /** Neighbouring numbers of a tensor, from number {@code first} on. */
  float[] read(String name, long first, int count) throws BadFile {
    float[] out = new float[count];
    homes.get(name).read(name, first, out);
    return out;
  }

  /** A hash of names, shapes and the ends of all tensors: quick, and different for most. */
  String fingerprint() throws BadFile {
    return hash(true);
  }

  /** A hash of names, shapes and all numbers, in whatever type they are stored. */
  String hash() throws BadFile {
    return hash(false);
  }

  private String hash(boolean quick) throws BadFile {
    MessageDigest sha = sha256();
    for (Map.Entry<String, TensorFile> home : homes.entrySet()) {
      String name = home.getKey();
      TensorFile.Entry entry = home.getValue().entries().get(name);
      if (!entry.type().isFloat() || BUFFER.matcher(name).matches()) {
        continue;
      }
      sha.update((name + entry.shape()).getBytes(StandardCharsets.UTF_8));
      long size = entry.elements();
      if (quick && size > 2L * SAMPLE) {
        update(sha, read(name, 0, SAMPLE));
        update(sha, read(name, size - SAMPLE, SAMPLE));
      } else {
        for (long at = 0; at < size; at += PIECE) {
          update(sha, read(name, at, (int) Math.min(PIECE, size - at)));
        }
      }
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static void update(MessageDigest sha, float[] numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES);
    bytes.asFloatBuffer().put(numbers);
    sha.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    files.values().forEach(TensorFile::close);
  }
}
