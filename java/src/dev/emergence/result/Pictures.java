package dev.emergence.result;

import dev.emergence.tensor.ShapedArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Attention patterns as tensors named {@code picture/LABEL/STEP/LAYER/HEAD}, of shape (queries,
 * keys).
 */
public final class Pictures {
  private static final Pattern NAME =
      Pattern.compile("picture/([^/]+)/(\\d{1,18})/(\\d{1,9})/(\\d{1,9})");

  private Pictures() {}

  /** The tensors of some pictures. */
  public static Map<String, ShapedArray> tensors(List<Picture> pictures) {
    Map<String, ShapedArray> out = new LinkedHashMap<>();
    for (Picture p : pictures) {
      int rows = p.probabilities().length;
      int columns = rows == 0 ? 0 : p.probabilities()[0].length;
      double[] flat = new double[rows * columns];
      for (int row = 0; row < rows; row++) {
        System.arraycopy(p.probabilities()[row], 0, flat, row * columns, columns);
      }
      String name = "picture/" + p.label() + "/" + p.step() + "/" + p.layer() + "/" + p.head();
      out.put(name, ShapedArray.lossless(new int[] {rows, columns}, flat));
    }
    return out;
  }

  /** The pictures among some tensors, in their order; others are left alone. */
  public static List<Picture> of(Map<String, ShapedArray> tensors) {
    List<Picture> out = new ArrayList<>();
    tensors.forEach(
        (name, values) -> {
          Matcher m = NAME.matcher(name);
          if (m.matches() && values.shape().length == 2) {
            int layer = Integer.parseInt(m.group(3));
            int head = Integer.parseInt(m.group(4));
            out.add(
                new Picture(m.group(1), Long.parseLong(m.group(2)), layer, head, square(values)));
          }
        });
    return out;
  }

  private static double[][] square(ShapedArray values) {
    int columns = values.shape()[1];
    double[][] out = new double[values.shape()[0]][columns];
    for (int row = 0; row < out.length; row++) {
      System.arraycopy(values.values(), row * columns, out[row], 0, columns);
    }
    return out;
  }
}
