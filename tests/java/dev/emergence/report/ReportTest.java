package dev.emergence.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Fabricated;
import dev.emergence.page.Provenances;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Damaged;
import dev.emergence.result.Disk;
import dev.emergence.result.Origin;
import dev.emergence.result.Outcome;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.RunRecord;
import dev.emergence.result.StoredRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class ReportTest {
  private static final String EXPERIMENT =
      """
      description: Does <script>alert('d & T')</script> stay text?
      sweeps:
        plane: {grid: {task.dim: [16, 32], task.sequence_length: [64, 128]}}
      fits:
        law:
          data: plane
          formula: "T_plateau = C * d^alpha * T^beta"
          published: {alpha: 1.29}
          expect: {alpha: {near: 0.5, within: 0.1}, r2: {at_least: 0.99999}}
          note: A note & a <b>tag</b>.
      claims:
        longer: {data: plane, of: plateau.steps, baseline: {T: 128}, ratio: best, at_least: 1.5}
      plots:
        shape: {kind: scaling, data: plane, x: d, y: plateau.steps, color: T, line: law}
        attention: {kind: attention, data: plane, where: {d: 16, T: 64, seed: 0}}
      """;

  @TempDir private static Path root;

  private static Plan plan;
  private static String page;

  /** Stores twelve runs, one of them diverged, and writes the report. */
  @BeforeAll
  static void write() throws IOException {
    plan = Fabricated.plan(EXPERIMENT);
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    folder.writePlan(plan, Origin.of("fabricated.yaml", Fabricated.BASE + EXPERIMENT));
    String last = plan.runs().get(plan.runs().size() - 1).id();
    for (PlannedRun p : plan.runs()) {
      store(folder, p, p.id().equals(last) ? Outcome.State.DIVERGED : Outcome.State.COMPLETE);
    }
    assertThat(Report.write(folder, Analysis.of(plan, folder.load(plan)))).isEmpty();
    page = Files.readString(root.resolve("report.html"));
  }

  @Test
  void a_figure_that_does_not_fit_in_the_asked_width_is_told(@TempDir Path other)
      throws IOException {
    String plots =
        """
        figures: {width: column}
        plots:
          one: {kind: learning_curves, data: main, y: test.loss}
          two: {kind: hazard, data: main}
          pair: {kind: panels, of: [one, two]}
          row: {kind: panels, of: [one, two, one, two], columns: 4}
        """;
    Plan four = Fabricated.plan(plots);
    ResultsFolder folder = ResultsFolder.open(other, Disk.local());
    folder.writePlan(four, Origin.of("fabricated.yaml", Fabricated.BASE + plots));
    List<String> told = Report.write(folder, Analysis.of(four, folder.load(four)));
    assertThat(told).hasSize(1);
    assertThat(told.get(0)).matches("plots\\.row is [0-9.]+ mm wide instead of 85 mm, because .*");
  }

  private static void store(ResultsFolder folder, PlannedRun p, Outcome.State state)
      throws IOException {
    boolean diverged = state == Outcome.State.DIVERGED;
    double crossing =
        diverged
            ? Double.POSITIVE_INFINITY
            : 2 * Math.sqrt(Fabricated.d(p.run().config())) * Fabricated.length(p.run().config())
                + 10 * p.run().seed();
    StoredRun run = Fabricated.stored(p.run(), crossing, state);
    folder
        .run(p.id())
        .complete(
            new RunRecord(
                run.run(),
                run.outcome(),
                run.curve(),
                Optional.empty(),
                PlotsTest.pictures(),
                Map.of("device", "a test")));
  }

  @Test
  void the_page_says_laws_claims_times_failures_and_origins() throws Exception {
    String text = Svg.parse(plain()).getDocumentElement().getTextContent();
    assertThat(text)
        .contains(
            "fabricated",
            "12 of 12 runs stored",
            "1 diverged or failed",
            "1 of 2 expectations met",
            "1 of 1 claims hold");
    assertThat(text)
        .contains(
            "T_plateau = C * d^alpha * T^beta",
            "R² (of logarithms)",
            "1.29",
            "0.5 ± 0.1",
            "at least 0.99999");
    assertThat(text)
        .contains(
            "best ratio of plateau.steps at T = 128 to that of another condition of plane",
            "the best ratio is at least 1.9");
    assertThat(text).contains("test.loss is NaN at step", "2/3 (1 diverged)", "3/3");
    assertThat(text).contains("task.dim", "Provenance", "a test");
  }

  @Test
  void emergence_times_are_means_and_deviations_over_seeds() throws Exception {
    Element table = tables("plateau (steps)").get(0);
    // d = 16, T = 64: 512 plus 10 a seed, read off every 10 steps: 520, 530, 540.
    assertThat(table.getTextContent()).contains("530 ± 10");
  }

  @Test
  void names_and_texts_from_the_file_are_escaped() throws Exception {
    assertThat(page).doesNotContain("<script>alert").doesNotContain("<b>tag</b>");
    assertThat(page)
        .contains("Does &lt;script&gt;alert(&#39;d &amp; T&#39;)&lt;/script&gt; stay text?");
  }

  @Test
  void the_page_loads_nothing() throws Exception {
    String links =
        plain()
            .replace("http://www.w3.org/2000/svg", "")
            .replace("http://www.w3.org/1999/xlink", "")
            .replace("http-equiv", "");
    assertThat(page).contains("default-src 'none'").doesNotContain("<script src");
    assertThat(links)
        .doesNotContain("http")
        .doesNotContain("src=")
        .doesNotContain("@import")
        .doesNotContain("<link");
  }

  @Test
  void plots_are_written_in_both_formats_and_stand_in_the_page() throws Exception {
    for (String name : List.of("shape", "attention")) {
      String svg = Files.readString(root.resolve("plots/" + name + ".svg"));
      assertThat(page).contains(svg);
      assertThat(Files.readAllBytes(root.resolve("plots/" + name + ".png")))
          .startsWith(0x89, 'P', 'N', 'G');
    }
  }

  @Test
  void the_same_results_give_the_same_page() throws Exception {
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    Report.write(folder, Analysis.of(plan, folder.load(plan)));
    assertThat(Files.readString(root.resolve("report.html"))).isEqualTo(page);
  }

  @Test
  void the_page_shows_the_runs_of_the_analysis_without_reading_them_again(@TempDir Path other)
      throws Exception {
    ResultsFolder folder = ResultsFolder.open(other, Disk.local());
    PlannedRun run = plan.byId().get(plan.assignments().get(0).run());
    store(folder, run, Outcome.State.COMPLETE);
    Analysis analysis = Analysis.of(plan, folder.load(plan));
    Report.write(folder, analysis);
    String before = Files.readString(other.resolve("report.html"));
    Files.delete(folder.run(run.id()).path().resolve("curve.jsonl"));
    Report.write(folder, analysis);
    assertThat(Files.readString(other.resolve("report.html"))).isEqualTo(before);
  }

  @Test
  void what_computed_a_run_is_read_once(@TempDir Path other) throws Exception {
    ResultsFolder folder = ResultsFolder.open(other, Disk.local());
    PlannedRun run = plan.byId().get(plan.assignments().get(0).run());
    store(folder, run, Outcome.State.COMPLETE);
    Provenances provenances = new Provenances(folder);
    Map<String, Object> first = provenances.of(run.id());
    Files.delete(folder.run(run.id()).path().resolve("provenance.json"));
    assertThat(first).isNotEmpty();
    assertThat(provenances.of(run.id())).isEqualTo(first);
    assertThatThrownBy(() -> new Provenances(folder).of(run.id())).isInstanceOf(Damaged.class);
  }

  @Test
  void a_folder_without_runs_gives_a_page_too(@TempDir Path other) throws Exception {
    ResultsFolder folder = ResultsFolder.open(other, Disk.local());
    assertThat(Report.write(folder, Analysis.of(plan, Map.of()))).isEmpty();
    String empty = Files.readString(other.resolve("report.html"));
    assertThat(empty)
        .contains("<b>0</b> of 12 runs stored")
        .contains("No run is stored yet.")
        .contains("undecided");
  }

  @Test
  void damaged_pictures_are_a_warning_not_an_end(@TempDir Path other) throws Exception {
    ResultsFolder folder = ResultsFolder.open(other, Disk.local());
    PlannedRun drawn = plan.byId().get(plan.assignments().get(0).run());
    store(folder, drawn, Outcome.State.COMPLETE);
    Files.write(
        folder.run(drawn.id()).path().resolve("attention.safetensors"), new byte[] {1, 2, 3});
    List<String> warnings = Report.write(folder, Analysis.of(plan, folder.load(plan)));
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains(drawn.id())
        .contains("attention.safetensors");
  }

  /** What a reader without script sees. */
  private static String plain() {
    return page.substring(page.indexOf('\n') + 1)
        .replaceAll("(?s)<script.*?</script>", "")
        .replaceAll("(?s)<style>.*?</style>", "");
  }

  private static List<Element> tables(String header) {
    return Svg.all(plain(), "table").stream()
        .filter(t -> t.getTextContent().contains(header))
        .toList();
  }
}
