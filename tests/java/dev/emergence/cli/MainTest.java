package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Edited;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands say and how they end, when nothing is trained. */
class MainTest {
  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(temp.resolve("tiny.yaml"), Yaml.TINY);
  }

  private Path edited(String from, String to) throws IOException {
    assertThat(Yaml.TINY).contains(from);
    return Files.writeString(temp.resolve("edited.yaml"), Edited.text(Yaml.TINY, from, to));
  }

  @Test
  void every_command_has_help() {
    for (String command : Main.commandLine().getSubcommands().keySet()) {
      Shell help = Shell.run(command, "--help");
      assertThat(help.code()).as(command).isZero();
      assertThat(help.out()).as(command).startsWith("Usage: emergence " + command);
      assertThat(help.err()).as(command).isEmpty();
    }
  }

  @Test
  void version_is_one_line() {
    Shell version = Shell.run("--version");
    assertThat(version.code()).isZero();
    assertThat(version.out()).startsWith("emergence ").hasLineCount(1);
  }

  @Test
  void no_command_shows_the_commands_and_exit_codes() {
    assertThat(Shell.run("--help").out()).contains("run ", "plan ", "doctor ", "Exit codes:", "75");
  }

  @Test
  void a_bad_command_line_is_2() {
    assertThat(Shell.run("rnu", file)).extracting(Shell::code).isEqualTo(2);
    assertThat(Shell.run("rnu", file).err())
        .startsWith("emergence: there is no command 'rnu'\nKnown: run plan validate ");
    assertThat(Shell.run("run").code()).isEqualTo(2);
    assertThat(Shell.run("plan", file, "--color").code()).isEqualTo(2);
    assertThat(Shell.run("plan", file, "--only", "sises", "--no-calibrate").err())
        .isEqualTo(
            "emergence: --only names the sweep 'sises'; did you mean 'sizes'? known: sizes, copies\n");
    assertThat(Shell.run("plan", file, "--where", "dd < 3", "--no-calibrate").err())
        .contains("'dd' is no symbol; known: d T B p");
    assertThat(Shell.run("plan", file, "--where", "d <", "--no-calibrate").code()).isEqualTo(2);
    assertThat(Shell.run("plan", file, "--where", "1e400", "--no-calibrate").err())
        .contains("'1e400' is larger than any number");
    assertThat(Shell.run("plan", file, "--explain", "training.btch_size").err())
        .contains("in this file; did you mean 'training.batch_size'? `emergence symbols --all`");
    assertThat(Shell.run("explain", "workrs").err())
        .contains("'workrs'; did you mean 'workers'? `emergence explain` lists them");
    assertThat(Shell.run("status", file).err()).contains(file + " is a file and no results folder");
    assertThat(Shell.run("plan", file, "--where", "task.dmi > 1", "--no-calibrate").err())
        .startsWith(
            "emergence: --where: 'task.dmi' is no symbol; did you mean 'task.dim'? known: ");
    String level = "measurement.thresholds.plato.below < 1";
    assertThat(Shell.run("plan", file, "--where", level, "--no-calibrate").err())
        .contains(
            "no value in any condition; did you mean 'measurement.thresholds.plateau.below'?");
    String none = "d / (d - d) > 1";
    assertThat(Shell.run("plan", file, "--where", none, "--no-calibrate").err())
        .startsWith("emergence: --where: '" + none + "' has no answer in sizes task.dim=4: ");
    assertThat(Shell.run("plan", file, "--where", "d > 99", "--no-calibrate").err())
        .isEqualTo("emergence: no run is left by --only and --where\n");
    assertThat(
            Shell.run("run", file, "--out", temp.resolve("r"), "--stop-after", "5 minutes").err())
        .isEqualTo(
            "emergence: --stop-after takes a duration such as 90s, 5min, 2h or 7h50min, 10000d at"
                + " most, got '5 minutes'\n");
    assertThat(Shell.run("run", file, "--out", temp.resolve("r"), "--stop-after", "200000d").err())
        .endsWith("10000d at most, got '200000d'\n");
    assertThat(Shell.run("explain", "E999").code()).isEqualTo(2);
    assertThat(Shell.run("status", "a\0b").code()).isEqualTo(2);
    assertThat(Shell.run("status", "a\0b").err()).contains("is no file name here: Nul character");
    assertThat(Shell.run("symbols", "poker").err())
        .startsWith("emergence: there is no task 'poker'; known: ");
    assertThat(Shell.run("init", "fig99").err())
        .startsWith("emergence: there is no example 'fig99'; did you mean 'fig9'? known: ");
    assertThat(Shell.run("validate", "--jsno").err())
        .startsWith("emergence: Unknown option: '--jsno'\nPossible solutions: --json\n");
    assertThat(Shell.run("submit", "--tto", "slurm", file).err())
        .startsWith("emergence: Unknown option: '--tto'\n");
  }

  @Test
  void an_example_has_the_name_of_its_folder_too() {
    Path folder = temp.resolve("example");
    assertThat(Shell.run("init", "paper1/fig3", folder).code()).isZero();
    assertThat(folder.resolve("fig3.yaml")).content().contains("name: fig3");
    assertThat(Shell.run("init", "paper1/base/toy", folder).code()).isEqualTo(2);
  }

  @Test
  void explain_lists_topics_and_codes_and_shows_the_page_of_each_topic() {
    assertThat(Shell.run("explain").out())
        .startsWith("resume       what happens when")
        .contains("\nclusters  ", "\nE102         unknown key\n");
    assertThat(Shell.run("explain", "resume").out()).startsWith("# Resuming\n");
    assertThat(Shell.run("explain", "Workers").out()).startsWith("# Workers\n");
    assertThat(Shell.run("explain", "clusters").out())
        .startsWith("# Clusters\n")
        .contains("emergence submit fig3.yaml --to slurm");
  }

  @Test
  void an_invalid_file_is_3_and_every_problem_is_shown() throws IOException {
    Path bad = edited("dim: 4", "dims: 4");
    for (List<Object> command :
        List.of(
            List.<Object>of("validate", bad),
            List.<Object>of("plan", bad),
            List.<Object>of("run", bad, "--out", temp.resolve("r")))) {
      Shell shell = Shell.run(command.toArray());
      assertThat(shell.code()).isEqualTo(3);
      assertThat(shell.out() + shell.err())
          .contains("edited.yaml:3:", "error E102: unknown key 'dims'", "dim");
    }
    assertThat(temp.resolve("r")).doesNotExist();
    assertThat(Shell.run("validate", temp.resolve("none.yaml")).code()).isEqualTo(3);
  }

  @Test
  void an_experiment_of_very_many_runs_can_be_checked_and_plotted() throws IOException {
    Path many = edited("grid: {task.dim: [4, 6]}", "grid: {task.dim: {from: 1, to: 400, step: 1}}");
    String seeds = "seeds.count=300";
    assertThat(Shell.run("validate", many, "--set", seeds).out()).contains("need --yes-many");
    assertThat(Shell.run("validate", many, "--set", seeds, "--yes-many").code()).isZero();
    assertThat(Shell.run("plot", many, "--set", seeds, "--yes-many", "--out", temp).err())
        .contains("is no results folder");
  }

  @Test
  void validate_takes_several_files_and_speaks_json() throws IOException {
    Path bad = edited("dim: 4", "dims: 4");
    Shell shell = Shell.run("validate", "--json", file, bad);
    assertThat(shell.code()).isEqualTo(3);
    assertThat(shell.out()).startsWith("[").contains("\"E102\"").endsWith("]\n");
    assertThat(Shell.run("validate", "--json", file).out()).isEqualTo("[]\n");
    assertThat(Shell.run("validate", file).out()).isEqualTo(file + ": valid\n");
  }

  @Test
  void a_folder_that_cannot_be_used_is_6() throws IOException {
    for (String command : List.of("status", "list", "fit", "export")) {
      Shell shell = Shell.run(command, temp);
      assertThat(shell.code()).as(command).isEqualTo(6);
      assertThat(shell.err())
          .as(command)
          .startsWith("emergence: " + temp + " is no results folder")
          .hasLineCount(1);
    }
    assertThat(Shell.run("run", file, "--out", file).err())
        .isEqualTo("emergence: " + file + " is a file; choose another folder with --out\n");
    Path newer = Files.createDirectory(temp.resolve("newer"));
    Files.writeString(newer.resolve("resolved.json"), "{\"layout\": 99}");
    Shell shell = Shell.run("run", file, "--out", newer);
    assertThat(shell.code()).isEqualTo(6);
    assertThat(shell.err()).contains("has layout 99, this version reads up to 1");
  }

  @Test
  void a_device_that_is_not_there_is_7_and_one_sentence() {
    Shell shell = Shell.run("run", file, "--out", temp.resolve("r"), "--device", "cuda:99");
    assertThat(shell.code()).isEqualTo(7);
    assertThat(shell.err())
        .startsWith("emergence: device cuda:99 cannot be used: ")
        .hasLineCount(1);
  }

  /** As in a file, where it is 3: no machine could have it. */
  @Test
  void a_device_that_there_is_nowhere_is_a_bad_command_line() {
    Object[][] lines = {
      {"run", file, "--out", temp.resolve("r")},
      {"plan", file},
      {"reproduce", file, "--out", temp.resolve("r")},
      {"worker", temp},
      {"verify", temp, "--replay", "1"},
      {"check-architecture", file},
      {"capabilities", "--checkpoints", temp}
    };
    for (Object[] line : lines) {
      for (String device : List.of("CUDA", "gpu", "cuda:x")) {
        Object[] whole = Arrays.copyOf(line, line.length + 2);
        whole[line.length] = "--device";
        whole[line.length + 1] = device;
        Shell shell = Shell.run(whole);
        assertThat(shell.code()).as(List.of(whole) + shell.err()).isEqualTo(2);
        assertThat(shell.err())
            .contains("cpu, cuda or cuda:N, got '" + device + "'")
            .hasLineCount(1);
      }
    }
    assertThat(Shell.run("check-architecture", file, "--device", "auto").code()).isEqualTo(2);
    assertThat(Shell.run("plan", file, "--device", "gpu").err()).contains("did you mean 'cuda'?");
  }

  @Test
  void a_bug_is_1_with_one_line_and_a_log() {
    StringWriter err = new StringWriter();
    var command =
        Main.commandLine().setErr(new PrintWriter(err)).setOut(new PrintWriter(new StringWriter()));
    int code = Errors.execution(new IllegalStateException("planted"), command, null);
    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("emergence: internal error: IllegalStateException: planted\n")
        .doesNotContain("\tat ");
    Path log = Path.of(err.toString().strip().replaceFirst("(?s).* ", ""));
    assertThat(log).content().contains("planted", "MainTest");
  }

  @Test
  void plan_says_what_run_would_do_without_doing_it() {
    Shell shell = Shell.run("plan", file, "--no-calibrate", "--out", temp.resolve("r"));
    assertThat(shell.code()).isZero();
    assertThat(shell.out())
        .startsWith("tiny: 6 runs answer 8 conditions and seeds\n")
        .contains(
            "sizes: 2 conditions, 4 runs",
            "copies: 2 conditions, 4 runs",
            "6 to do",
            "memory up to");
    assertThat(temp.resolve("r")).doesNotExist();
  }

  @Test
  void plan_says_what_its_times_rest_on() {
    assertThat(Shell.run("plan", file, "--no-calibrate", "--set", "training.max_steps=5000").out())
        .contains("expected steps by 1.45 d^1.31", "a guess here: ", "up to the worst")
        .doesNotContain(" of 0 ms");
  }

  @Test
  void the_memory_of_a_run_on_a_processor_includes_what_java_takes() throws Exception {
    Shell shell = Shell.run("plan", file, "--no-calibrate", "--json", "--device", "cpu");
    assertThat((List<?>) Json.read(shell.out(), "plan").get("runs"))
        .allSatisfy(
            run ->
                assertThat(((Number) ((Map<?, ?>) run).get("memory_bytes")).longValue())
                    .isBetween(128L << 20, 129L << 20));
  }

  @Test
  void plan_as_json_has_every_run_with_its_cost() throws Exception {
    Shell shell =
        Shell.run("plan", file, "--no-calibrate", "--json", "--where", "d == 6 and seed == 3");
    var tree = Json.read(shell.out(), "plan");
    assertThat((List<?>) tree.get("runs"))
        .hasSize(1)
        .first()
        .asString()
        .contains("state=to do", "seed=3", "steps_worst=60");
  }

  @Test
  void plan_explains_where_a_value_comes_from() {
    Shell shell =
        Shell.run(
            "plan", file, "--set", "training.batch_size=7", "--explain", "training.batch_size");
    assertThat(shell.out()).startsWith("training.batch_size = 7").contains("--set");
    assertThat(Shell.run("plan", file, "--explain", "task.nothing").code()).isEqualTo(2);
  }

  @Test
  void predict_tells_plateaus_budgets_and_their_law() throws Exception {
    Shell shell = Shell.run("predict", file);
    assertThat(shell.code()).isZero();
    assertThat(shell.out())
        .startsWith("sweep ")
        .containsPattern("sizes  +task\\.dim=4  +\\d+  +steps  +\\d+  +60")
        .contains("by 1.45 d^1.31 (T/B)^0.57 (Fig. 15, Adam)");
    var tree = Json.read(Shell.run("predict", file, "--json").out(), "forecasts");
    assertThat((List<?>) tree.get("conditions"))
        .first()
        .asString()
        .contains("suggested_limit=", "law=1.45 d^1.31");
  }

  @Test
  void a_limit_below_the_expected_plateau_is_told_by_plan_and_predict() {
    String warning = within("plan", 3, "--no-calibrate").err();
    assertThat(warning)
        .containsPattern(
            "warning: 2 of 4 conditions are expected to end on their plateau: about \\d+ steps at"
                + " task\\.dim=32, of 3;");
    assertThat(within("predict", 3).out()).contains(" 3 too short");
    assertThat(within("plan", 100_000, "--no-calibrate").err()).doesNotContain("expected to end");
  }

  /** Sizes and learning rate that the published law was measured on, but for the repetition. */
  private Shell within(String command, int steps, String... more) {
    List<Object> words = new ArrayList<>(List.of(command, file));
    for (String set :
        List.of(
            "training.max_steps=" + steps,
            "training.optimizer.learning_rate=1e-4",
            "task.sequence_length=16",
            "sweeps.sizes.grid={task.dim: [16, 32]}")) {
      words.addAll(List.of("--set", set));
    }
    words.addAll(List.of(more));
    return Shell.run(words.toArray());
  }

  @Test
  void a_run_far_from_what_a_law_was_measured_on_is_told_so_and_not_warned_about() {
    Shell plan = Shell.run("plan", file, "--no-calibrate", "--set", "training.max_steps=3");
    assertThat(plan.err()).doesNotContain("expected to end");
    assertThat(Shell.run("predict", file).out())
        .contains(
            "measured with d from 16 to 128; below 8 the law's value there is taken",
            "the paper's largest learning rate is 3·10⁻⁴");
  }

  @Test
  void symbols_and_codes_are_listed() {
    assertThat(Shell.run("symbols", "associative_recall").out())
        .contains("N_pairs", "task.pairs")
        .doesNotContain("task.dim ");
    assertThat(Shell.run("explain").out()).contains("E102         unknown key");
    assertThat(Shell.run("explain", "e102").out()).contains("E102");
    assertThat(Shell.run("schema").out()).startsWith("{").contains("$schema");
  }

  @Test
  void symbols_of_a_file_are_those_of_its_task_and_its_own() throws IOException {
    Path own = temp.resolve("own.yaml");
    Files.writeString(
        own, Files.readString(file) + "symbols: {rate: training.optimizer.learning_rate}\n");
    assertThat(Shell.run("symbols", own).out())
        .startsWith("task.kind: linear_regression\n")
        .contains("  T ", "training.optimizer.learning_rate  symbols: in the file");
    Files.writeString(own, "dsl: 1\nname: own\n");
    Shell refused = Shell.run("symbols", own);
    assertThat(refused.code()).isEqualTo(ExitCode.INVALID_FILE);
    assertThat(refused.err()).contains("own.yaml:", "error E");
  }

  @Test
  void repetition_has_a_symbol_only_in_tasks_whose_data_repeat() {
    assertThat(Shell.run("symbols", "linear_regression").out())
        .contains("  B ", "repetition.in_context", "  p ", "repetition.cross_sample");
    assertThat(Shell.run("symbols", "--all", "cellular_automaton").out())
        .contains("repetition.dataset")
        .doesNotContain("repetition.in_context", "repetition.cross_sample");
  }

  @Test
  void a_misspelt_page_task_or_example_is_guessed() {
    assertThat(Shell.run("explain", "resum").err())
        .isEqualTo(
            "emergence: there is no page 'resum'; did you mean 'resume'?"
                + " `emergence explain` lists them\n");
    assertThat(Shell.run("symbols", "synthetic_langage").err())
        .startsWith(
            "emergence: there is no task 'synthetic_langage'; did you mean"
                + " 'synthetic_language'? known: linear_regression, ");
    assertThat(Shell.run("init", "quikstart", temp).err())
        .contains("'quikstart'; did you mean 'quickstart'? known: ");
  }

  /** Where the last column begins. */
  private static Set<Integer> columns(String line, Pattern beginning) {
    return line.lines()
        .map(beginning::matcher)
        .filter(Matcher::find)
        .map(Matcher::end)
        .collect(Collectors.toSet());
  }

  @Test
  void what_names_stand_for_is_one_column_however_long_they_are() {
    assertThat(columns(Shell.run("explain").out(), Pattern.compile("^\\w+ +"))).hasSize(1);
    assertThat(
            columns(
                Shell.run("symbols", "--all", "linear_regression").out(),
                Pattern.compile("^ +\\w+ +[\\w.]+ +")))
        .hasSize(1);
  }

  @Test
  void init_writes_an_example_that_is_valid_with_all_it_extends() {
    List<String> names = Shell.run("init").out().lines().map(l -> l.split(" ")[0]).toList();
    assertThat(names).contains("quickstart");
    for (String name : names) {
      Path folder = temp.resolve("init-" + name);
      Shell shell = Shell.run("init", name, folder);
      assertThat(shell.code()).as(name).isZero();
      assertThat(Shell.run("validate", folder.resolve(name.replaceFirst(".*/", "") + ".yaml")))
          .as(name)
          .extracting(Shell::code)
          .isEqualTo(0);
      assertThat(temp.resolve("paper2")).doesNotExist();
    }
  }

  @Test
  void init_writes_the_schema_and_the_line_by_which_editors_find_it() throws IOException {
    assertThat(Shell.run("init", "quickstart", temp).code()).isZero();
    assertThat(temp.resolve("quickstart.yaml"))
        .content()
        .startsWith("# yaml-language-server: $schema=./experiment.v1.schema.json\n");
    assertThat(temp.resolve("experiment.v1.schema.json")).content().contains("sequence_length");
  }

  @Test
  void init_writes_a_valid_commented_skeleton_of_every_kind_of_task() {
    for (String kind : dev.emergence.dsl.page.SkeletonWriter.kinds()) {
      Path folder = temp.resolve(kind);
      assertThat(Shell.run("init", "--task", kind, folder).code()).as(kind).isZero();
      Path file = folder.resolve(kind.replace('_', '-') + ".yaml");
      assertThat(Shell.run("validate", file).code()).as(kind).isZero();
      assertThat(file).content().contains("kind: " + kind, " # ", "sweeps:");
      Shell plan = Shell.run("plan", file, "--no-calibrate", "--out", temp.resolve("none"));
      assertThat(plan.code()).as(plan.err()).isZero();
      assertThat(plan.err()).as(kind).doesNotContain("out of reach");
    }
    assertThat(temp.resolve("synthetic_language/synthetic-language.yaml"))
        .content()
        .contains("    test: {}\n    copy: {prompts: copy}\n");
    assertThat(Shell.run("init", "--task", "poker").err()).contains("no task 'poker'; known: ");
    Shell two = Shell.run("init", "--task", "linear_map", temp.resolve("a"), temp.resolve("b"));
    assertThat(two.code()).isEqualTo(2);
    assertThat(two.err()).contains("init --task takes one folder");
    Path file = temp.resolve("mine.yaml");
    for (Shell named :
        List.of(
            Shell.run("init", "--task", "linear_map", file),
            Shell.run("init", "quickstart", file))) {
      assertThat(named.code()).isEqualTo(2);
      assertThat(named.err()).contains("which looks like a file; name a folder, and rename ");
      assertThat(file).doesNotExist();
    }
    assertThat(temp.resolve("a")).doesNotExist();
  }

  @Test
  void without_a_command_it_says_the_two_next_things_to_type() {
    assertThat(Shell.run().out())
        .contains("emergence init quickstart ", "emergence run quickstart.yaml ");
    assertThat(Shell.run().out().lines()).hasSizeLessThan(10);
  }

  @Test
  void init_never_overwrites_what_differs() throws IOException {
    assertThat(Shell.run("init", "quickstart", temp).code()).isZero();
    assertThat(Shell.run("init", "quickstart", temp).code()).isZero();
    Files.writeString(temp.resolve("quickstart.yaml"), "mine");
    Shell shell = Shell.run("init", "quickstart", temp);
    assertThat(shell.code()).isEqualTo(2);
    assertThat(shell.err()).contains("is there already and differs");
    assertThat(temp.resolve("quickstart.yaml")).hasContent("mine");
  }

  @Test
  void help_of_a_command_is_what_the_command_says_with_help() {
    assertThat(Shell.run("help", "run")).isEqualTo(Shell.run("run", "--help"));
    assertThat(Shell.run("help").out()).isEqualTo(Shell.run("--help").out());
    assertThat(Shell.run("help", "rnu").code()).isEqualTo(2);
  }

  @Test
  void completion_knows_every_command() {
    String script = Shell.run("completion", "bash").out();
    assertThat(Main.commandLine().getSubcommands().keySet())
        .allSatisfy(command -> assertThat(script).contains(command));
  }
}
