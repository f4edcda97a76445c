package dev.emergence.analysis;

import dev.emergence.plan.RunId;
import dev.emergence.result.Curve;
import dev.emergence.result.CurveFile;
import dev.emergence.result.Disk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** All stored curves, each run once and as far as the experiment asks for it, in two shapes. */
public final class CurveTable {
  /** Columns of single heads, {@code attention.1.3.entropy}: they would make nine lines of ten. */
  private static final Pattern ONE_HEAD = Pattern.compile("attention\\.[0-9]+\\.[0-9]+\\..*");

  private CurveTable() {}

  /**
   * {@code tables/curves.csv}: {@code run,seed,step,metric,value}, a line for each number that was
   * measured; those of single heads are left out.
   */
  public static Disk.Content csv(Analysis analysis) {
    return out -> {
      out.write(
          Csv.line(List.of("run", "seed", "step", "metric", "value"))
              .getBytes(StandardCharsets.UTF_8));
      for (Observation o : analysis.runs()) {
        writeLong(o, o.curve(), out);
      }
    };
  }

  private static void writeLong(Observation o, Curve curve, OutputStream out) throws IOException {
    for (int row = 0; row < curve.size(); row++) {
      for (int column = 0; column < curve.columns().size(); column++) {
        String metric = curve.columns().get(column);
        double value = curve.values()[row][column];
        if (!Double.isNaN(value) && !ONE_HEAD.matcher(metric).matches()) {
          List<Object> cells =
              List.of(
                  RunId.label(o.assignment().run()), o.seed(), curve.steps()[row], metric, value);
          out.write(Csv.line(cells).getBytes(StandardCharsets.UTF_8));
        }
      }
    }
  }

  /**
   * {@code tables/curves.jsonl}: an object for each evaluation with all that was measured, {@code
   * {"run":"r3f9a…","seed":0,"step":50,"test.loss":0.49}}.
   */
  public static Disk.Content jsonLines(Analysis analysis) {
    return out -> {
      for (Observation o : analysis.runs()) {
        for (int row = 0; row < o.curve().size(); row++) {
          out.write(line(o, o.curve(), row).getBytes(StandardCharsets.UTF_8));
        }
      }
    };
  }

  /** The line of the run's own curve file with run and seed before it. */
  private static String line(Observation o, Curve curve, int row) {
    String measured = CurveFile.line(curve.columns(), curve.steps()[row], curve.values()[row]);
    return "{\"run\":\""
        + RunId.label(o.assignment().run())
        + "\",\"seed\":"
        + o.seed()
        + ","
        + measured.substring(1);
  }
}
