package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * The example project of tests/plugin, built as its pom builds it: a task of one's own in a jar of
 * one's own, named in a file, from its record to the report.
 */
class PluginTest {
  private static final Path PROJECT = Path.of("tests/plugin");

  @TempDir static Path temp;
  private static Path jar;

  @BeforeAll
  static void build() throws IOException {
    Path classes = temp.resolve("classes");
    compile(PROJECT.resolve("src"), classes, System.getProperty("java.class.path"));
    copy(PROJECT.resolve("resources"), classes);
    jar = temp.resolve("my-tasks.jar");
    pack(classes, jar);
  }

  /** The same jar with one method that throws. */
  private static Path broken(String file, String good) throws IOException {
    return broken(
        file, good, good + " if (true) { throw new IllegalStateException(\"not this one\"); }");
  }

  private static Path broken(String file, String good, String bad) throws IOException {
    Path sources = Files.createTempDirectory(temp, "sources");
    copy(PROJECT.resolve("src"), sources);
    Path source = sources.resolve("org/example/copytoken/" + file + ".java");
    String text = Files.readString(source);
    assertThat(text).contains(good);
    Files.writeString(source, text.replace(good, bad));
    Path classes = Files.createTempDirectory(temp, "classes");
    compile(sources, classes, System.getProperty("java.class.path"));
    copy(PROJECT.resolve("resources"), classes);
    Path out = temp.resolve("broken.jar");
    pack(classes, out);
    return out;
  }

  private static Answer runBroken(Path jar, Path results) throws Exception {
    return emergence(
        "run",
        "tests/plugin/copy-token.yaml",
        "--out",
        results.toString(),
        "--device",
        "cpu",
        "--plugin",
        jar.toString());
  }

  @Test
  void levels_that_throw_cost_their_lines_and_no_report() throws Exception {
    Path results = temp.resolve("without-levels");
    Answer run = runBroken(broken("CopyTokenTask", "levels(String testSet) {"), results);
    assertThat(run.code()).as(run.text()).isZero();
    assertThat(run.text()).doesNotContain("This is a bug");
    assertThat(results.resolve("report.html")).content().contains("copy_token");
  }

  @Test
  void a_task_that_cannot_be_made_fails_its_runs_by_name() throws Exception {
    Path results = temp.resolve("without-task");
    Answer run = runBroken(broken("CopyTokenTask", "RandomStream stream) {"), results);
    assertThat(run.code()).as(run.text()).isEqualTo(4);
    assertThat(run.text())
        .contains("the plug-in org.example.copytoken.CopyTokenTask (broken.jar) failed in create")
        .contains("not this one")
        .doesNotContain("This is a bug");
    assertThat(results.resolve("report.html")).isNotEmptyFile();
  }

  @Test
  void a_record_that_throws_is_named_in_one_line() throws Exception {
    Path jar = broken("CopyToken", "Prediction predicts() {");
    Answer answer =
        emergence("validate", "tests/plugin/copy-token.yaml", "--plugin", jar.toString());
    assertThat(answer.code()).as(answer.text()).isEqualTo(7);
    assertThat(answer.text().strip())
        .isEqualTo(
            "emergence: the plug-in org.example.copytoken.CopyToken (broken.jar) failed in predicts:"
                + " java.lang.IllegalStateException: not this one");
  }

