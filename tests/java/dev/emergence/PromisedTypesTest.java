package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apiguardian.api.API;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which types the library promises. MAINTAINED: what works with one version works with the next of
 * the same first two numbers. EXPERIMENTAL: meant for others, but it may still change. Everything
 * else is public for our own packages.
 */
class PromisedTypesTest {
  private static final Map<API.Status, Set<String>> PROMISED =
      Map.of(
          API.Status.MAINTAINED,
          names(
              """
              Experiment InvalidExperiment Results RunOptions Spec
              analysis.Analysis analysis.Bounds analysis.Cell analysis.ClaimReport
              analysis.FitReport analysis.Law analysis.Met analysis.Observation analysis.State
              analysis.Summary analysis.Value analysis.Verdict
              dsl.Code dsl.Diagnostic dsl.ReadOptions
              execute.Interrupt execute.Progress execute.Standing execute.Summary
              execute.Unavailable
              fit.Estimate fit.FitOptions fit.FitResult fit.Replicates
              measure.Emergence
              plan.Assignment plan.Cost plan.Demand plan.Plan plan.PlannedRun plan.Run
              result.Curve result.FolderUnusable result.Origin result.Outcome result.StoredRun
              spec.Symbols
              """),
          API.Status.EXPERIMENTAL,
          names(
              """
              task.Attends task.Level task.SequenceOut task.SequenceTask task.TaskKind
              tensor.RandomLane tensor.RandomStream train.Probe
              """));

  /** Records of the language: they grow with it, by components with defaults. */
  private static final String LANGUAGE = "dev.emergence.spec";

  private static List<JavaClass> production;

  @BeforeAll
  static void read() throws Exception {
    Path classes =
        Path.of(Experiment.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    production =
        new ClassFileImporter().importPath(classes.resolve("dev/emergence")).stream().toList();
  }

  private static Set<String> names(String words) {
    return Set.of(words.strip().split("\\s+"));
  }

  /** The first package after the root, which has a row in java/ARCHITECTURE.md, and the type. */
  private static String name(JavaClass c) {
    String below = c.getName().substring("dev.emergence.".length());
    return below.contains(".")
        ? below.substring(0, below.indexOf('.') + 1) + c.getSimpleName()
        : below;
  }

  private static Map<API.Status, Set<String>> annotated() {
    Map<API.Status, Set<String>> found = new TreeMap<>();
    for (JavaClass c : production) {
      if (c.isAnnotatedWith(API.class)) {
        found
            .computeIfAbsent(c.getAnnotationOfType(API.class).status(), s -> new TreeSet<>())
            .add(name(c));
      }
    }
    return found;
  }

  @Test
  void the_promised_types_are_these() {
    assertThat(annotated()).isEqualTo(PROMISED);
  }

  @Test
  void a_promise_mentions_nothing_that_is_not_promised() {
    Set<String> unpromised = new TreeSet<>();
    for (JavaClass c : production) {
      if (isMaintained(c) && c.getModifiers().contains(JavaModifier.PUBLIC)) {
        mentioned(c)
            .filter(m -> !mayBeMentioned(m))
            .forEach(m -> unpromised.add(c.getName() + " mentions " + m.getName()));
      }
    }
    assertThat(unpromised).isEmpty();
  }

  /** A nested type is promised with the one around it. */
  private static boolean isMaintained(JavaClass c) {
    JavaClass outermost = c;
    while (outermost.getEnclosingClass().isPresent()) {
      outermost = outermost.getEnclosingClass().get();
    }
    return outermost.isAnnotatedWith(API.class)
        && outermost.getAnnotationOfType(API.class).status() == API.Status.MAINTAINED;
  }

  private static boolean mayBeMentioned(JavaClass c) {
    JavaClass base = c.getBaseComponentType();
    return !base.getName().startsWith("dev.emergence")
        || base.getPackageName().equals(LANGUAGE)
        || isMaintained(base);
  }

  /** The types in the signatures of public and protected methods and constructors. */
  private static Stream<JavaClass> mentioned(JavaClass c) {
    return c.getCodeUnits().stream()
        .filter(
            unit -> !unit.isAnnotatedWith(API.class)) // internal ones: public for our own packages
        .filter(
            unit ->
                unit.getModifiers().contains(JavaModifier.PUBLIC)
                    || unit.getModifiers().contains(JavaModifier.PROTECTED))
        .flatMap(
            unit ->
                Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream()))
        .map(JavaType::getAllInvolvedRawTypes)
        .flatMap(Set::stream);
  }

  @Test
  void documentation_of_the_first_package_has_every_tag(@TempDir Path temp) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> all = Files.list(Path.of("java/src/dev/emergence"))) {
      List<Path> sources = all.filter(p -> p.toString().endsWith(".java")).toList();
      List<String> options = new ArrayList<>();
      options.addAll(List.of("-proc:none", "-Xdoclint:all/protected", "-Xmaxwarns", "1000"));
      options.addAll(List.of("-d", temp.toString(), "-implicit:none"));
      options.addAll(List.of("-cp", System.getProperty("java.class.path")));
      compiler
          .getTask(null, files, found, options, null, files.getJavaFileObjectsFromPaths(sources))
          .call();
    }
    assertThat(found.getDiagnostics()).extracting(PromisedTypesTest::told).isEmpty();
  }

  private static String told(Diagnostic<? extends JavaFileObject> d) {
    String file = d.getSource() == null ? "" : d.getSource().getName();
    return file + ":" + d.getLineNumber() + ": " + d.getMessage(null);
  }
}
