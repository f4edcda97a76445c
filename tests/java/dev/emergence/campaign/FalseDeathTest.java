package dev.emergence.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Yaml;
import dev.emergence.result.Claims;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker that stands still for so long that others take it for dead, and then goes on. */
@Timeout(600)
class FalseDeathTest {
  @TempDir Path temp;

  private Command run(Path file, String folder, String log) throws Exception {
    return Command.start(
        temp.resolve(log),
        "run",
        file,
        "--out",
        temp.resolve(folder),
        "--device",
        "cpu",
        "--jobs",
        1);
  }

  @Test
  void a_stopped_worker_whose_run_another_has_done_says_same_bits_and_does_no_harm()
      throws Exception {
    Path file =
        Files.writeString(
            temp.resolve("long.yaml"),
            Yaml.TINY
                    .replace("{when: plateau, extra: 50%}", "{never: true}")
                    .replace("max_steps: 60", "max_steps: 3000")
                + "execution: {checkpoint_every: 0s}\n");
    Folder shared = new Folder(temp.resolve("shared"));
    try (Command sleeper = run(file, "shared", "sleeper.log")) {
      sleeper.await(shared::hasProgress);
      Command.signal(sleeper.worker().orElseThrow(), "STOP");
      seemDead(shared);
      try (Command other = run(file, "shared", "other.log")) {
        assertThat(other.exit()).as(other.text()).isZero();
      }
      Map<String, String> before = shared.numbers();
      Command.signal(sleeper.worker().orElseThrow(), "CONT");
      assertThat(sleeper.exit()).as(sleeper.text()).isZero();
      assertThat(sleeper.text()).contains("was computed by another worker too, with the same bits");
      assertThat(shared.numbers()).isEqualTo(before);
      assertThat(shared.files(".differs")).isEmpty();
      assertThat(shared.files(".claim")).isEmpty();
    }
  }

  /** Makes the claims those of a machine of which nothing has been heard for too long. */
  private static void seemDead(Folder folder) throws Exception {
    for (Path claim : folder.files(".claim")) {
      try {
        String text = Files.readString(claim);
        Files.writeString(
            claim, text.replaceFirst("\"machine\":\"[^\"]*\"", "\"machine\":\"elsewhere\""));
        Files.setLastModifiedTime(
            claim, FileTime.from(Instant.now().minus(Claims.STALE).minusSeconds(1)));
      } catch (NoSuchFileException e) {
        // Given back before the worker was stopped.
        continue;
      }
    }
  }
}
