package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.Reading;
import dev.emergence.dsl.SpecReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is read, compiled and run. */
class ReadmeTest {
  @TempDir Path temp;

  @Test
  void the_figures_of_a_paper_can_be_drawn_by_a_file() throws Exception {
    String yaml =
        """
        dsl: 1
        name: paper
        task: {kind: linear_regression, dim: 4, sequence_length: 8}
        measurement: {thresholds: {plateau: {metric: test.loss, below: 0.1}}}
        sweeps:
          plane: {grid: {task.dim: [4, 8], task.sequence_length: [8, 16]}}
          optimizers: {variants: {adam: {training: {optimizer: adam}}, sgd: {training: {optimizer: sgd}}}}
        fits: {emergence_law: {data: plane, formula: "T_plateau = C * d^alpha * T^beta"}}
        """;
    Reading reading =
        SpecReader.read("README.md", yaml + String.join("\n", blocks("yml")), ReadOptions.none());
    assertThat(reading.isValid()).as(reading.toText()).isTrue();
  }

  @Test
  void the_first_file_explained_line_by_line_is_a_valid_experiment() throws Exception {
    String yaml = String.join("\n", blocks("yaml"));
    Reading reading = SpecReader.read("README.md", yaml, ReadOptions.none());
    assertThat(reading.isValid()).as(reading.toText()).isTrue();
  }

  @Test
  void the_first_file_says_what_the_quickstart_says() throws Exception {
    Experiment readme = Experiment.parse(String.join("\n", blocks("yaml")));
    Experiment quickstart = Experiment.load(Path.of("dsl-examples/quickstart.yaml"));
    assertThat(readme.spec().sweeps().get("plane").axes())
        .isEqualTo(quickstart.spec().sweeps().get("plane").axes());
    assertThat(readme.spec().base().training()).isEqualTo(quickstart.spec().base().training());
    assertThat(readme.spec().base().task()).isEqualTo(quickstart.spec().base().task());
  }

  @Test
  void the_java_example_compiles_and_prints_its_law() throws Exception {
    String body = blocks("java").get(0);
    assertThat(body).contains("results/fig1");
    Path source = temp.resolve("Example.java");
    Files.writeString(
        source, program(body.replace("results/fig1", temp.resolve("results").toString())));
    compile(source);
    String printed = run();
    assertThat(printed)
        .containsPattern("T_plateau ~ d\\^0\\.49\\d T\\^0\\.99\\d, R2 = 0\\.999\\d\\d");
    assertThat(temp.resolve("results/report.html")).isNotEmptyFile();
  }

  @Test
  void the_experiment_without_a_file_compiles_and_tells_its_rows() throws Exception {
    String body = blocks("java").get(1);
    assertThat(body).contains("results/tokens");
    Path source = temp.resolve("Example.java");
    Files.writeString(
        source, program(body.replace("results/tokens", temp.resolve("tokens").toString())));
    compile(source);
    assertThat(run())
        .containsPattern("(?m)^[0-9a-f]{16} step 0\\.0: \\d")
        .containsPattern("(?m)^[1-9]\\d*\\.\\d+$");
  }

  @Test
  void the_task_of_ones_own_is_the_plug_in_project_that_its_test_builds() throws Exception {
    String section = Files.readString(Path.of("README.md")).split("\n## Adding a task\n")[1];
    List<String> shown =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(section)
            .results()
            .map(m -> m.group(1))
            .toList();
    StringBuilder sources = new StringBuilder();
    try (Stream<Path> files = Files.walk(Path.of("tests/plugin"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        sources.append(Files.readString(file));
      }
    }
    assertThat(shown).hasSize(3).allSatisfy(block -> assertThat(sources).contains(block));
    assertThat(section).contains("META-INF/services/dev.emergence.spec.Extension");
    assertThat(Path.of("tests/plugin/resources/META-INF/services/dev.emergence.spec.Extension"))
        .content()
        .isEqualToIgnoringNewLines("org.example.copytoken.CopyTokenTask");
  }

  private static String program(String body) {
    return """
        import dev.emergence.*;
        import dev.emergence.analysis.Cell;
        import dev.emergence.execute.run.Interrupt;
        import dev.emergence.execute.run.Progress;
        import dev.emergence.fit.FitResult;
        import dev.emergence.plan.PlannedRun;
        import java.nio.file.Path;
        import java.util.Locale;
        import java.util.Map;

        public class Example {
          public static void main(String[] args) throws Exception {
        %s
          }
        }
        """
        .formatted(body);
  }

  private void compile(Path source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of("-cp", System.getProperty("java.class.path"), "-d", temp.toString());
    var files = compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source);
    assertThat(compiler.getTask(messages, null, null, options, null, files).call())
        .as(messages.toString())
        .isTrue();
  }

  private String run() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {temp.toUri().toURL()}, getClass().getClassLoader())) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader
          .loadClass("Example")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  /** The fenced blocks of a language, in order. */
  private static List<String> blocks(String language) throws Exception {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("README.md")));
    return block.results().map(m -> m.group(1)).collect(Collectors.toList());
  }
}
