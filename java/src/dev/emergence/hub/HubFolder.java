package dev.emergence.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of checkpoints: one folder each, whose name ends in {@code step} and a number, or the
 * hub's own cache with {@code refs} and {@code snapshots}.
 *
 * @param checkpoints by step, rising
 * @param unnamed folders beside them that hold weights too, but whose names tell no step
 */
record HubFolder(Path folder, List<Checkpoint> checkpoints, List<Path> unnamed) {
  private static final Pattern STEP = Pattern.compile("(?:.*[^a-z])?step[-_]?([0-9]{1,9})");

  /** The weights at one step. */
  record Checkpoint(long step, Path folder) {}

  /** Finds the checkpoints of a folder; opens none. */
  static HubFolder of(Path folder) throws BadFile {
    BadFile.require(Files.isDirectory(folder), folder + " is no folder");
    Map<Long, Path> found = new TreeMap<>();
    List<Path> unnamed = new ArrayList<>();
    try {
      boolean cache = Files.isDirectory(folder.resolve("snapshots"));
      for (Path entry : list(cache ? folder.resolve("refs") : folder)) {
        Matcher step = STEP.matcher(entry.getFileName().toString());
        if (step.matches()) {
          Path weights = cache ? snapshot(folder, entry) : entry;
          Path other = found.put(Long.parseLong(step.group(1)), weights);
          BadFile.require(
              other == null,
              folder + " has step " + step.group(1) + " twice: " + other + " and " + weights);
        } else if (!cache && Weights.isIn(entry)) {
          unnamed.add(entry);
        }
      }
    } catch (IOException e) {
      throw new BadFile(folder + " cannot be listed: " + e.getMessage(), e);
    }
    BadFile.require(
        found.size() >= 2,
        folder
            + " has "
            + found.size()
            + " checkpoints; expected folders step0, step1000 and so on, each with config.json and"
            + " model.safetensors (see emergence explain checkpoints)");
    return new HubFolder(
        folder,
        found.entrySet().stream().map(e -> new Checkpoint(e.getKey(), e.getValue())).toList(),
        List.copyOf(unnamed));
  }

  /** The folder of a reference; the reference itself where it is damaged. */
  private static Path snapshot(Path folder, Path reference) throws IOException {
    byte[] found = Files.size(reference) <= 100 ? Files.readAllBytes(reference) : new byte[0];
    String revision = new String(found, StandardCharsets.ISO_8859_1).strip();
    return revision.matches("[0-9a-f]{40}")
        ? folder.resolve("snapshots").resolve(revision)
        : reference;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted(Comparator.naturalOrder()).toList();
    }
  }

  /** A file beside the checkpoints, or in the first one that has it. */
  Optional<Path> find(String name) {
    List<Path> places = new ArrayList<>(List.of(folder));
    checkpoints.forEach(c -> places.add(c.folder()));
    return places.stream().map(p -> p.resolve(name)).filter(Files::isRegularFile).findFirst();
  }
}
