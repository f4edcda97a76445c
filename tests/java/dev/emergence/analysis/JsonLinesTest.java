package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.analysis.TimesTable.Unusable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {
  private static final String LOG =
      """
      {"step": 0, "config": {"d": 8, "name": "a b"}, "loss": 2.5, "acc": null}

      {"step": 10, "loss": NaN, "done": true, "shape": [1, 2]}
      """;

  private static final TimesTable TABLE = JsonLines.table("log.jsonl", LOG);

  @Test
  void keys_are_columns_and_those_inside_others_have_dots() {
    assertThat(TABLE.columns())
        .containsExactly("step", "config.d", "config.name", "loss", "done", "shape");
    assertThat(TABLE.column("d")).contains("config.d");
    assertThat(TABLE.rows().get(0).number("config.d")).contains(8.0);
    assertThat(TABLE.rows().get(0).text("config.name")).contains("a b");
    assertThat(TABLE.rows().get(1).text("done")).contains("true");
    assertThat(TABLE.rows().get(1).text("shape")).contains("[1,2]");
  }

  @Test
  void what_a_line_lacks_is_blank_and_a_word_for_no_number_is_none() {
    assertThat(TABLE.rows().get(0).text("acc")).isEmpty();
    assertThat(TABLE.rows().get(1).text("config.d")).isEmpty();
    assertThat(TABLE.rows().get(1).text("loss")).contains("NaN");
    assertThat(TABLE.rows().get(1).number("loss")).isEmpty();
  }

  @Test
  void a_line_that_is_no_object_is_named() {
    assertThatThrownBy(() -> JsonLines.table("x.jsonl", "{\"step\": 1}\n{\"step\": \n"))
        .isInstanceOf(Unusable.class)
        .hasMessageStartingWith("x.jsonl, line 2 is no JSON: ");
    assertThatThrownBy(() -> JsonLines.table("x.jsonl", "[1]"))
        .hasMessage("x.jsonl, line 1 is no JSON object");
    assertThatThrownBy(() -> JsonLines.table("x.jsonl", "\n")).hasMessage("x.jsonl has no lines");
  }

  @Test
  void the_name_of_a_file_says_what_it_holds(@TempDir Path temp) throws IOException {
    Path log = Files.writeString(temp.resolve("a.jsonl"), LOG);
    assertThat(TimesTable.read(log).columns()).isEqualTo(TABLE.columns());
    Path table = Files.writeString(temp.resolve("a.csv"), "step,loss\n0,1\n");
    assertThat(TimesTable.read(table).columns()).isEqualTo(List.of("step", "loss"));
  }
}
