package dev.emergence;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.Keys;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which package may use which, as the table of packages says; arrows only downwards. */
class ArchitectureTest {
  private static final String ROOT = "dev.emergence";

  private static final Path PAGE = Path.of("java", "ARCHITECTURE.md");

  /**
   * Package to the packages that it may use, as java/ARCHITECTURE.md has them. {@code cli} and the
   * root, experiments from Java, may use all.
   */
  private static final Map<String, Set<String>> MAY_USE = new TreeMap<>();

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([a-z.]+)` \\|[^|]+\\| ([a-z., -]+) \\|$");

  private static String page;

  private static JavaClasses production;

  @BeforeAll
  static void readClasses() throws URISyntaxException, IOException {
    page = Files.readString(PAGE);
    Matcher rows = ROW.matcher(page);
    while (rows.find()) {
      Set<String> used = new TreeSet<>(List.of(rows.group(2).split(", ")));
      used.remove("-");
      MAY_USE.put(rows.group(1), used);
    }
    assertThat(MAY_USE).hasSizeGreaterThan(15);
    Path compiled =
        Path.of(RunConfig.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    production = new ClassFileImporter().importPath(compiled.resolve(ROOT.replace('.', '/')));
    assertThat(production.size()).isGreaterThan(100);
  }

  private static Set<String> packages() {
    return production.stream()
        .map(ArchitectureTest::packageOf)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * The class's package after the root as the table has it: {@code dsl.yaml} has a line of its own,
   * and {@code spec} stands for dev.emergence.spec.expr too.
   */
  private static String packageOf(JavaClass c) {
    String below = c.getPackageName().substring(ROOT.length());
    String full = below.isEmpty() ? "" : below.substring(1);
    return MAY_USE.containsKey(full) ? full : full.split("\\.")[0];
  }

  @Test
  void every_package_is_in_the_table() {
    Set<String> known = new TreeSet<>(MAY_USE.keySet());
    known.addAll(Set.of("cli", ""));
    assertThat(known).containsAll(packages());
  }

  @Test
  void the_page_names_packages_and_types_that_there_are() {
    assertThat(packages()).containsAll(MAY_USE.keySet());
    Set<String> known =
        production.stream()
            .map(c -> c.getFullName().substring(ROOT.length() + 1))
            .collect(Collectors.toSet());
    Matcher named = Pattern.compile("`((?:[a-z]+\\.)+[A-Z][A-Za-z]+)`").matcher(page);
    Set<String> types = new TreeSet<>();
    while (named.find()) {
      types.add(named.group(1));
    }
    assertThat(types).hasSizeGreaterThan(30);
    assertThat(known).as("types named in %s", PAGE).containsAll(types);
  }

  @Test
  void packages_use_only_what_the_table_allows() {
    for (String name : packages()) {
      if (!MAY_USE.containsKey(name)) {
        continue;
      }
      classes()
          .that(describe("reside in " + name, (JavaClass c) -> packageOf(c).equals(name)))
          .should()
          .onlyDependOnClassesThat(
              describe(
                  "reside in "
                      + name
                      + ", in "
                      + new TreeSet<>(MAY_USE.get(name))
                      + " or outside of the project",
                  (JavaClass c) ->
                      !c.getPackageName().startsWith(ROOT)
                          || packageOf(c).equals(name)
                          || MAY_USE.get(name).contains(packageOf(c))))
          .check(production);
    }
  }

  @Test
  void packages_form_no_cycle() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(production);
    slices().matching(ROOT + ".(dsl..)").should().beFreeOfCycles().check(production);
    slices().matching(ROOT + ".(execute..)").should().beFreeOfCycles().check(production);
  }

  @Test
  void only_backend_uses_the_native_binding() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".backend..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco..")
        .check(production);
  }

  @Test
  void only_dsl_uses_the_yaml_library() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".dsl..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.snakeyaml..", "tools.jackson.dataformat.yaml..")
        .check(production);
  }

  @Test
  void production_code_uses_no_test_library_and_no_kotlin() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("kotlin..", "org.junit..", "net.jqwik..", "org.assertj..")
        .check(production);
  }

  /**
   * What is to be known of a task or an architecture is asked of it: a test on one kind elsewhere
   * would forget the next.
   */
  @Test
  void kinds_are_told_apart_only_where_they_live() {
    Set<String> homes = Set.of("spec", "task", "model", "theory");
    for (Class<?> union : List.of(TaskSpec.class, ArchitectureSpec.class)) {
      for (Class<?> kind : Keys.kinds(union).values()) {
        noClasses()
            .that(describe("reside outside of " + homes, c -> !homes.contains(packageOf(c))))
            .should()
            .dependOnClassesThat(
                describe(
                    "are " + kind.getSimpleName(),
                    (JavaClass c) -> c.getFullName().equals(kind.getName())))
            .check(production);
      }
    }
  }
}
