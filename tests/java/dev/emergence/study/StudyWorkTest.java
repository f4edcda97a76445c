package dev.emergence.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.Experiment;
import dev.emergence.Results;
import dev.emergence.RunOptions;
import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.ClaimReport;
import dev.emergence.analysis.StudyTable;
import dev.emergence.analysis.Verdict;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.plan.Plan;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.result.Claims;
import dev.emergence.result.Disk;
import dev.emergence.result.ProcessIdentity;
import dev.emergence.result.ResultsFolder;
import dev.emergence.tensor.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Studies from the file to the tables, on runs of milliseconds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StudyWorkTest {
  static final String YAML =
      """
      dsl: 1
      name: studied
      task: {kind: linear_map, cells: 4, parents: 1}
      architecture: {kind: transformer, layers: 2, heads: 2, embedding_dim: 8, head_dim: 4, mlp_factor: 1}
      training: {optimizer: {kind: adam, learning_rate: 2.0e-2}, batch_size: 8, max_steps: 40}
      measurement:
        evaluate_every: 10
        evaluate_samples: 32
        thresholds: {better: {metric: test.loss, below: 0.6}, never: {metric: test.loss, below: 0}}
        checkpoints_at: {every: 10, at: last}
      seeds: 2
      studies:
        ablate: {kind: head_ablation, data: main, metric: test.loss, at: [0, last], heads: top, top: [1, 2]}
        patch: {kind: head_patching, data: main, from: last, into: 0, metric: test.loss}
        when: {kind: localise, data: main, metric: test.loss, below: 0.68}
        lacking: {kind: head_ablation, data: main, metric: test.loss, at: after_never}
        same: {kind: head_patching, data: main, from: last, into: last, metric: test.loss, heads: top, top: [2]}
      claims:
        all_patterns: {kind: heads, data: patch, direction: reverse, heads: all, at_least: -100}
        lost_by_two: {kind: heads, data: ablate, at: last, size: 2, of: effect, at_most: -100}
        never: {kind: heads, data: lacking, at: after_never, of: effect, at_least: 0}
      """;

  @TempDir static Path temp;
  private Results results;

  @BeforeAll
  void run() throws IOException {
    results =
        experiment().run(temp.resolve("a"), RunOptions.defaults().onDevice("cpu").withJobs(1));
    results.writeTables();
  }

  private static Experiment experiment() {
    return Experiment.parse(YAML);
  }

  private StudyTable table(String name) {
    return results.studyTables().get(name);
  }

  /** Every file of every study but for what computed it and when. */
  static Map<String, String> files(Path root) throws IOException {
    Map<String, String> out = new TreeMap<>();
    try (var files = Files.walk(root.resolve("studies"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file).replaceAll("(?s)\"provenance\".*", "");
        out.put(root.relativize(file).toString(), text);
      }
    }
    return out;
  }

  @Test
  void every_run_has_a_row_for_each_set_of_heads() {
    assertThat(results.studyTroubles()).isEmpty();
    // 2 runs, 2 moments; 4 single heads, all, and for 1 and 2 heads the best and 5 draws.
    assertThat(table("ablate").rows()).hasSize(2 * 2 * (4 + 1 + 2 * 6));
    // 2 runs, 2 directions; 4 single heads and all.
    assertThat(table("patch").rows()).hasSize(2 * 2 * 5);
    assertThat(table("when").rows()).hasSize(2);
    assertThat(table("when").rows()).allMatch(r -> r.text("state").equals("crossed"));
    for (StudyTable.Row row : table("when").rows()) {
      assertThat(row.number("upper") - row.number("lower")).isEqualTo(10);
      assertThat(row.number("value_upper")).isLessThan(0.68).isLessThan(row.number("value_lower"));
    }
  }

  @Test
  void a_claim_is_about_the_mean_over_the_runs() {
    double[] rows =
        table("patch").rows().stream()
            .filter(r -> r.text("direction").equals("reverse") && r.text("set").equals("all"))
            .mapToDouble(r -> r.number("recovered"))
            .toArray();
    ClaimReport all = results.claim("all_patterns");
    assertThat(rows).hasSize(2);
    assertThat(all.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(all.judged().lower()).isCloseTo((rows[0] + rows[1]) / 2, within(1e-12));
    assertThat(all.reason()).contains(" by all heads at once in 2 runs; ");
    assertThat(results.claim("lost_by_two").verdict()).isEqualTo(Verdict.FAILS);
    assertThat(results.claim("lost_by_two").reason())
        .startsWith("at last: test.loss changes by ")
        .contains(" by the 2 most effective heads at once in 2 runs; claimed is at most -100");
    assertThat(results.claim("never").verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(results.claim("never").reason())
        .endsWith("; 2 lack rows: threshold never was not reached");
  }

  @Test
  void a_claim_about_runs_that_are_not_studied_yet_is_open() {
    Plan plan = experiment().plan();
    ClaimReport open = Analysis.of(plan, Map.of()).claims().get("all_patterns");
    assertThat(open.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(open.missing()).isEqualTo(2);
    assertThat(open.holds()).isTrue();
    assertThat(open.reason()).endsWith("; 2 lack rows: the run is not studied yet");
  }

  @Test
  void a_claim_is_open_while_one_of_its_runs_is_not_studied() throws IOException {
    Plan three = Experiment.parse(YAML.replace("seeds: 2", "seeds: 3")).plan();
    ResultsFolder folder = ResultsFolder.read(temp.resolve("a"));
    ClaimReport open = Analysis.of(three, folder.load(three), folder).claims().get("all_patterns");
    assertThat(open.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(open.missing()).isEqualTo(1);
    assertThat(open.reason())
        .contains(" by all heads at once in 2 runs;")
        .endsWith("; 1 lacks rows: the run is not finished");
    assertThat(open.judged()).isEqualTo(results.claim("all_patterns").judged());
  }

  @Test
  void a_model_as_it_is_measures_what_the_curve_says() {
    for (StudyTable.Row row : table("ablate").rows()) {
      var curve =
          results.runs().stream()
              .filter(o -> o.seed() == row.run().seed())
              .findFirst()
              .orElseThrow()
              .stored()
              .orElseThrow()
              .curve();
      int at = java.util.Arrays.binarySearch(curve.steps(), row.number("step"));
      assertThat(row.number("unchanged")).isCloseTo(curve.column("test.loss")[at], within(1e-5));
      assertThat(row.number("effect"))
          .isCloseTo(row.number("value") - row.number("unchanged"), within(1e-12));
    }
  }

  @Test
  void what_is_recovered_is_a_share_of_the_way_to_the_other_model() {
    for (StudyTable.Row row : table("patch").rows()) {
      double gap = row.number("other") - row.number("unchanged");
      assertThat(row.number("recovered")).isCloseTo(row.number("effect") / gap, within(1e-9));
    }
    assertThat(table("patch").by("direction").keySet())
        .containsExactly(List.of("forward"), List.of("reverse"));
  }

  @Test
  void a_model_that_is_given_its_own_patterns_does_not_change_in_a_bit() {
    assertThat(table("same").rows()).hasSize(2 * 2 * (4 + 1 + 1 + 5));
    for (StudyTable.Row row : table("same").rows()) {
      assertThat(row.number("value")).isEqualTo(row.number("unchanged"));
      assertThat(row.number("effect")).isZero();
      assertThat(row.values().get("recovered")).isNull();
    }
  }

  @Test
  void several_workers_on_one_folder_make_each_piece_once() throws Exception {
    Path root = temp.resolve("shared");
    Experiment without = Experiment.parse(YAML.substring(0, YAML.indexOf("studies:")));
    without.run(root, RunOptions.defaults().onDevice("cpu").withJobs(1));
    AtomicInteger written = new AtomicInteger();
    Disk counting =
        (Disk)
            java.lang.reflect.Proxy.newProxyInstance(
                Disk.class.getClassLoader(),
                new Class<?>[] {Disk.class},
                (proxy, method, arguments) -> {
                  boolean piece =
                      method.getName().equals("move") && arguments[1].toString().endsWith(".json");
                  written.addAndGet(piece ? 1 : 0);
                  try {
                    return method.invoke(Disk.local(), arguments);
                  } catch (java.lang.reflect.InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    ResultsFolder folder = ResultsFolder.open(root, counting);
    Plan plan = experiment().plan();
    List<Thread> commands = new ArrayList<>();
    List<String> troubles = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 2; i++) {
      commands.add(
          new Thread(
              () -> {
                try {
                  troubles.addAll(
                      new StudyWork(
                              folder, ReferenceBackend::new, () -> false, StudyListener.SILENT)
                          .run(plan, 2));
                } catch (IOException e) {
                  troubles.add(e.toString());
                }
              }));
    }
    commands.forEach(Thread::start);
    for (Thread command : commands) {
      command.join();
    }
    assertThat(troubles).isEmpty();
    assertThat(StudyWork.isOpen(plan, folder)).isFalse();
    assertThat(written).hasValue(5 * 2);
    try (var left = Files.walk(root.resolve("studies"))) {
      assertThat(left.filter(p -> p.toString().contains("claim"))).isEmpty();
    }
  }

  /** A process may be killed before its result is in place, and before it gives its claim back. */
  @Test
  void what_a_killed_process_left_beside_results_is_removed() throws Exception {
    Path root = temp.resolve("killed");
    experiment().run(root, RunOptions.defaults().onDevice("cpu").withJobs(1));
    Map<String, String> made = files(root);
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    ProcessIdentity me = ProcessIdentity.current();
    ProcessIdentity dead =
        new ProcessIdentity(me.machine(), me.boot(), me.pid(), "another start", "", "");
    List<String> names = made.keySet().stream().map(name -> name.replace(".json", "")).toList();
    new Claims(folder, dead).take(names.get(0));
    Files.writeString(root.resolve(names.get(1) + ".json.new-1-2"), "{");
    Path live = root.resolve(names.get(2) + ".json.new-3-4");
    try (Claims claims = new Claims(folder, me)) {
      claims.take(names.get(2));
      Files.writeString(live, "{");
      experiment().run(root, RunOptions.defaults().onDevice("cpu").withJobs(1));
      assertThat(live).exists();
    }
    experiment().run(root, RunOptions.defaults().onDevice("cpu").withJobs(1));
    assertThat(files(root)).isEqualTo(made);
  }

  @Test
  void runs_without_the_moment_are_counted_with_the_reason() {
    assertThat(table("lacking").rows()).isEmpty();
    assertThat(table("lacking").without()).isEqualTo(Map.of("threshold never was not reached", 2));
    assertThat(results.studies().get(3).without()).isEqualTo(table("lacking").without());
  }

  @Test
  void tables_are_written_with_plain_numbers() throws IOException {
    List<String> lines = Files.readAllLines(results.folder().resolve("tables/study-patch.csv"));
    assertThat(lines.get(0))
        .isEqualTo(
            "run,sweep,condition,seed,direction,from,from_step,into,into_step,unchanged,other,"
                + "set,size,draw,layer,head,heads,value,effect,recovered");
    assertThat(lines).hasSize(21);
  }

  @Test
  void nothing_is_made_twice_and_a_changed_study_is_made_anew() throws IOException {
    Path root = results.folder();
    Map<String, String> before = files(root);
    AtomicInteger opened = new AtomicInteger();
    Supplier<Backend> counted =
        () -> {
          opened.incrementAndGet();
          return new ReferenceBackend();
        };
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    Plan plan = experiment().plan();
    assertThat(StudyWork.isOpen(plan, folder)).isFalse();
    new StudyWork(folder, counted, () -> false, StudyListener.SILENT).run(plan, 2);
    assertThat(opened).hasValue(0);
    assertThat(files(root)).isEqualTo(before);
    Plan other = Experiment.parse(YAML.replace("below: 0.68", "below: 0.67")).plan();
    assertThat(StudyStanding.of(other, folder))
        .extracting(StudyStanding::open)
        .containsExactly(0, 0, 2, 0, 0);
  }

  @Test
  void a_study_that_is_stopped_again_and_again_gives_the_same_files() throws IOException {
    Path root = temp.resolve("parts");
    Experiment without = Experiment.parse(YAML.substring(0, YAML.indexOf("studies:")));
    without.run(root, RunOptions.defaults().onDevice("cpu").withJobs(1));
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    Plan plan = experiment().plan();
    List<Integer> open = new ArrayList<>();
    for (int looks = 1; StudyWork.isOpen(plan, folder); looks += 25) {
      AtomicInteger left = new AtomicInteger(looks);
      Supplier<Backend> cpu = () -> dev.emergence.backend.Devices.open("cpu", 1);
      new StudyWork(folder, cpu, () -> left.decrementAndGet() < 0, StudyListener.SILENT)
          .run(plan, 1);
      open.add(StudyStanding.of(plan, folder).stream().mapToInt(StudyStanding::open).sum());
    }
    assertThat(open).hasSizeGreaterThan(3).isSortedAccordingTo((a, b) -> b - a);
    assertThat(numbers(files(root))).isEqualTo(numbers(files(results.folder())));
  }

  /** Without what tells one stored run from another: when it was made. */
  private static Map<String, String> numbers(Map<String, String> files) {
    Map<String, String> out = new TreeMap<>();
    files.forEach((name, text) -> out.put(name, text.replaceAll("\"question\": \"[^\"]*\"", "")));
    return out;
  }

  @Test
  void a_damaged_file_is_made_anew() throws IOException {
    Path root = temp.resolve("damaged");
    RunOptions cpu = RunOptions.defaults().onDevice("cpu").withJobs(1);
    experiment().run(root, cpu);
    Map<String, String> before = files(root);
    Path one = root.resolve(before.keySet().iterator().next());
    Files.writeString(one, Files.readString(one).replace("\"size\": 1", "\"size\": 2"));
    assertThat(files(root)).isNotEqualTo(before);
    experiment().run(root, cpu);
    assertThat(files(root)).isEqualTo(before);
  }

  @Test
  void a_stop_before_the_studies_leaves_them_for_the_next_start() throws IOException {
    Path root = temp.resolve("stopped");
    Interrupt interrupt = Interrupt.onRequest();
    interrupt.request("a test");
    Results stopped =
        experiment().run(root, RunOptions.defaults().onDevice("cpu").until(interrupt));
    assertThat(stopped.studies()).allMatch(s -> s.waiting() == 2);
  }

  /** Longer runs that lie in the folder leave tables as those of a fresh one. */
  @Test
  void a_study_looks_no_further_than_its_condition() throws IOException {
    Path folder = temp.resolve("longer");
    RunOptions options = RunOptions.defaults().onDevice("cpu").withJobs(1);
    Experiment.parse(YAML.replace("max_steps: 40", "max_steps: 70")).run(folder, options);
    Results again = experiment().run(folder, options);
    again.writeTables();
    for (String name : List.of("ablate", "when", "same")) {
      assertThat(again.studyTables().get(name).rows())
          .as(name)
          .extracting(StudyTable.Row::values)
          .isEqualTo(table(name).rows().stream().map(StudyTable.Row::values).toList());
    }
  }

  @Test
  void a_moment_is_that_of_the_threshold_as_it_is_now() throws IOException {
    Path folder = temp.resolve("moved");
    RunOptions options = RunOptions.defaults().onDevice("cpu").withJobs(1);
    String at = YAML.replace("at: after_never", "at: after_better");
    Results first = Experiment.parse(at).run(folder, options);
    String moved = at.replace("below: 0.6}", "below: 0.65}");
    assertThat(moved).isNotEqualTo(at);
    Results second = Experiment.parse(moved).run(folder, options);
    Results fresh = Experiment.parse(moved).run(temp.resolve("fresh"), options);
    assertThat(values(second)).isEqualTo(values(fresh)).isNotEqualTo(values(first));
  }

  private static List<Map<String, Object>> values(Results results) {
    return results.studyTables().get("lacking").rows().stream()
        .map(StudyTable.Row::values)
        .toList();
  }
}
