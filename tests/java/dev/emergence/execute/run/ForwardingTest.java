package dev.emergence.execute.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Claims;
import dev.emergence.result.Disk;
import dev.emergence.result.ProcessIdentity;
import dev.emergence.result.ResultsFolder;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who stands between the work and its listener hands every event on. */
class ForwardingTest {
  private static final PlannedRun RUN = Yaml.plan(Yaml.TINY).runs().get(0);

  @TempDir private Path temp;
  private final List<String> heard = new ArrayList<>();

  private Progress between(String who, Progress to) {
    return switch (who) {
      case "counting" -> new Counting(to);
      case "guarded" -> new Guarded(to, Interrupt.onRequest());
      default ->
          new Moving(
              to, new Claims(ResultsFolder.open(temp, Disk.local()), ProcessIdentity.current()));
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"counting", "guarded", "moving"})
  void every_event_is_heard(String who) throws Exception {
    Progress listener =
        (Progress)
            Proxy.newProxyInstance(
                Progress.class.getClassLoader(),
                new Class<?>[] {Progress.class},
                (proxy, method, arguments) -> {
                  heard.add(method.getName());
                  return null;
                });
    Progress between = between(who, listener);
    List<String> told = new ArrayList<>();
    for (Method event : Progress.class.getMethods()) {
      if (!Modifier.isStatic(event.getModifiers())) {
        event.invoke(between, Arrays.stream(event.getParameterTypes()).map(this::any).toArray());
        told.add(event.getName());
      }
    }
    assertThat(told).contains("open", "begun", "started", "ended");
    assertThat(heard).isEqualTo(told);
  }

  private Object any(Class<?> type) {
    if (type == double.class) {
      return 3.0;
    } else if (type == int.class) {
      return 2;
    } else if (type == String.class) {
      return "word";
    } else if (type == List.class) {
      return List.of();
    } else if (type == Map.class) {
      return Map.of();
    }
    return type == PlannedRun.class ? RUN : null;
  }
}
