package dev.emergence.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.spec.expr.Criterion;
import dev.emergence.spec.expr.ExpressionError;
import dev.emergence.spec.expr.Symbols;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's filter and {@code --where} read the same conditions alike: one table for both. */
class ConditionsTest {
  private static final Path TABLE = Path.of("tests", "resources", "page", "conditions.txt");

  private static final Set<String> NAMES = Set.of("d", "T", "task.dim", "task.sequence_length");

  private static Map<String, String> table() throws IOException {
    Map<String, String> out = new LinkedHashMap<>();
    for (String line : Files.readAllLines(TABLE)) {
      if (!line.startsWith("#")) {
        String[] parts = line.split(" -> ");
        out.put(parts[0], parts[1]);
      }
    }
    return out;
  }

  private static String left(String condition) {
    List<String> out = new ArrayList<>();
    try {
      Criterion criterion = Criterion.parse(condition, NAMES::contains);
      if (!NAMES.containsAll(criterion.names())) {
        return "error";
      }
      for (long d : new long[] {16, 32, 64}) {
        for (long t : new long[] {64, 128}) {
          if (criterion.holds(
              name -> Optional.of(Set.of("d", "task.dim").contains(name) ? d : t))) {
            out.add(d + "/" + t);
          }
        }
      }
      return String.join(" ", out);
    } catch (ExpressionError | Criterion.NoAnswer e) {
      return "error";
    }
  }

  @Test
  void the_command_line_reads_them_so() throws Exception {
    assertThat(table()).hasSizeGreaterThan(25);
    table().forEach((condition, runs) -> assertThat(left(condition)).as(condition).isEqualTo(runs));
  }

  /** Names of what is not swept: of the base, or set by a sweep for all of its conditions. */
  @Test
  void the_page_knows_the_names_that_the_command_line_knows(@TempDir Path root) throws Exception {
    Browser.get();
    String yaml =
        Folders.PLANE.replace(
            "sweeps:\n",
            "symbols: {wide: task.dim}\nsweeps:\n  sizes: {set: {training.max_steps: 90},"
                + " grid: {training.batch_size: [4, 8]}}\n");
    Plan plan = Folders.mixed(root, yaml);
    Folders.report(root, plan);
    Browser.open(root.resolve("report.html").toUri().toString());
    Symbols symbols = Symbols.of("linear_regression", plan.experiment().symbols());
    for (String condition :
        List.of(
            "max_steps == 90",
            "training.max_steps > 90 and wide < 64",
            "B == 8 or T == 128",
            "d == 16",
            "learning_rate < 1",
            "training.optimizer.kind == adam",
            "task.kind != linear_regression",
            "relevant_feature")) {
      Criterion criterion = Criterion.parse(condition, symbols::has);
      for (String sweep : List.of("sizes", "plane")) {
        long expected = 0;
        for (Assignment a : plan.assignments(sweep)) {
          expected += criterion.holds(name -> value(name, a, symbols)) ? 1 : 0;
        }
        Object left =
            Browser.script(
                "em.view.sweep = arguments[0]; em.view.filter = arguments[1];"
                    + " em.changed('filter'); return em.filterError || em.shown().length",
                sweep,
                condition);
        assertThat(left).as("%s of %s", condition, sweep).isEqualTo(expected);
      }
    }
  }

  private static Optional<Object> value(String name, Assignment a, Symbols symbols) {
    return symbols
        .value(name, a.condition().config())
        .or(() -> Optional.of(name.equals(Symbols.SEED) ? (long) a.seed() : ""));
  }

  @Test
  void the_page_reads_them_so(@TempDir Path root) throws Exception {
    Browser.get();
    Folders.report(root, Folders.mixed(root, Folders.PLANE));
    Browser.open(root.resolve("report.html").toUri().toString());
    for (Map.Entry<String, String> entry : table().entrySet()) {
      Object left =
          Browser.script(
              "try { const test = em.parseFilter(arguments[0], em.filterWords());"
                  + " return [...new Set(em.placed().filter(test).map(p =>"
                  + " p.values['task.dim'] + '/' + p.values['task.sequence_length']))].join(' ');"
                  + " } catch (e) { return 'error'; }",
              entry.getKey());
      assertThat(left).as(entry.getKey()).isEqualTo(entry.getValue());
    }
  }
}
