package dev.emergence.execute.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Plan;
import dev.emergence.plan.Yaml;
import org.junit.jupiter.api.Test;

/** How much memory workers get. */
class LauncherTest {
  private static final Plan SMALL = Yaml.plan(Yaml.TINY);
  private static final long ALL = Runtime.getRuntime().maxMemory();

  private static long heapBytes(Plan plan, int processes) {
    return Launcher.usual("cpu", 1).launcher(plan.runs(), processes).heapMiB() << 20;
  }

  @Test
  void workers_share_the_memory_that_the_command_may_take() {
    assertThat(heapBytes(SMALL, 1)).isEqualTo(ALL >> 20 << 20);
    assertThat(heapBytes(SMALL, 2)).isEqualTo(ALL / 2 >> 20 << 20);
  }

  @Test
  void a_small_share_leaves_what_java_needs() {
    assertThat(heapBytes(SMALL, 1000)).isEqualTo(256L << 20);
  }

  @Test
  void a_worker_gets_what_the_checkpoints_of_its_largest_run_need() {
    Plan large = Yaml.plan(Yaml.TINY, "architecture.embedding_dim=2400");
    long checkpoint = large.runs().get(0).cost().checkpointBytes();
    assertThat(checkpoint).isGreaterThan(100L << 20);
    assertThat(heapBytes(large, 1000))
        .isBetween(3 * checkpoint + (127L << 20), 4 * checkpoint + (129L << 20));
  }
}
