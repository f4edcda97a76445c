package dev.emergence.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Edited;
import dev.emergence.Experiment;
import dev.emergence.RunOptions;
import dev.emergence.cli.Main;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Progress;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damage to any file of a results folder: commands that read say what is wrong, never that they
 * have a bug; the next run ends in the same tables.
 */
class DamagedResultsTest {
  private static final String YAML =
      Edited.text(
              Yaml.TINY,
              "stop: {when: plateau, extra: 50%}",
              "stop: {never: true}\n  attention: {pictures_at: [last]}")
          + "execution: {checkpoint_every: 0s}\n";

  @TempDir Path temp;
  private Path file;
  private Path whole;
  private Path begun;
  private Map<String, String> expected;

  /** What a command said. */
  private record Said(int code, String text) {}

  private static Said say(Object... arguments) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    int code =
        Main.run(
            writer, writer, Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    return new Said(code, text.toString());
  }

  private Said run(Path folder) {
    return say("run", file, "--out", folder, "--device", "cpu", "--jobs", 1, "--in-process");
  }

  @BeforeEach
  void make() throws Exception {
    file = Files.writeString(temp.resolve("tiny.yaml"), YAML);
    whole = temp.resolve("whole");
    assertThat(run(whole).code()).isZero();
    expected = new Folder(whole).numbers();
    begun = temp.resolve("begun");
    Interrupt interrupt = Interrupt.onRequest();
    Progress halfWay =
        new Progress() {
          @Override
          public void at(PlannedRun run, double step, double target) {
            if (step >= 30) {
              interrupt.request("half-way");
            }
          }
        };
    Experiment.load(file)
        .run(
            begun,
            new RunOptions(
                Optional.of("cpu"), Optional.of(1), a -> true, false, interrupt, halfWay));
    assertThat(new Folder(begun).hasProgress()).isTrue();
  }

  @Test
  void every_command_says_what_is_wrong_and_the_next_run_makes_it_good() throws Exception {
    int count = Campaign.size(22, 2_000);
    Random random = new Random(11);
    Map<String, Integer> codes = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      Path folder = copy(i % 4 == 3 ? begun : whole, temp.resolve("damaged-" + i));
      List<Path> files = files(folder);
      Path victim = files.get(random.nextInt(files.size()));
      Damage damage = Damage.values()[i % Damage.values().length];
      damage.to(victim, random);
      String what = damage + " at " + folder.relativize(victim);
      // Figures take the longest, and read nothing that the others do not.
      List<String> readers =
          i % 8 == 0
              ? List.of("status", "list", "verify", "fit", "report")
              : List.of("status", "list", "verify");
      for (String command : readers) {
        Said said = say(command, folder);
        codes.merge(command + " " + said.code(), 1, Integer::sum);
        assertThat(said.code()).as("%s after %s: %s", command, what, said.text()).isIn(0, 5, 6);
        assertThat(said.text())
            .as("%s after %s", command, what)
            .doesNotContain("internal error", "Exception");
      }
      say("verify", folder, "--repair");
      Said again = run(folder);
      assertThat(again.code()).as("%s: %s", what, again.text()).isZero();
      assertThat(new Folder(folder).numbers()).as(what).isEqualTo(expected);
      delete(folder);
    }
    Campaign.figure(
        "%d damaged files of results: diagnostics only (%s), tables equal after the next run",
        count, codes);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(p -> Files.isRegularFile(p, LinkOption.NOFOLLOW_LINKS)).sorted().toList();
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)));
      }
    }
    return to;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
