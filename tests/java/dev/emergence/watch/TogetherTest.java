package dev.emergence.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.emergence.analysis.Analysis;
import dev.emergence.page.Folders;
import dev.emergence.page.RunView;
import dev.emergence.page.Snapshot;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Yaml;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TogetherTest {
  /** A folder whose looks a test decides. */
  private static final class Scripted implements Shown {
    private final Map<String, Object> snapshot;
    private Map<String, Object> patch = Map.of();
    private boolean unreadable;

    Scripted() {
      Plan plan = Yaml.plan(Folders.PLANE);
      Optional<Analysis> none = Optional.empty();
      snapshot = new LinkedHashMap<>(new Snapshot(plan).tree(List.of(), none, true, 1, "then"));
    }

    void change(String note) {
      snapshot.put("notes", List.of(note));
      patch = Map.of("notes", List.of(note));
    }

    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public Map<String, Object> look() {
      if (unreadable) {
        throw new IllegalStateException("cannot be read now");
      }
      Map<String, Object> now = patch;
      patch = Map.of();
      return now;
    }

    @Override
    public Map<String, Object> snapshot() {
      return snapshot;
    }

    @Override
    public List<RunView> runs() {
      return List.of();
    }

    @Override
    public Optional<Map<String, Object>> details(String key) {
      return Optional.empty();
    }

    @Override
    public Optional<Map<String, Object>> film(String key) {
      return Optional.empty();
    }
  }

  @Test
  void a_change_is_shown_also_when_another_folder_could_not_be_read_meanwhile() {
    Scripted a = new Scripted();
    Scripted b = new Scripted();
    Together both = new Together(List.of("a", "b"), List.of(a, b));
    both.look();
    assertThat(both.look()).isEmpty();
    a.change("more runs");
    b.unreadable = true;
    assertThatIllegalStateException().isThrownBy(both::look);
    b.unreadable = false;
    assertThat(both.look()).containsEntry("notes", List.of("a: more runs"));
    assertThat(both.look()).isEmpty();
  }
}
