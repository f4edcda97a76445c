package dev.emergence.page;

import static dev.emergence.page.Browser.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Disk;
import dev.emergence.result.Json;
import dev.emergence.result.Origin;
import dev.emergence.result.Outcome;
import dev.emergence.result.ResultsFolder;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Smoothed curves are averages over all rows that were measured, however few are drawn. */
class SmoothingTest {
  /** Rows of a curve that are drawn. */
  private static final int FEW = 12;

  @Property(tries = 200)
  void a_constant_stays_constant_and_later_rows_change_no_earlier_value(
      @ForAll @Size(min = 2, max = 60) List<@DoubleRange(min = -1e3, max = 1e3) Double> list,
      @ForAll @IntRange(min = 0, max = 1) int which) {
    double weight = Smoothing.WEIGHTS[which];
    double[] values = list.stream().mapToDouble(v -> v).toArray();
    double[] all = Smoothing.of(values, weight);
    int some = values.length / 2;
    assertThat(Smoothing.of(Arrays.copyOf(values, some), weight))
        .isEqualTo(Arrays.copyOf(all, some));
    double[] constant = new double[values.length];
    Arrays.fill(constant, values[0]);
    assertThat(Smoothing.of(constant, weight))
        .containsExactly(constant, offset(1e-12 * Math.abs(values[0])));
  }

  @Test
  void a_thinned_curve_is_drawn_with_the_averages_over_all_its_rows(@TempDir Path root)
      throws Exception {
    Plan plan = Yaml.plan(Folders.PLANE);
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    folder.writePlan(plan, Origin.of("fabricated.yaml", Folders.PLANE));
    PlannedRun longest = plan.runs().get(plan.runs().size() - 1);
    Folders.store(folder, longest, Outcome.State.COMPLETE, "");
    Folders.report(root, plan);
    List<RunView> runs =
        new FolderReader(plan, folder, "")
            .read().stream().filter(r -> r.stored().isPresent()).toList();
    double[] measured = runs.get(0).curve().column("test.loss");
    Map<String, Object> thinned = CurveData.of(runs, "test.loss", id -> true, FEW);
    assertThat(measured.length).isGreaterThan(2 * FEW);
    int[] rows = rows(thinned);
    for (int which = 0; which < Smoothing.WEIGHTS.length; which++) {
      double[] averages = Smoothing.of(measured, Smoothing.WEIGHTS[which]);
      double[] shown = Arrays.stream(rows).mapToDouble(row -> averages[row]).toArray();
      assertThat(((List<?>) thinned.get("smooth")).get(which))
          .isEqualTo(Columns.f32(List.of(shown)));
    }
    Browser.get();
    Browser.open(root.resolve("report.html").toUri().toString());
    script(
        "const answer = arguments[0]; const inline = em.inline; em.inline = id => id ==="
            + " 'curves-test.loss' ? JSON.parse(answer) : inline(id); em.store.curves.clear();"
            + " em.view.smooth = '0.9'; em.changed('smooth')",
        Json.line(thinned));
    Browser.until(() -> script("return em.drawn.lines[0].x.length < 30").equals(true));
    List<?> drawn =
        (List<?>)
            script(
                "const l = em.drawn.lines[0]; return l.x.flatMap((x, i) => [String(x),"
                    + " String(l.y[i]), String(l.raw[i])])");
    double[] expected = Smoothing.of(measured, 0.9);
    for (int i = 0; i < drawn.size(); i += 3) {
      int row = (int) (Double.parseDouble((String) drawn.get(i)) / 10);
      assertThat(Double.parseDouble((String) drawn.get(i + 1)))
          .as("row " + row)
          .isEqualTo(expected[row], offset(1e-6));
      assertThat(Double.parseDouble((String) drawn.get(i + 2)))
          .isEqualTo(measured[row], offset(1e-6));
    }
  }

  /** Rows that are shown, of a curve with one every ten steps. */
  private static int[] rows(Map<String, Object> thinned) throws Exception {
    String data = (String) ((Map<?, ?>) thinned.get("steps")).get("data");
    byte[] packed = Base64.getDecoder().decode(data);
    byte[] bytes = new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes();
    DoubleBuffer steps = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
    return IntStream.range(0, steps.limit()).map(i -> (int) steps.get(i) / 10).toArray();
  }
}
