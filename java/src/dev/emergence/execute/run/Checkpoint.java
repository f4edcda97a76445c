package dev.emergence.execute.run;

import dev.emergence.result.Curve;
import dev.emergence.result.Damaged;
import dev.emergence.result.Picture;
import dev.emergence.result.Pictures;
import dev.emergence.result.Safetensors;
import dev.emergence.result.StoredCurve;
import dev.emergence.tensor.ShapedArray;
import dev.emergence.train.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that continues a run exactly: the trainer's state and what has been measured until then, in
 * one file, so that they cannot disagree.
 *
 * @param snapshot the trainer's state
 * @param curve rows up to the snapshot's step
 * @param pictures attention patterns kept so far
 * @param seconds wall time spent so far
 */
record Checkpoint(Snapshot snapshot, Curve curve, List<Picture> pictures, double seconds) {
  private static final String STATE = "state/";

  /**
   * As a file.
   *
   * @param run the run's id, which is kept in it
   */
  Safetensors file(String run) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("run", run);
    metadata.put("step", Long.toString(snapshot.step()));
    metadata.put("seconds", Double.toString(seconds));
    Map<String, ShapedArray> tensors = new LinkedHashMap<>();
    snapshot.arrays().forEach((name, array) -> tensors.put(STATE + name, array.shortened()));
    StoredCurve.put(curve, metadata, tensors);
    tensors.putAll(Pictures.tensors(pictures));
    return new Safetensors(metadata, tensors);
  }

  /** Parameters alone, as a file of their own. */
  static Safetensors parameters(String run, long step, Map<String, ShapedArray> arrays) {
    Map<String, ShapedArray> tensors = new LinkedHashMap<>();
    arrays.forEach((name, array) -> tensors.put(name, array.shortened()));
    return new Safetensors(Map.of("run", run, "step", Long.toString(step)), tensors);
  }

  /**
   * From a file.
   *
   * @throws Damaged when it is no checkpoint of this run
   */
  static Checkpoint of(Safetensors file, String run) throws Damaged {
    try {
      if (!run.equals(file.metadata().get("run"))) {
        throw new Damaged(
            "the checkpoint belongs to run " + file.metadata().get("run") + ", expected " + run);
      }
      Map<String, ShapedArray> arrays = new LinkedHashMap<>();
      file.tensors()
          .forEach(
              (name, values) -> {
                if (name.startsWith(STATE)) {
                  arrays.put(name.substring(STATE.length()), values);
                }
              });
      Snapshot snapshot = new Snapshot(Long.parseLong(file.metadata().get("step")), arrays);
      return new Checkpoint(
          snapshot,
          StoredCurve.of(file),
          Pictures.of(file.tensors()),
          Double.parseDouble(file.metadata().get("seconds")));
    } catch (IllegalArgumentException | NullPointerException | ArithmeticException e) {
      throw new Damaged("the checkpoint of run " + run + " is incomplete: " + e, e);
    }
  }
}
