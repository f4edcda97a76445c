package dev.emergence.result;

import dev.emergence.plan.CanonicalJson;
import dev.emergence.plan.Demand;
import dev.emergence.plan.Run;
import dev.emergence.plan.RunId;
import dev.emergence.plan.SpecTree;
import dev.emergence.spec.RunConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the files of a run's folder say, and how they are checked. {@code result.json} holds the
 * checksums of the others.
 */
final class RunFiles {
  static final String RESULT = "result.json";
  static final String CONFIG = "config.json";
  static final String CURVE = "curve.jsonl";
  static final String CHECKPOINT = "checkpoint.safetensors";
  static final String ATTENTION = "attention.safetensors";
  static final String PROVENANCE = "provenance.json";
  static final String LOG = "log.txt";
  private static final String DEMANDS = "demands";
  private static final String CHECKSUM = "checksum";

  private RunFiles() {}

  /** Every file but the checkpoint and the result. */
  static Map<String, Disk.Content> contents(RunRecord run) {
    Map<String, Disk.Content> out = new LinkedHashMap<>();
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("run", run.run().id());
    config.put("seed", run.run().seed());
    config.put("numerics", RunId.NUMERICS);
    config.put("config", SpecTree.of(run.run().config()));
    if (!run.demands().isEmpty()) {
      config.put(DEMANDS, run.demands().stream().map(SpecTree::of).toList());
    }
    out.put(CONFIG, text(Json.pretty(config)));
    out.put(CURVE, CurveFile.content(run.curve()));
    if (!run.pictures().isEmpty()) {
      out.put(
          ATTENTION,
          new Safetensors(Map.of("run", run.run().id()), Pictures.tensors(run.pictures()))
              .content());
    }
    out.put(PROVENANCE, text(Json.pretty(run.provenance())));
    return out;
  }

  static Disk.Content result(String run, Outcome outcome, Map<String, Object> checksums) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("layout", ResultsFolder.LAYOUT);
    result.put("run", run);
    result.put("state", outcome.state().name().toLowerCase(Locale.ROOT));
    result.put("last_step", outcome.lastStep());
    result.put("reason", outcome.reason());
    result.put("attempts", outcome.attempts());
    result.put("seconds", outcome.seconds());
    result.put("files", checksums);
    result.put(CHECKSUM, checksum(result));
    return text(Json.pretty(result));
  }

  /** The result in a folder, checked against its own checksum. */
  static Map<String, Object> result(Path folder) throws Damaged {
    Map<String, Object> result = Json.read(folder.resolve(RESULT));
    Object checksum = result.remove(CHECKSUM);
    if (!checksum(result).equals(checksum)) {
      throw new Damaged(RESULT + " does not match its checksum");
    }
    return result;
  }

  /** Changes with the result in a folder, told without reading it; empty when there is none. */
  static Optional<String> stamp(Path folder) {
    try {
      BasicFileAttributes a =
          Files.readAttributes(
              folder.resolve(RESULT), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return Optional.of(a.fileKey() + " " + a.size() + " " + a.lastModifiedTime().toMillis());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** File names to checksums. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> files(Map<String, Object> result) throws Damaged {
    if (!(result.get("files") instanceof Map<?, ?> files)) {
      throw new Damaged(RESULT + " lists no files");
    }
    return (Map<String, Object>) files;
  }

  /** Checksums of what must be the same whoever computes it. */
  static List<Object> numbers(Path folder) {
    try {
      Map<String, Object> files = files(result(folder));
      return List.of(files.getOrDefault(CURVE, ""), files.getOrDefault(ATTENTION, ""));
    } catch (Damaged e) {
      return List.of(e.getMessage());
    }
  }

  /** Checks one file of any size against its checksum in the result. */
  static void verify(Path folder, Map<String, Object> result, String file) throws Damaged {
    Object expected = expected(folder, result, file);
    try {
      requireSame(file, Checksum.of(folder.resolve(file)), expected);
    } catch (IOException e) {
      throw new Damaged(file + " cannot be read: " + e, e);
    }
  }

  /** The content of a file, read once and checked against its checksum in the result. */
  static byte[] verified(Path folder, Map<String, Object> result, String file) throws Damaged {
    Object expected = expected(folder, result, file);
    byte[] content = Json.bytes(folder.resolve(file));
    requireSame(file, Checksum.of(content), expected);
    return content;
  }

  /** The same of a file that holds a JSON object. */
  static Map<String, Object> tree(Path folder, Map<String, Object> result, String file)
      throws Damaged {
    return Json.read(new String(verified(folder, result, file), StandardCharsets.UTF_8), file);
  }

  private static Object expected(Path folder, Map<String, Object> result, String file)
      throws Damaged {
    Object checksum = files(result).getOrDefault(file, "");
    if (!Files.isRegularFile(folder.resolve(file), LinkOption.NOFOLLOW_LINKS)) {
      throw new Damaged(file + " is missing or no plain file");
    }
    return checksum;
  }

  private static void requireSame(String file, String found, Object expected) throws Damaged {
    if (!found.equals(expected)) {
      throw new Damaged(file + " does not match the checksum in " + RESULT);
    }
  }

  /**
   * The run that a configuration file describes.
   *
   * @param stored what the file holds
   * @param id the one it must be
   */
  @SuppressWarnings("unchecked")
  static Run run(Map<String, Object> stored, String id) throws Damaged {
    try {
      RunConfig config = SpecTree.read(RunConfig.class, (Map<String, Object>) stored.get("config"));
      int seed = ((Number) stored.get("seed")).intValue();
      if (!RunId.of(config, seed).equals(id)) {
        throw new Damaged(
            CONFIG + " describes run " + RunId.of(config, seed) + ", found under " + id);
      }
      return new Run(id, config, seed);
    } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
      throw new Damaged(CONFIG + " is no configuration: " + e.getMessage(), e);
    }
  }

  /**
   * Whether a finished run was made for these demands, in any order. Where none are written, they
   * are those of its configuration.
   */
  static boolean isFor(Path folder, String id, List<Demand> demands) throws Damaged {
    Map<String, Object> config = tree(folder, result(folder), CONFIG);
    List<?> made =
        config.get(DEMANDS) instanceof List<?> list
            ? list
            : List.of(SpecTree.of(Demand.of(run(config, id).config())));
    return texts(made).equals(texts(demands.stream().map(SpecTree::of).toList()));
  }

  private static Set<String> texts(List<?> trees) {
    return trees.stream().map(CanonicalJson::of).collect(Collectors.toSet());
  }

  static Outcome outcome(Map<String, Object> result) throws Damaged {
    try {
      return new Outcome(
          Outcome.State.valueOf(((String) result.get("state")).toUpperCase(Locale.ROOT)),
          ((Number) result.get("last_step")).doubleValue(),
          (String) result.get("reason"),
          ((Number) result.get("attempts")).intValue(),
          ((Number) result.get("seconds")).doubleValue());
    } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
      throw new Damaged(RESULT + " is no result: " + e.getMessage(), e);
    }
  }

  static Disk.Content text(String text) {
    return Disk.Content.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String checksum(Map<String, Object> result) {
    return Checksum.of(Json.line(result).getBytes(StandardCharsets.UTF_8));
  }
}