  /** Methods with a default, too: none of them is asked for where a caller would know its owner. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.util.Optional<dev.emergence.spec.Guess> guess(int copies)",
        "void rules(dev.emergence.spec.Parts parts)"
      })
  void a_method_that_throws_is_named_with_its_class(String method) throws Exception {
    String good = "Prediction predicts() {";
    Path jar =
        broken(
            "CopyToken",
            good,
            "Prediction predicts() { return shape(); } public "
                + method
                + " { throw new IllegalStateException(\"not this one\"); } private Prediction"
                + " shape() {");
    Answer answer =
        emergence("validate", "tests/plugin/copy-token.yaml", "--plugin", jar.toString());
    assertThat(answer.code()).as(answer.text()).isEqualTo(7);
    assertThat(answer.text().strip())
        .isEqualTo(
            "emergence: the plug-in org.example.copytoken.CopyToken (broken.jar) failed in "
                + method.replaceAll("\\(.*", "").replaceAll(".* ", "")
                + ": java.lang.IllegalStateException: not this one");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CopyTokenTask | SequenceOut out) { | CopyTokenTask$Copies | draw",
        "Likelihood | String testSet) { | Likelihood | columns"
      })
  void what_throws_in_a_run_is_named_as_well(String file, String good, String owner, String method)
      throws Exception {
    Answer run = runBroken(broken(file, good), temp.resolve("failing-" + method));
    assertThat(run.code()).as(run.text()).isIn(4, 7);
    assertThat(run.text())
        .contains(
            "the plug-in org.example.copytoken."
                + owner
                + " (broken.jar) failed in "
                + method
                + ": java.lang.IllegalStateException: not this one")
        .doesNotContain("This is a bug");
  }

  /** Neither declares anything: generics, Kotlin and Scala hide a checked exception. */
  @ParameterizedTest
  @ValueSource(strings = {"NoSuchMethodError", "java.io.IOException"})
  void errors_and_checked_exceptions_fail_a_run_by_name_too(String type) throws Exception {
    String draw = "public void draw(RandomStream stream, int step, int n, SequenceOut out) {";
    String thrown =
        " if (step > 3) { Copies.<RuntimeException>thrown(new %s(\"gone\")); }"
            + " drawn(stream, step, n, out); } static <X extends Throwable> void thrown(Throwable t)"
            + " throws X { throw (X) t; } ";
    Path jar =
        broken(
            "CopyTokenTask",
            draw,
            draw + thrown.formatted(type) + draw.replace("public void draw", "private void drawn"));
    Answer run = runBroken(jar, temp.resolve("failing-" + type));
    assertThat(run.code()).as(run.text()).isEqualTo(4);
    assertThat(run.text())
        .contains("org.example.copytoken.CopyTokenTask$Copies (broken.jar) failed in draw: ")
        .contains(type + ": gone")
        .doesNotContain("died");
  }

