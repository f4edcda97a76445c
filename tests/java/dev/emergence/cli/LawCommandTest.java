package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code law} reads of its command line and of the columns of a table. */
class LawCommandTest {
  private static final String LAW = "T_steps = C * d^alpha";

  @TempDir Path temp;

  private Shell law(String table, Object... more) throws IOException {
    Path file = Files.writeString(temp.resolve("own.csv"), table);
    Object[] all = new Object[more.length + 2];
    all[0] = "law";
    all[1] = file;
    System.arraycopy(more, 0, all, 2, more.length);
    return Shell.run(all);
  }

  /** The estimate of a parameter, as printed. */
  private static double value(Shell said, String parameter) {
    return said.out()
        .lines()
        .map(line -> line.strip().split(" +"))
        .filter(words -> words[0].equals(parameter))
        .mapToDouble(words -> Double.parseDouble(words[1]))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void only_rows_of_where_are_fitted() throws IOException {
    String table = "d,kind,steps\n8,a,80\n16,a,160\n32,a,320\n8,b,5\n16,b,5\n32,b,5\n";
    Shell said = law(table, LAW, "--where", "kind == a");
    assertThat(said.code()).isZero();
    assertThat(value(said, "alpha")).isEqualTo(1);
    assertThat(said.out()).contains("  3 points");
  }

  /** Seeds whose runs are all alike say nothing of each other: only they are left out in turn. */
  @Test
  void seeds_are_left_out_where_there_are_some_and_else_rows() throws IOException {
    StringBuilder table = new StringBuilder("d,seed,steps\n");
    for (int seed = 0; seed < 3; seed++) {
      for (int d : new int[] {8, 16, 32}) {
        table.append(d + "," + seed + "," + d * (10 + 2 * seed) + "\n");
      }
    }
    String rows = "no column says the seed: intervals leave out rows instead of seeds";
    Shell seeds = law(table.toString(), LAW);
    assertThat(seeds.out()).contains("95% interval 1 to 1").doesNotContain(rows);
    Shell none = law(table.toString().replace("seed", "turn"), LAW);
    assertThat(none.out()).contains(rows).doesNotContain("95% interval 1 to 1");
    Shell named = law(table.toString().replace("seed", "turn"), LAW, "--seed", "turn");
    assertThat(named.out()).contains("95% interval 1 to 1").doesNotContain(rows);
  }

  @Test
  void runs_without_a_time_count_by_the_column_that_says_how_long() throws IOException {
    String table = "d,steps,last_step\n8,80,90\n16,160,170\n32,320,330\n64,,2000\n";
    Shell kept = law(table, LAW);
    assertThat(value(kept, "alpha")).isGreaterThan(1.05);
    assertThat(kept.out()).contains("  4 points");
    Shell without = law(table, LAW, "--unreached", "exclude");
    assertThat(value(without, "alpha")).isEqualTo(1);
    Shell named = law(table.replace("last_step", "until"), LAW, "--last", "until");
    assertThat(named.out()).isEqualTo(kept.out());
    Shell unknown = law(table.replace("last_step", "until"), LAW);
    assertThat(unknown.code()).isEqualTo(ExitCode.INVALID_FILE);
    assertThat(unknown.err()).contains("row 4 has no time", "--unreached exclude");
  }

  @Test
  void brackets_begin_in_the_column_that_says_so() throws IOException {
    String table =
        "d,steps,emergence_lower\n1,60,36\n1,180,108\n2,130,78\n2,350,210\n4,200,120\n4,800,480\n";
    double late = value(law(table, LAW), "C");
    Shell early = law(table, LAW, "--method", "interval");
    assertThat(value(early, "C")).isBetween(0.5 * late, 0.9 * late);
    Shell named =
        law(
            table.replace("emergence_lower", "before"),
            LAW,
            "--method",
            "interval",
            "--lower",
            "before");
    assertThat(named.out()).isEqualTo(early.out());
  }

  @Test
  void points_of_a_condition_are_joined_as_asked() throws IOException {
    String table = "d,seed,steps\n8,0,80\n8,1,80\n8,2,160\n16,0,160\n16,1,160\n16,2,320\n";
    assertThat(value(law(table, LAW, "--points", "median"), "C")).isEqualTo(10);
    assertThat(value(law(table, LAW), "C")).isGreaterThan(11);
  }

  @Test
  void a_column_that_is_not_there_and_a_law_that_is_none_name_the_columns() throws IOException {
    String table = "d,steps\n8,80\n16,160\n";
    Shell seed = law(table, LAW, "--seed", "turn");
    assertThat(seed.code()).isEqualTo(ExitCode.USAGE);
    assertThat(seed.err())
        .contains("--seed names the column turn, which is not there; columns: d, steps");
    assertThat(law(table, "T_steps = C * d + b").out())
        .contains("no law: ", "names that are no columns are parameters; columns: d, steps");
    assertThat(Shell.run("law", temp.resolve("none.csv"), LAW).err()).contains("is not there");
  }
}
