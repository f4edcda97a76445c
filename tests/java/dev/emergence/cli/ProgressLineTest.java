package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The line that says how far the work has come. */
class ProgressLineTest {
  private final StringWriter text = new StringWriter();
  private final ProgressLine line = new ProgressLine(new PrintWriter(text), true, 80);

  @Test
  void nothing_is_counted_before_it_is_known_how_much_there_is() {
    line.note("device auto is the cpu here");
    assertThat(text.toString()).contains("device auto").doesNotContain("runs", "%");
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
}
