package dev.emergence.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Neither many runs nor many steps make a worker or its parent grow. */
@Timeout(3600)
class MemoryTest {
  /** After this share of the work all code has been met and compiled. */
  private static final double WARM = 0.2;

  @TempDir Path temp;

  /** Resident memory of both processes, in KiB. */
  private record Sample(double share, long parent, long worker) {}

  @Test
  void short_runs_leave_nothing_behind() throws Exception {
    int runs = Campaign.size(40, 1_000);
    String yaml =
        Yaml.TINY
            .replace("seeds: {first: 3, count: 2}", "seeds: {first: 3, count: " + runs + "}")
            .replaceAll("(?s)sweeps:.*", "");
    watch(yaml, runs + " short runs", runs);
  }

  @Test
  void steps_leave_nothing_behind() throws Exception {
    int steps = Campaign.size(2_000, 100_000);
    String yaml =
        Yaml.TINY
            .replace("max_steps: 60", "max_steps: " + steps)
            .replace("{when: plateau, extra: 50%}", "{never: true}")
            .replace("seeds: {first: 3, count: 2}", "seeds: {first: 3, count: 1}")
            .replaceAll("(?s)sweeps:.*", "");
    watch(yaml + "execution: {checkpoint_every: 1s}\n", steps + " steps", 0);
  }

  private void watch(String yaml, String what, int runs) throws Exception {
    Path file = Files.writeString(temp.resolve("many.yaml"), yaml);
    List<Sample> samples = new ArrayList<>();
    try (Command command =
        Command.start(
            temp.resolve("many.log"),
            "run",
            file,
            "--out",
            temp.resolve("many"),
            "--device",
            "cpu",
            "--jobs",
            1)) {
      long began = System.nanoTime();
      while (command.process().isAlive()) {
        double share =
            runs > 0 ? ended(command) / (double) runs : (System.nanoTime() - began) / 1e9;
        Optional<ProcessHandle> worker = command.worker();
        long parent = resident(command.process().toHandle());
        long child = worker.map(MemoryTest::resident).orElse(0L);
        if (parent > 0 && child > 0) {
          samples.add(new Sample(share, parent, child));
        }
        Thread.sleep(200);
      }
      assertThat(command.exit()).as(command.text()).isZero();
    }
    judge(what, samples);
  }

  private static long ended(Command command) throws IOException {
    return command.text().lines().filter(line -> line.contains(" run ")).count();
  }

  /**
   * In a full campaign the last part of the work may not need more than the part after warming up.
   */
  private static void judge(String what, List<Sample> samples) throws IOException {
    assertThat(samples).isNotEmpty();
    double last = samples.get(samples.size() - 1).share();
    Sample start = at(samples, WARM * last);
    Sample middle = at(samples, 0.5 * last);
    Sample end = samples.get(samples.size() - 1);
    Campaign.figure(
        "%s: resident MiB at a fifth, the middle and the end: worker %d %d %d, parent %d %d %d",
        what,
        start.worker() >> 10,
        middle.worker() >> 10,
        end.worker() >> 10,
        start.parent() >> 10,
        middle.parent() >> 10,
        end.parent() >> 10);
    if (Campaign.isFull()) {
      assertThat(end.worker()).as(what + ": worker").isLessThan(middle.worker() * 105 / 100);
      assertThat(end.parent()).as(what + ": parent").isLessThan(middle.parent() * 105 / 100);
    }
  }

  private static Sample at(List<Sample> samples, double share) {
    return samples.stream().filter(s -> s.share() >= share).findFirst().orElseThrow();
  }

  private static long resident(ProcessHandle process) {
    try {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException e) {
      // It has ended meanwhile.
      return 0;
    }
  }
}
