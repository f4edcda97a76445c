package dev.emergence.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.execute.device.Engine;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Progress;
import dev.emergence.execute.run.Summary;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.result.Disk;
import dev.emergence.result.DiskFull;
import dev.emergence.result.FaultyDisk;
import dev.emergence.result.FolderUnusable;
import dev.emergence.result.Origin;
import dev.emergence.result.ProcessIdentity;
import dev.emergence.result.QuickDisk;
import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A sweep of three runs with checkpoints, on which each single change of the file system goes wrong
 * in turn.
 */
class FaultTest {
  private static final Plan PLAN =
      Yaml.plan(
              Yaml.TINY,
              "execution.checkpoint_every=0s",
              "training.max_steps=20",
              "measurement.attention.pictures_at=[last]")
          .only(a -> a.seed() == 3);
  private static final Engine ENGINE =
      new Engine(ReferenceBackend::new, (backend, runs) -> new FakeTraining(runs), 1);

  /** A process of this machine that is gone. */
  private static final ProcessIdentity DEAD = dead();

  @TempDir Path temp;

  private static ProcessIdentity dead() {
    ProcessIdentity me = ProcessIdentity.current();
    return new ProcessIdentity(me.machine(), me.boot(), me.pid(), "another start", "", "");
  }

  private static Summary run(Path folder, Disk disk, ProcessIdentity me) throws IOException {
    ResultsFolder results = ResultsFolder.open(folder, disk);
    results.writePlan(PLAN, Origin.of("tiny.yaml", Yaml.TINY));
    return new Execution(ENGINE, 1, Interrupt.onRequest(), Progress.SILENT, me).run(PLAN, results);
  }

  private static Map<String, String> curves(Path folder) throws IOException {
    Map<String, String> out = new TreeMap<>();
    ResultsFolder results = ResultsFolder.read(folder);
    for (PlannedRun run : PLAN.runs()) {
      out.put(run.id(), Files.readString(results.run(run.id()).path().resolve("curve.jsonl")));
    }
    return out;
  }

  @ParameterizedTest
  @EnumSource
  void after_a_fault_at_any_change_the_next_start_gives_the_same(FaultyDisk.Fault fault)
      throws Exception {
    FaultyDisk sound = new FaultyDisk(0, fault);
    assertThat(run(temp.resolve("sound"), sound, DEAD).isComplete()).isTrue();
    Map<String, String> expected = curves(temp.resolve("sound"));
    assertThat(sound.changes()).isGreaterThan(60);
    List<Long> all = LongStream.rangeClosed(1, sound.changes()).boxed().toList();
    for (long at : fault == FaultyDisk.Fault.CRASH_BEFORE ? all : sound.writes()) {
      Path folder = temp.resolve("at-" + at);
      String what = fault + " at change " + at + " of " + sound.changes();
      boolean failed = fails(folder, new FaultyDisk(at, fault));
      assertThat(failed).as(what).isTrue();
      Summary second = run(folder, new QuickDisk(), ProcessIdentity.current());
      assertThat(second.isComplete()).as(what).isTrue();
      assertThat(curves(folder)).as(what).isEqualTo(expected);
      for (PlannedRun run : PLAN.runs()) {
        ResultsFolder.read(folder).run(run.id()).verify();
      }
      assertThat(leftovers(folder)).as(what).isEmpty();
    }
  }

  private static boolean fails(Path folder, Disk disk) {
    try {
      run(folder, disk, DEAD);
      return false;
    } catch (FaultyDisk.Crash | IOException | FolderUnusable e) {
      return true;
    }
  }

  /**
   * Names beside the runs that should not be there when all is done; a dead writer's folder may
   * stay for an hour.
   */
  private static String leftovers(Path folder) throws IOException {
    StringBuilder out = new StringBuilder();
    try (var paths = Files.walk(folder.resolve("runs"), 2)) {
      paths
          .map(p -> p.getFileName().toString())
          .filter(
              name -> name.contains(".") && !name.contains(".new-") && !name.contains(".stale-"))
          .forEach(name -> out.append(name).append(' '));
    }
    return out.toString();
  }

  @Test
  void too_little_space_is_told_before_anything_is_written() throws Exception {
    Disk small = new QuickDisk(1 << 20);
    Path folder = temp.resolve("small");
    assertThatThrownBy(() -> run(folder, small, ProcessIdentity.current()))
        .isInstanceOf(DiskFull.class)
        .hasMessageContaining("only 1 MiB are free, 64 MiB are needed");
    assertThat(run(folder, new QuickDisk(), ProcessIdentity.current()).isComplete()).isTrue();
  }
}
