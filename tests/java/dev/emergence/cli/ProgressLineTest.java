package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
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
