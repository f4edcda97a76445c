package dev.emergence.cli;

import dev.emergence.execute.device.StepCost;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A predicted step as a table: a line a kind of operation, then the whole. */
final class PredictedStep {
  private static final String ROW = "%-44s %5s %8s %8s %9s";

  private PredictedStep() {}

  static void print(PrintWriter out, String run, StepCost cost) {
    out.println(
        Numbers.text(
            "run %s, %d trained together, %s: a step as a model of GPUs has it; nothing of it was measured",
            run, cost.replicas(), cost.arithmetic().name().toLowerCase(Locale.ROOT)));
    out.println();
    row(out, "operation", "calls", "kernels", "GFLOP", "MB", cost.gpus(), "decides");
    for (StepCost.Line line : cost.lines()) {
      row(
          out,
          line.operation(),
          String.valueOf(line.calls()),
          String.valueOf(line.launches()),
          Numbers.text("%.2f", line.operations() / 1e9),
          Numbers.text("%.1f", line.bytes() / 1e6),
          line.seconds().stream().map(PredictedStep::microseconds).toList(),
          line.decides());
    }
    row(
        out,
        "step",
        String.valueOf(cost.calls()),
        String.valueOf(cost.launches()),
        Numbers.text("%.2f", cost.operations() / 1e9),
        Numbers.text("%.1f", cost.bytes() / 1e6),
        totals(cost, 1),
        "");
    if (cost.replicas() > 1) {
      row(out, "a member of " + cost.replicas(), "", "", "", "", totals(cost, cost.replicas()), "");
    }
    out.println();
    out.println(
        "The rates are in gpu-rates.properties of the program; a measurement corrects them.");
  }

  private static List<String> totals(StepCost cost, int parts) {
    return IntStream.range(0, cost.gpus().size())
        .mapToObj(gpu -> microseconds(cost.seconds(gpu) / parts))
        .toList();
  }

  private static String microseconds(double seconds) {
    return Numbers.text("%.1f us", seconds * 1e6);
  }

  private static void row(
      PrintWriter out,
      String name,
      String calls,
      String kernels,
      String operations,
      String bytes,
      List<String> times,
      String decides) {
    StringBuilder line =
        new StringBuilder(Numbers.text(ROW, name, calls, kernels, operations, bytes));
    times.forEach(time -> line.append(Numbers.text(" %12s", time)));
    line.append("  ").append(decides);
    out.println(line.toString().stripTrailing());
  }
}
