package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code law} says of a command line and of advice about keys of files. */
class LawMessagesTest {
  private static final String TABLE =
      "batch size,seed,steps\n8,0,80\n16,0,170\n32,0,330\n8,1,85\n16,1,150\n32,1,300\n";

  @TempDir Path temp;

  private Shell law(String formula, String... options) throws Exception {
    Path table = Files.writeString(temp.resolve("own.csv"), TABLE);
    Object[] words = new Object[3 + options.length];
    words[0] = "law";
    words[1] = table;
    words[2] = formula;
    System.arraycopy(options, 0, words, 3, options.length);
    return Shell.run(words);
  }

  @Test
  void advice_about_keys_of_a_file_is_about_options() throws Exception {
    assertThat(law("T_steps = C + A * batch_size^a").out()).contains("; use --method nonlinear");
    assertThat(law("T_steps = C * batch_size^a").out()).contains("3 or more seeds, or --by point");
    assertThat(law("T_steps = C * batch_size^a", "--by", "point").out())
        .contains("95% interval")
        .doesNotContain("no 95%");
  }

  @Test
  void options_take_a_column_as_formulas_write_it() throws Exception {
    Shell shell = law("T_steps = C * seed^a + 1", "--seed", "batch_size", "--method", "nonlinear");
    assertThat(shell.err()).isEmpty();
    assertThat(law("T_steps = C * batch_size^a", "--seed", "size").err())
        .contains("which is not there; columns: batch size (write batch_size), seed, steps");
  }

  @Test
  void what_cannot_be_understood_is_shown_with_the_columns() throws Exception {
    assertThat(law("T_steps = C * batch size^a").err())
        .contains("'T_steps = C * batch size^a': an operator is missing before 'size'; columns: ");
    assertThat(law("steps = C * seed^a").err())
        .contains(
            "must begin with T_THRESHOLD =, where T_NAME is the time in column NAME; columns");
    assertThat(law("T_steps = C", "--where", "seed <").err())
        .contains("'seed <': ends too early; columns: batch size (write batch_size), seed, steps");
  }

  @Test
  void a_folder_is_no_table() {
    assertThat(Shell.run("law", temp, "T_steps = C").err()).contains(" is a folder, not a table");
  }
}
