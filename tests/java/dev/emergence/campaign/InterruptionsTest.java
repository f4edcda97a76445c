package dev.emergence.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command, killed, stopped and doubled: whatever happens, the same command in the end gives the
 * same tables as if nothing had.
 */
@Timeout(3600)
class InterruptionsTest {
  private static final String NEVER = "measurement.stop={never: true}";

  /** Long enough to be caught in the middle. */
  private static final int STEPS = 800;

  private static final Map<Integer, Map<String, String>> UNDISTURBED = new ConcurrentHashMap<>();

  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(temp.resolve("tiny.yaml"), Yaml.TINY);
  }

  private Command run(String folder, int steps, Object... more) throws IOException {
    return start(folder + ".log", folder, steps, more);
  }

  private Command start(String log, String folder, int steps, Object... more) throws IOException {
    List<Object> all = new ArrayList<>(List.of("run", file, "--out", temp.resolve(folder)));
    all.addAll(List.of("--device", "cpu", "--jobs", 1, "--set", NEVER));
    all.addAll(List.of("--set", "execution.checkpoint_every=0s"));
    all.addAll(List.of("--set", "training.max_steps=" + steps));
    all.addAll(List.of("--set", "measurement.evaluate_every=" + Math.max(10, steps / 20)));
    all.addAll(List.of(more));
    return Command.start(temp.resolve(log), all.toArray());
  }

  private Folder folder(String name) {
    return new Folder(temp.resolve(name));
  }

  private Map<String, String> undisturbed(int steps) throws Exception {
    if (!UNDISTURBED.containsKey(steps)) {
      try (Command command = run("undisturbed", steps)) {
        assertThat(command.exit()).as(command.text()).isZero();
      }
      UNDISTURBED.put(steps, folder("undisturbed").numbers());
    }
    return UNDISTURBED.get(steps);
  }

  @Test
  void kills_of_workers_and_of_their_parent_at_random_moments_cost_nothing() throws Exception {
    int kills = Campaign.size(3, 50);
    int steps = Campaign.isFull() ? 20_000 : STEPS;
    Map<String, String> expected = undisturbed(steps);
    Random random = new Random(Campaign.seed(7));
    List<Victim> victims = Victim.chosen();
    Map<Victim, Integer> killed = new EnumMap<>(Victim.class);
    int rounds = 0;
    int done = 0;
    while (done < kills) {
      String name = "round-" + rounds++;
      boolean over = false;
      while (!over) {
        try (Command command = run(name, steps)) {
          while (done < kills && moving(command, name)) {
            Thread.sleep(random.nextInt(700));
            Victim victim = victims.get(random.nextInt(victims.size()));
            kill(command, victim);
            killed.merge(victim, 1, Integer::sum);
            done++;
          }
          over = command.exit() != 137;
          assertThat(over ? command.exit() : 0).as(command.text()).isZero();
        }
      }
      assertThat(folder(name).numbers()).as("after %d kills", done).isEqualTo(expected);
      assertThat(folder(name).files(".claim")).isEmpty();
    }
    Campaign.figure(
        "kill -9 at random moments: %s, in %d sweeps of 6 runs of %d steps: tables byte-equal",
        killed, rounds, steps);
  }

  /**
   * Waits until a run is worked on.
   *
   * @return false when everything is done
   */
  private boolean moving(Command command, String name) throws Exception {
    return command.process().isAlive()
        && command.await(() -> command.worker().isPresent() && folder(name).isClaimed())
        && command.process().isAlive();
  }

  /** Who is killed; a worker that loses its parent saves and ends by itself. */
  private enum Victim {
    WORKER,
    PARENT,
    /** All processes of the command at once, as a terminal or a scheduler does that is closed. */
    GROUP;

    /** All of them, or the one that {@code -Demergence.victim=GROUP} names. */
    static List<Victim> chosen() {
      String name = System.getProperty("emergence.victim", "");
      return name.isEmpty() ? List.of(values()) : List.of(valueOf(name));
    }
  }

  private static void kill(Command command, Victim victim) throws Exception {
    ProcessHandle parent = command.process().toHandle();
    ProcessHandle worker = command.worker().orElse(parent);
    switch (victim) {
      case WORKER -> Command.signal(worker, "KILL");
      case PARENT -> Command.signal(parent, "KILL");
      default -> command.signalGroup("KILL");
    }
    (victim == Victim.WORKER ? worker : parent).onExit().get(300, TimeUnit.SECONDS);
    if (victim != Victim.WORKER) {
      worker.onExit().get(300, TimeUnit.SECONDS);
    }
  }

  @Test
  void a_signal_and_a_time_that_is_over_save_and_the_next_start_gives_the_same() throws Exception {
    int steps = STEPS;
    Map<String, String> expected = undisturbed(steps);
    List<String> ways =
        Campaign.isFull()
            ? List.of("TERM", "INT", "HUP", "USR1", "USR2", "time")
            : List.of("USR2", "time");
    for (String way : ways) {
      if (!way.equals("time") && isIgnored(way)) {
        continue;
      }
      Object[] more = way.equals("time") ? new Object[] {"--stop-after", "1s"} : new Object[0];
      try (Command command = run(way, steps, more)) {
        command.await(() -> folder(way).hasProgress());
        if (!way.equals("time")) {
          command.signal(way);
        }
        long asked = System.nanoTime();
        assertThat(command.exit()).as(way + ": " + command.text()).isEqualTo(75);
        Campaign.figure("%s: ended with 75 after %.1f s", way, (System.nanoTime() - asked) / 1e9);
        assertThat(command.text())
            .contains("Everything is saved: the same command goes on from here.");
        assertThat(command.process().descendants()).isEmpty();
      }
      assertThat(folder(way).isClaimed()).as(way).isFalse();
      try (Command again = run(way, steps)) {
        assertThat(again.exit()).as(again.text()).isZero();
      }
      assertThat(folder(way).numbers()).as(way).isEqualTo(expected);
    }
  }

  /** What a shell script starts in the background ignores SIGINT, and so does all it starts. */
  private static boolean isIgnored(String signal) throws IOException {
    Map<String, Integer> numbers = Map.of("HUP", 1, "INT", 2, "TERM", 15, "USR1", 10, "USR2", 12);
    String mask =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(l -> l.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow()
            .substring("SigIgn:".length())
            .strip();
    return (Long.parseUnsignedLong(mask, 16) >> (numbers.get(signal) - 1) & 1) == 1;
  }

  @Test
  void a_second_signal_ends_at_once_and_nothing_is_lost() throws Exception {
    try (Command command = run("twice", STEPS)) {
      command.await(() -> folder("twice").hasProgress());
      ProcessHandle worker = command.worker().orElseThrow();
      // The scheduler's echo is none; another signal is.
      command.signal("TERM");
      command.signal("TERM");
      command.signal("HUP");
      assertThat(command.exit()).isIn(75, 130);
      worker.onExit().get(300, TimeUnit.SECONDS);
    }
    try (Command again = run("twice", STEPS)) {
      assertThat(again.exit()).as(again.text()).isZero();
    }
    assertThat(folder("twice").numbers()).isEqualTo(undisturbed(STEPS));
  }

  @Test
  void two_commands_on_one_folder_share_the_runs_and_both_end_well() throws Exception {
    int steps = STEPS;
    Map<String, String> expected = undisturbed(steps);
    Pattern ended = Pattern.compile("(?m)^\\d+/\\d+ run (\\w+), ");
    try (Command first = run("shared", steps);
        Command second = start("second.log", "shared", steps)) {
      assertThat(first.exit()).as(first.text()).isZero();
      assertThat(second.exit()).as(second.text()).isZero();
      List<String> runs =
          ended.matcher(first.text() + second.text()).results().map(m -> m.group(1)).toList();
      assertThat(runs).hasSize(6).doesNotHaveDuplicates();
    }
    assertThat(folder("shared").numbers()).isEqualTo(expected);
  }
}
