package dev.emergence.analysis;

import dev.emergence.plan.RunId;
import dev.emergence.result.Curve;
import dev.emergence.result.CurveFile;
import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * All stored curves, each run once and as far as the experiment asks for it, in two shapes:
 *
 * <ul>
 *   <li>{@code tables/curves.csv}: {@code run,seed,step,metric,value}, a line for each number that
 *       was measured; those of single heads are left out;
 *   <li>{@code tables/curves.jsonl}: an object for each evaluation with all that was measured,
 *       {@code {"run":"r3f9a…","seed":0,"step":50,"test.loss":0.49}}.
 * </ul>
 *
 * Most of the time goes into the digits of the numbers, so both are written in one pass.
 */
final class CurveTable {
  /** Columns of single heads, {@code attention.1.3.entropy}: they would make nine lines of ten. */
  private static final Pattern ONE_HEAD = Pattern.compile("attention\\.[0-9]+\\.[0-9]+\\..*");

  private CurveTable() {}

  /** Writes both files anew. */
  static void write(ResultsFolder folder, Analysis analysis) throws IOException {
    folder.writeDerived(
        "tables/curves.csv",
        "tables/curves.jsonl",
        (csv, lines) -> write(analysis.runs(), csv, lines));
  }

  static void write(List<Observation> runs, OutputStream csv, OutputStream lines)
      throws IOException {
    csv.write(bytes(Csv.line(List.of("run", "seed", "step", "metric", "value"))));
    for (Observation run : runs) {
      write(run, csv, lines);
    }
  }

  private static void write(Observation run, OutputStream csv, OutputStream lines)
      throws IOException {
    Curve curve = run.curve();
    String label = RunId.label(run.assignment().run());
    List<String> metrics = curve.columns().stream().map(CurveTable::metric).toList();
    for (int row = 0; row < curve.size(); row++) {
      String step = CurveFile.number(curve.steps()[row]);
      String[] numbers = CurveFile.numbers(curve.values()[row]);
      csv.write(bytes(cells(label + "," + run.seed() + "," + cell(step), metrics, numbers)));
      // The line of the run's own curve file with run and seed before it.
      String measured = CurveFile.line(curve.columns(), step, numbers).substring(1);
      lines.write(bytes("{\"run\":\"" + label + "\",\"seed\":" + run.seed() + "," + measured));
    }
  }

  private static String cells(String start, List<String> metrics, String[] numbers) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < numbers.length; i++) {
      if (!numbers[i].isEmpty() && !metrics.get(i).isEmpty()) {
        out.append(start).append(metrics.get(i)).append(cell(numbers[i])).append('\n');
      }
    }
    return out.toString();
  }

  /** A metric between its commas; empty where it is that of a single head. */
  private static String metric(String name) {
    return ONE_HEAD.matcher(name).matches() ? "" : "," + Csv.cell(name) + ",";
  }

  /** What {@link Csv#number} makes of a number of a curve file, without its digits once more. */
  private static String cell(String number) {
    if (number.startsWith("\"")) {
      return ""; // Infinite.
    }
    return number.equals("-0.0") ? "0" : number.replace('E', 'e');
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
