package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.execute.run.Standing;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Outcome;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The line that says how far the work has come. */
class ProgressLineTest {
  private final StringWriter text = new StringWriter();
  private final ProgressLine line = new ProgressLine(new PrintWriter(text), true, 80);

  @Test
  void nothing_is_counted_before_it_is_known_how_much_there_is() {
    line.note("device auto is the cpu here");
    assertThat(text.toString()).isEqualTo("device auto is the cpu here\n");
  }

  @Test
  void a_bar_begins_with_none_of_all_and_fits_its_terminal() {
    List<PlannedRun> runs = Yaml.plan(Yaml.TINY).runs();
    line.open(runs);
    line.started(runs.get(0), 0);
    String bar = text.toString();
    assertThat(bar).contains(" 0% 0/6 runs").contains("[....").doesNotContain("#", "left");
    assertThat(bar.replace("\r", "")).hasSizeLessThan(80);
  }

  @Test
  void a_line_wipes_the_bar_away_and_the_bar_comes_back_below_it() {
    List<PlannedRun> runs = Yaml.plan(Yaml.TINY).runs();
    line.open(runs);
    line.started(runs.get(0), 0);
    text.getBuffer().setLength(0);
    line.note("hello");
    assertThat(text.toString()).matches("\\r {79}\\rhello\\n\\r\\[\\.+]   0% 0/6 runs");
    text.getBuffer().setLength(0);
    line.close();
    assertThat(text.toString()).isEqualTo("\r" + " ".repeat(79) + "\r");
  }

  /** One of two runs has ended, and of the other a sixtieth is left. */
  @Test
  void what_an_earlier_start_has_done_of_a_run_is_not_to_be_done() {
    List<PlannedRun> runs =
        Yaml.plan(Yaml.TINY.replaceAll("(?s)sweeps:.*", ""), "measurement.stop={never: true}")
            .runs();
    assertThat(runs).hasSize(2);
    line.open(runs);
    line.begun(List.of(new Standing(runs.get(1), Standing.State.TO_CONTINUE, 59, 1, "", 60)));
    line.started(runs.get(0), 0);
    line.ended(runs.get(0), new Outcome(Outcome.State.COMPLETE, 60, "", 1, 1));
    assertThat(text.toString()).containsPattern("[89]\\d% 1/2 runs");
  }

  @Test
  void a_bar_of_studies_follows_that_of_the_runs() {
    line.open(Yaml.plan(Yaml.TINY).runs());
    line.studying(Map.of("ablate", 3), 1);
    assertThat(text.toString()).contains("   0% 0/3 studies of runs").doesNotContain("runs, ");
    line.studied("ablate", "a1", 0.5, "");
    assertThat(text.toString()).contains("% 1/3 studies of runs, ").doesNotContain("a1", "\n");
    line.studied("ablate", "b2", 0.5, "the disk is gone");
    assertThat(text.toString()).contains("study ablate of run b2, in 500 ms failed: the disk is");
  }

  @Test
  void without_a_terminal_each_run_that_is_studied_has_a_line() {
    ProgressLine plain = new ProgressLine(new PrintWriter(text), false, 80);
    plain.studying(Map.of("ablate", 2, "patch", 1), 1);
    plain.studied("ablate", "a1", 0.25, "");
    plain.studied("ablate", "b2", 0, "");
    plain.studied("patch", "a1", 0.75, "");
    assertThat(text.toString().lines())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("1/3 study ablate of run a1, in 250 ms, "),
            second -> assertThat(second).startsWith("2/3 study ablate of run b2, made by another"),
            third -> assertThat(third).isEqualTo("3/3 study patch of run a1, in 750 ms"));
  }

  @ParameterizedTest
  @CsvSource({
    "0, less than 1 s left",
    "0.4, less than 1 s left",
    "1.2, about 1 s left",
    "600, about 10.0 min left"
  })
  void what_is_left_is_told_in_seconds_at_least(double seconds, String told) {
    assertThat(ProgressLine.left(seconds)).isEqualTo(told);
  }

  @ParameterizedTest
  @CsvSource({
    "true, TERM=xterm-256color, true",
    "true, TERM=dumb, false",
    "true, LANG=C, false",
    "true, TERM=xterm CI=true, false",
    "false, TERM=xterm, false"
  })
  void a_bar_is_drawn_where_a_person_sees_it(boolean console, String environment, boolean drawn) {
    Map<String, String> variables =
        Arrays.stream(environment.split(" "))
            .map(v -> v.split("="))
            .collect(Collectors.toMap(v -> v[0], v -> v[1]));
    assertThat(ProgressLine.isTerminal(console, variables)).isEqualTo(drawn);
  }
}
