package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.analysis.CurveTables.Columns;
import dev.emergence.analysis.CurveTables.Run;
import dev.emergence.analysis.TimesTable.Unusable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CurveTablesTest {
  private static final String WIDE =
      """
      seed,d,step,acc,loss
      0,8,0,0.1,3
      1,8,0,0.2,3
      0,8,20,0.9,1
      0,8,10,,2
      1,8,10,NaN,2
      """;

  private static List<Run> runs(String metric, List<String> run, String... tables) {
    List<TimesTable> read =
        IntStream.range(0, tables.length)
            .mapToObj(i -> TimesTable.of(i + ".csv", tables[i]))
            .toList();
    return CurveTables.read(read, new Columns(Optional.empty(), run, metric));
  }

  @Test
  void rows_of_a_run_may_come_in_any_order_and_a_blank_metric_is_no_evaluation() {
    List<Run> runs = runs("acc", List.of("seed"), WIDE);

    assertThat(runs).extracting(Run::name).containsExactly("0", "1");
    assertThat(runs.get(0).curve().steps()).containsExactly(0, 20);
    assertThat(runs.get(0).curve().column("acc")).containsExactly(0.1, 0.9);
    assertThat(runs.get(1).curve().steps()).containsExactly(0, 10);
    assertThat(runs.get(1).curve().column("acc")).containsExactly(0.2, Double.NaN);
  }

  @Test
  void what_is_equal_in_all_rows_of_each_run_is_a_setting() {
    assertThat(runs("acc", List.of("seed"), WIDE))
        .extracting(Run::settings)
        .containsExactly(Map.of("seed", "0", "d", "8"), Map.of("seed", "1", "d", "8"));
  }

  /** As programs that write hyperparameters once, and of each row only what they measured there. */
  @Test
  void a_blank_cell_is_no_second_value() {
    String table = "step,d,acc,loss\n0,8,0.1,\n5,,,2\n10,,0.2,1\n";

    assertThat(runs("acc", List.of(), table))
        .extracting(Run::settings)
        .containsExactly(Map.of("d", "8"));
  }

  @Test
  void a_metric_may_be_a_name_beside_its_value() {
    String table = "run,step,metric,value\na,0,loss,3\na,0,acc,0.1\na,10,loss,1\nb,0,loss,2\n";
    List<Run> runs = runs("loss", List.of(), table);

    assertThat(runs).extracting(Run::name).containsExactly("a", "b");
    assertThat(runs.get(0).curve().column("loss")).containsExactly(3, 1);
    assertThatThrownBy(() -> runs("los", List.of(), table))
        .isInstanceOf(Unusable.class)
        .hasMessage("0.csv has no metric los; metrics: loss, acc");
  }

  @Test
  void tables_have_runs_of_their_own() {
    String table = "step,acc\n0,0.1\n10,0.9\n";

    assertThat(runs("acc", List.of(), table, table))
        .extracting(Run::name)
        .containsExactly("0.csv", "1.csv");
  }

  @Test
  void a_step_that_stands_twice_tells_how_runs_are_told_apart() {
    assertThatThrownBy(() -> runs("acc", List.of(), WIDE))
        .isInstanceOf(Unusable.class)
        .hasMessage(
            "row 2: step 0 is that of row 1, too; if they are of two runs, name the columns that"
                + " tell runs apart by --run; columns: seed, d, step, acc, loss");
  }

  @Test
  void of_several_tables_the_one_is_named_whose_row_is_wrong() {
    assertThatThrownBy(() -> runs("acc", List.of(), "step,acc\n0,1\n", "step,acc\n0,x\n"))
        .hasMessage("1.csv, row 1: acc is no number, got 'x'");
  }

  @Test
  void columns_that_are_missing_are_named() {
    assertThatThrownBy(() -> runs("acc", List.of(), "epoch,acc\n1,0.1\n"))
        .hasMessage(
            "0.csv has no column step; name the one with steps by --step; columns: epoch, acc");
    assertThatThrownBy(() -> runs("acc", List.of("turn"), WIDE))
        .hasMessage(
            "--run names the column turn, which is not in 0.csv; columns: seed, d, step, acc,"
                + " loss");
    assertThatThrownBy(() -> runs("acc", List.of(), "step,acc\n,0.1\n"))
        .hasMessage("row 1: nothing stands in step");
    assertThatThrownBy(() -> runs("acc", List.of(), "step,acc,state\n0,0.1,x\n"))
        .hasMessage("the table of times has a column state of its own; rename yours");
  }
}
