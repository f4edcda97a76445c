package dev.emergence.hub;

import dev.emergence.hub.HubFolder.Checkpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checkpoints of several steps with the same weights. One of them was stored under a wrong name,
 * and nobody can tell which.
 */
final class Duplicates {
  private Duplicates() {}

  /** Groups of two and more, by step. Checkpoints that cannot be read belong to none. */
  static List<List<Checkpoint>> among(List<Checkpoint> checkpoints) {
    List<List<Checkpoint>> out = new ArrayList<>();
    // All numbers are read of those alone that look alike.
    for (List<Checkpoint> alike : alike(checkpoints, true)) {
      out.addAll(alike(alike, false));
    }
    return out;
  }

  private static List<List<Checkpoint>> alike(List<Checkpoint> checkpoints, boolean quick) {
    Map<String, List<Checkpoint>> byHash = new LinkedHashMap<>();
    for (Checkpoint checkpoint : checkpoints) {
      try (Weights weights = Weights.open(checkpoint.folder())) {
        String hash = quick ? weights.fingerprint() : weights.hash();
        byHash.computeIfAbsent(hash, h -> new ArrayList<>()).add(checkpoint);
      } catch (BadFile e) {
        // It is named when it is to be read.
      }
    }
    return byHash.values().stream().filter(group -> group.size() > 1).toList();
  }
}
