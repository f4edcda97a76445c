package dev.emergence.result;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A curve as JSON lines, a row an evaluation: {@code {"step":50,"test.loss":0.4931}}. A value that
 * was not measured is left out; an infinite one is the string {@code "Infinity"} or {@code
 * "-Infinity"}. Numbers read back as the same doubles.
 */
public final class CurveFile {
  static final String STEP = "step";

  private CurveFile() {}

  /** The file's content. */
  public static Disk.Content content(Curve curve) {
    return out -> write(curve, out);
  }

  private static void write(Curve curve, OutputStream out) throws IOException {
    for (int row = 0; row < curve.size(); row++) {
      out.write(
          line(curve.columns(), curve.steps()[row], curve.values()[row])
              .getBytes(StandardCharsets.UTF_8));
    }
  }

  /** One row and its line feed. */
  public static String line(List<String> columns, double step, double[] values) {
    return line(columns, number(step), numbers(values));
  }

  /**
   * The same where the numbers are spelled already.
   *
   * @param numbers as {@link #numbers} spells them
   */
  public static String line(List<String> columns, String step, String[] numbers) {
    StringBuilder out = new StringBuilder("{\"" + STEP + "\":").append(step);
    for (int i = 0; i < numbers.length; i++) {
      if (!numbers[i].isEmpty()) {
        out.append(",\"").append(columns.get(i)).append("\":").append(numbers[i]);
      }
    }
    return out.append("}\n").toString();
  }

  /** The values of a row as a line has them; empty where nothing was measured. */
  public static String[] numbers(double[] values) {
    String[] out = new String[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = Double.isNaN(values[i]) ? "" : number(values[i]);
    }
    return out;
  }

  /** A number as a line has it. */
  public static String number(double x) {
    if (Double.isInfinite(x)) {
      return "\"" + x + "\"";
    }
    boolean integer =
        x == Math.rint(x) && Math.abs(x) < 1e15 && Double.doubleToRawLongBits(x) != Long.MIN_VALUE;
    return integer ? Long.toString((long) x) : Double.toString(x);
  }

  /**
   * A stored curve.
   *
   * @throws Damaged naming the line that is wrong
   */
  public static Curve read(byte[] content) throws Damaged {
    String[] lines = new String(content, StandardCharsets.UTF_8).split("\n");
    List<Map<String, Object>> rows = new ArrayList<>();
    Set<String> columns = new LinkedHashSet<>();
    for (int i = 0; i < lines.length; i++) {
      if (!lines[i].isBlank()) {
        rows.add(Json.read(lines[i], "curve.jsonl:" + (i + 1)));
        columns.addAll(rows.get(rows.size() - 1).keySet());
      }
    }
    columns.remove(STEP);
    return curve(List.copyOf(columns), rows);
  }

  static Curve curve(List<String> columns, List<Map<String, Object>> rows) throws Damaged {
    double[] steps = new double[rows.size()];
    double[][] values = new double[rows.size()][columns.size()];
    for (int row = 0; row < steps.length; row++) {
      steps[row] = value(rows.get(row).get(STEP), row);
      if (!(steps[row] >= 0) || (row > 0 && !(steps[row] > steps[row - 1]))) {
        throw new Damaged(
            "curve.jsonl:"
                + (row + 1)
                + " has step "
                + steps[row]
                + ", expected one that grows from 0");
      }
      for (int column = 0; column < columns.size(); column++) {
        values[row][column] = value(rows.get(row).get(columns.get(column)), row);
      }
    }
    return new Curve(columns, steps, values);
  }

  private static double value(Object found, int row) throws Damaged {
    if (found == null) {
      return Double.NaN;
    } else if (found instanceof Number n) {
      return n.doubleValue();
    } else if (found.equals("Infinity") || found.equals("-Infinity")) {
      return Double.parseDouble((String) found);
    }
    throw new Damaged("curve.jsonl:" + (row + 1) + " has " + found + " where a number is expected");
  }
}
