package dev.emergence.result;

import dev.emergence.tensor.ShapedArray;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A curve as it lies in a checkpoint: (rows, 1 + columns), the steps first. */
public final class StoredCurve {
  private static final String TENSOR = "curve";
  private static final String COLUMNS = "curve_columns";
  private static final String SEPARATOR = "\n";

  private StoredCurve() {}

  /** Puts a curve among a checkpoint's metadata and tensors. */
  public static void put(
      Curve curve, Map<String, String> metadata, Map<String, ShapedArray> tensors) {
    int width = 1 + curve.columns().size();
    double[] flat = new double[curve.size() * width];
    for (int row = 0; row < curve.size(); row++) {
      flat[row * width] = curve.steps()[row];
      System.arraycopy(curve.values()[row], 0, flat, row * width + 1, width - 1);
    }
    metadata.put(COLUMNS, String.join(SEPARATOR, curve.columns()));
    tensors.put(TENSOR, new ShapedArray(new int[] {curve.size(), width}, flat));
  }

  /**
   * The curve of a checkpoint.
   *
   * @throws Damaged when there is none, or it is not whole
   */
  public static Curve of(Safetensors file) throws Damaged {
    ShapedArray rows = file.tensors().get(TENSOR);
    String names = file.metadata().get(COLUMNS);
    if (rows == null || names == null || rows.shape().length != 2) {
      throw new Damaged("the checkpoint has no curve");
    }
    List<String> columns = List.of(names.split(SEPARATOR));
    int width = 1 + columns.size();
    if (rows.shape()[1] != width) {
      throw new Damaged("the checkpoint's curve has " + rows.shape()[1] + " columns, not " + width);
    }
    double[] steps = new double[rows.shape()[0]];
    double[][] values = new double[steps.length][width - 1];
    for (int row = 0; row < steps.length; row++) {
      steps[row] = rows.values()[row * width];
      System.arraycopy(rows.values(), row * width + 1, values[row], 0, width - 1);
    }
    return new Curve(columns, steps, values);
  }

  /**
   * The curve of a checkpoint of any size, read by its place in the file: the rest of the file is
   * not read, so its checksum is not checked.
   */
  static Curve in(Path file) throws Damaged {
    return of(SafetensorsReader.read(file, TENSOR));
  }
}
