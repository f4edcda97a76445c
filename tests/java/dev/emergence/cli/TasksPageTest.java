package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.page.ReferenceWriter;
import dev.emergence.spec.Kind;
import dev.emergence.spec.Kinds;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.expr.Names;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of {@code explain tasks} names every task and every level, and no others. */
class TasksPageTest {
  private static final List<String> LINES = Topic.TASKS.page().lines().toList();

  private static List<String> firstColumn(String head) {
    return LINES.stream()
        .dropWhile(line -> !line.startsWith("| " + head + " |"))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.split("\\|")[1])
        .flatMap(cell -> Arrays.stream(cell.split("[^a-z0-9_`]+")))
        .filter(word -> word.startsWith("`"))
        .map(word -> word.replace("`", ""))
        .toList();
  }

  @Test
  void it_has_all_tasks() {
    List<String> known =
        Arrays.stream(TaskSpec.class.getAnnotation(Kinds.class).value())
            .map(kind -> kind.getAnnotation(Kind.class).value())
            .toList();
    assertThat(firstColumn("kind")).containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void it_has_all_levels() {
    List<String> levels = firstColumn("level");
    assertThat(levels).containsAll(Names.LEVELS).allMatch(Names::isLevel).doesNotHaveDuplicates();
  }

  @Test
  void the_reference_page_has_all_levels_too() {
    assertThat(
            ReferenceWriter.write()
                .lines()
                .filter(line -> line.startsWith("| `levels` |"))
                .toList())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line.split("[^a-z_0-9]+")).containsAll(Names.LEVELS));
  }
}
