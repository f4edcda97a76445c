package dev.emergence.execute.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.backend.Devices;
import dev.emergence.execute.device.StepOperations.Step;
import dev.emergence.plan.PlannedRun;
import dev.emergence.tensor.Backend;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of predicted steps in native/cuda/README.md: what it gives as now is what is said. */
class PredictedStepsTest {
  private static final Path PAGE = Path.of("native/cuda/README.md");

  /** A column of the table. */
  private record Column(String model, String precision) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("LR T16", "float32"),
          new Column("LR T16", "tf32"),
          new Column("LR T64", "tf32"),
          new Column("LR T256", "float32"),
          new Column("LR T256", "tf32"),
          new Column("AR 32", "tf32"));

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| (\\d+) \\|((?: [^|]* → [^|]*\\|){6})$");
  private static final Pattern NOW = Pattern.compile("→ ([\\d.]+)");

  @Test
  void the_page_says_what_is_predicted_now() throws IOException {
    List<Step> steps = COLUMNS.stream().map(PredictedStepsTest::step).toList();
    List<String> said = new ArrayList<>();
    List<String> predicted = new ArrayList<>();
    Matcher rows = ROW.matcher(Files.readString(PAGE));
    while (rows.find()) {
      int replicas = Integer.parseInt(rows.group(1));
      said.add(
          replicas + ": " + NOW.matcher(rows.group(2)).results().map(now -> now.group(1)).toList());
      predicted.add(
          replicas + ": " + steps.stream().map(step -> milliseconds(step, replicas)).toList());
    }
    assertThat(said).hasSize(6).isEqualTo(predicted);
  }

  private static Step step(Column column) {
    PlannedRun run = StepCostTest.run(column.model(), column.precision());
    try (Backend backend = Devices.open("cpu", 1)) {
      return StepOperations.of(backend, run.run().config(), run.run().seed());
    }
  }

  /** Of a step and member on an H200, to three digits. */
  private static String milliseconds(Step step, int replicas) {
    int gpu = GpuRates.load().gpus().indexOf("h200");
    double of = 1e3 * StepCost.of(step, replicas).seconds(gpu) / replicas;
    return BigDecimal.valueOf(of).round(new MathContext(3)).toPlainString();
  }
}