  @Test
  void a_target_that_is_not_written_fails_the_run() throws Exception {
    String target = "out.target(0, lane.bounded(place, spec.vocabulary()));";
    Answer run = runBroken(broken("CopyTokenTask", target, ""), temp.resolve("unwritten"));
    assertThat(run.code()).as(run.text()).isEqualTo(4);
    assertThat(run.text())
        .contains("failed in draw: java.lang.IllegalStateException: the target of scored position");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CopyToken | \"copy_token\" | \"linear_map\" | its kind is called linear_map, as"
            + " dev.emergence.spec.LinearMap is",
        "CopyTokenTask | return CopyToken.class; | return null; | failed in spec: ",
        "Likelihood | + \".likelihood\") : | + \".loss\") : | it measures test.loss, which is"
            + " measured already",
        "CopyToken | int length, | int length, float extra, | extra has no @Key",
        "CopyToken | symbol = \"V\" | symbol = \"p\" | org.example.copytoken.CopyToken: the symbol p of"
            + " vocabulary stands for repetition.cross_sample in files on every task",
        "CopyToken | return Prediction | if (true) return null; return Prediction | failed in"
            + " predicts: ",
      })
  void what_a_plugin_must_not_be_is_told_in_one_line(
      String file, String good, String bad, String message) throws Exception {
    Path jar = broken(file, good, bad);
    Answer answer =
        emergence("validate", "tests/plugin/copy-token.yaml", "--plugin", jar.toString());
    assertThat(answer.code()).as(answer.text()).isEqualTo(7);
    assertThat(answer.text().strip())
        .startsWith("emergence: the plug-in org.example.copytoken." + file)
        .contains("(broken.jar)")
        .contains(message)
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({"Double.NaN, NaN", "1 / 0.0, Infinity"})
  void a_number_that_is_none_fails_the_run_by_column_and_step(String value, String told)
      throws Exception {
    Path jar = broken("Likelihood", "Math.exp(-losses[i])", value);
    Path results = temp.resolve("measured-" + told);
    Answer run = runBroken(jar, results);
    assertThat(run.code()).as(run.text()).isEqualTo(4);
    assertThat(run.text())
        .contains(
            "the plug-in org.example.copytoken.Likelihood (broken.jar) gave "
                + told
                + " for test.likelihood at step 0, where the losses are finite");
    assertThat(results.resolve("report.html")).content().contains("gave " + told + " for");
  }

  /** Its numbers would be taken for losses. */
  @Test
  void a_measure_that_adds_to_another_s_column_fails_the_run() throws Exception {
    Path jar =
        broken(
            "Likelihood",
            "int column = means.at(place.testSet() + \".likelihood\")",
            "int column = means.at(place.testSet() + \".loss\")");
    Answer run = runBroken(jar, temp.resolve("of-another"));
    assertThat(run.code()).as(run.text()).isEqualTo(4);
    assertThat(run.text())
        .contains("org.example.copytoken.Likelihood (broken.jar) failed in ")
        .contains("test.loss is a column of another measure");
  }

  /** What it does not add is not there, which is no fault. */
  @Test
  void a_measure_may_have_no_number() throws Exception {
    Path jar = broken("Likelihood", "< used)", "< used - used)");
    Answer run = runBroken(jar, temp.resolve("unmeasured"));
    assertThat(run.code()).as(run.text()).isZero();
  }

  @Test
  void finished_runs_of_another_jar_are_named_and_a_folder_asks_for_its_jar() throws Exception {
    Path results = temp.resolve("of-two-jars");
    Path first = broken("CopyTokenTask", "\"any token\"", "\"any\"");
    Answer run = runBroken(first, results);
    assertThat(run.code()).as(run.text()).isZero();
    assertThat(run.text()).doesNotContain("warning");
    assertThat(runBroken(first, results).text()).doesNotContain("warning");
    Answer again = runBroken(broken("CopyTokenTask", "\"any token\"", "\"some\""), results);
    assertThat(again.text())
        .containsPattern(
            "warning: 2 finished runs of \\S+ used the plug-in broken.jar [0-9a-f]{12}; this is"
                + " broken.jar [0-9a-f]{12}. If its data differ, name another folder with --out");
    assertThat(emergence("fit", results.toString()).text())
        .contains("kind is unknown: copy_token; if it is a plug-in's, name its jar with --plugin");
  }

  @Test
  void two_versions_of_a_jar_are_refused() throws Exception {
    Path other = Files.copy(jar, temp.resolve("older.jar"));
    Answer answer =
        withPlugin("validate", "tests/plugin/copy-token.yaml", "--plugin", other.toString());
    assertThat(answer.code()).as(answer.text()).isEqualTo(7);
    assertThat(answer.text().strip())
        .isEqualTo(
            "emergence: the plug-in org.example.copytoken.CopyTokenTask is in two places, of which"
                + " one must go: "
                + other
                + " and "
                + jar);
  }

  @Test
  void what_a_record_refuses_is_told_of_the_line_of_the_file() throws Exception {
    String body = "implements TaskSpec {";
    Path jar =
        broken(
            "CopyToken",
            body,
            body
                + " public CopyToken { if (length == vocabulary) { throw new"
                + " IllegalArgumentException(\"length is vocabulary\"); } }");
    Answer answer =
        emergence("validate", "tests/plugin/copy-token.yaml", "--plugin", jar.toString());
    assertThat(answer.code()).as(answer.text()).isEqualTo(3);
    assertThat(answer.text())
        .contains("copy-token.yaml:4:1: error E140: task: length is vocabulary");
  }

  @Test
  void a_jar_without_the_class_that_it_names_is_told_in_one_line() throws Exception {
    Path empty = temp.resolve("empty.jar");
    pack(PROJECT.resolve("resources"), empty);
    Answer answer =
        emergence("validate", "tests/plugin/copy-token.yaml", "--plugin", empty.toString());
    assertThat(answer.code()).as(answer.text()).isEqualTo(7);
    assertThat(answer.text().strip())
        .startsWith("emergence: a plug-in cannot be loaded: ")
        .hasLineCount(1);
  }

  private static void compile(Path sources, Path to, String classPath) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> all = Files.walk(sources)) {
      List<Path> java = all.filter(p -> p.toString().endsWith(".java")).toList();
      List<String> options =
          List.of("-cp", classPath, "-d", to.toString(), "-proc:none", "-parameters");
      assertThat(
              compiler
                  .getTask(
                      messages, files, null, options, null, files.getJavaFileObjectsFromPaths(java))
                  .call())
          .as(messages.toString())
          .isTrue();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, entries);
        entries.closeEntry();
      }
    }
  }

  /** What a process of the command line printed, and its exit code. */
  private record Answer(int code, String text) {}

  private static Answer emergence(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("dev.emergence.cli.Main"));
    command.addAll(Arrays.asList(arguments));
    return java(System.getProperty("java.class.path"), command);
  }

  private static Answer java(String classPath, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    process.getInputStream().transferTo(printed);
    return new Answer(process.waitFor(), printed.toString(StandardCharsets.UTF_8));
  }

  private static Answer withPlugin(String... arguments) throws Exception {
    return emergence(
        Stream.concat(Stream.of(arguments), Stream.of("--plugin", jar.toString()))
            .toArray(String[]::new));
  }

  @Test
  void a_file_runs_from_its_record_to_the_report() throws Exception {
    Path results = temp.resolve("results");
    Answer run =
        withPlugin(
            "run", "tests/plugin/copy-token.yaml", "--out", results.toString(), "--device", "cpu");
    assertThat(run.code()).as(run.text()).isZero();
    assertThat(results.resolve("report.html")).content().contains("copy_token");
    assertThat(results.resolve("tables/runs.csv")).content().contains("reached").contains("length");
    assertThat(results.resolve("tables/curves.csv")).content().contains("test.likelihood");
  }

  @Test
  void schema_symbols_and_reference_know_the_kind() throws Exception {
    assertThat(withPlugin("schema").text()).contains("\"copy_token\"").contains("\"vocabulary\"");
    assertThat(withPlugin("schema", "--markdown").text())
        .contains("## `task`, kind `copy_token`")
        .contains("Size of the vocabulary. Symbol `V`.");
    assertThat(withPlugin("symbols").text()).contains("copy_token");
    assertThat(withPlugin("validate", "tests/plugin/copy-token.yaml").text()).contains("valid");
    assertThat(
            withPlugin("plan", "tests/plugin/copy-token.yaml", "--explain", "task.vocabulary")
                .text())
        .contains("4");
  }

  @Test
  void errors_speak_of_its_keys_and_a_file_without_the_jar_is_refused() throws Exception {
    Path file = temp.resolve("wrong.yaml");
    String text = Files.readString(PROJECT.resolve("copy-token.yaml"));
    Files.writeString(file, text.replace("vocabulary: 4", "vocabluary: 4"));
    assertThat(withPlugin("validate", file.toString()).text())
        .contains("E102")
        .contains("unknown key 'vocabluary' in task (kind: copy_token)")
        .contains("did you mean 'vocabulary'?");
    Files.writeString(file, text.replace("vocabulary: 4", "vocabulary: 1"));
    assertThat(withPlugin("validate", file.toString()).text())
        .contains("task.vocabulary must be an integer from 2 to 65536, got 1");
    Files.writeString(file, text + "repetition: {in_context: 2}\n");
    assertThat(withPlugin("validate", file.toString()).text())
        .contains("the data of copy_token do not repeat");
    Answer without = emergence("validate", "tests/plugin/copy-token.yaml");
    assertThat(without.code()).isEqualTo(3);
    assertThat(without.text())
        .contains("copy_token")
        .contains("a task of your own needs its jar: --plugin JAR");
    Answer other = emergence("validate", "x.yaml", "--plugin", "pom.xml");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.text()).contains("the plug-in pom.xml is no jar");
    Path unnamed = Files.createDirectory(temp.resolve("unnamed"));
    Answer nothing = emergence("validate", "x.yaml", "--plugin", unnamed.toString());
    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.text())
        .contains("no class is named by --plugin " + unnamed)
        .contains("META-INF/services/dev.emergence.spec.Extension");
    Answer missing = emergence("validate", "x.yaml", "--plugin", "nowhere.jar");
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.text()).contains("the plug-in nowhere.jar cannot be read");
  }

  @Test
  void the_class_path_serves_as_well_as_the_option() throws Exception {
    Answer valid =
        java(
            jar + File.pathSeparator + System.getProperty("java.class.path"),
            List.of("dev.emergence.cli.Main", "validate", "tests/plugin/copy-token.yaml"));
    assertThat(valid.code()).as(valid.text()).isZero();
  }

  @Test
  void the_module_path_serves_as_well_as_the_class_path() throws Exception {
    Path ours = temp.resolve("emergence.jar");
    pack(Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI()), ours);
    String needed =
        "javacpp|jackson|snakeyaml|picocli|hipparchus|pdfbox|fontbox|commons-logging|apiguardian|uplot";
    String jars =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(path -> path.matches(".*(" + needed + ")[^/]*\\.jar"))
            .collect(Collectors.joining(File.pathSeparator));
    Path results = temp.resolve("of-modules");
    List<String> command =
        List.of(
            "--module-path",
            ours + File.pathSeparator + jars,
            "--add-modules",
            "ALL-MODULE-PATH",
            "--module",
            "emergence/dev.emergence.cli.Main",
            "run",
            "tests/plugin/copy-token.yaml",
            "--in-process",
            "--device=cpu",
            "--out=" + results,
            "--plugin=" + jar);
    Answer run = java("", command);
    assertThat(run.code()).as(run.text()).isZero();
    assertThat(results.resolve("report.html")).content().contains("uPlot");
  }

  @Test
  void its_tests_pass_with_the_published_kit() throws Exception {
    Path classes = temp.resolve("test-classes");
    String classPath = jar + File.pathSeparator + kit() + File.pathSeparator + withoutOurTests();
    compile(PROJECT.resolve("tests"), classes, classPath);
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {classes.toUri().toURL(), jar.toUri().toURL()},
            getClass().getClassLoader())) {
      Class<?> tests = loader.loadClass("org.example.copytoken.CopyTokenTaskTest");
      LauncherFactory.create()
          .execute(
              LauncherDiscoveryRequestBuilder.request()
                  .selectors(DiscoverySelectors.selectClass(tests))
                  .build(),
              listener);
    }
    StringWriter failures = new StringWriter();
    listener.getSummary().printFailuresTo(new PrintWriter(failures));
    assertThat(failures.toString()).isEmpty();
    assertThat(listener.getSummary().getTestsSucceededCount()).isEqualTo(7);
  }

  /** The classes that the pom packs as the kit, by the same patterns. */
  private static Path kit() throws IOException {
    Path kit = temp.resolve("kit");
    Path tests =
        Path.of(PluginTest.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    List<String> patterns =
        Files.readAllLines(Path.of("pom.xml")).stream()
            .map(String::strip)
            .filter(
                line ->
                    line.startsWith("<include>dev/emergence/") && line.endsWith(".class</include>"))
            .map(line -> line.replaceAll("</?include>", ""))
            .toList();
    assertThat(patterns).isNotEmpty();
    var matchers =
        patterns.stream().map(p -> tests.getFileSystem().getPathMatcher("glob:" + p)).toList();
    try (Stream<Path> all = Files.walk(tests)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path inside = tests.relativize(file);
        if (matchers.stream().anyMatch(m -> m.matches(inside))) {
          Path target = kit.resolve(inside.toString());
          Files.createDirectories(target.getParent());
          Files.copy(file, target);
        }
      }
    }
    return kit;
  }

  private static String withoutOurTests() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
