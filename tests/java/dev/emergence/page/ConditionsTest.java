package dev.emergence.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.expr.Criterion;
import dev.emergence.spec.expr.ExpressionError;
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
