package dev.emergence.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SlurmJobsTest {
  @TempDir Path temp;

  /**
   * A scheduler that runs job 5, has requeued 6, has forgotten 7 and 13, cannot be reached for 8,
   * warns about 9, has a state that nobody knows for 11, has cancelled 12, and is silent about 99.
   */
  private SlurmJobs jobs() throws IOException {
    Path script =
        Files.writeString(
            temp.resolve("squeue"),
            """
            echo "$1" >> asked
            case $1 in
              5) echo RUNNING ;;
              6) echo PENDING ;;
              7) echo 'slurm_load_jobs error: Invalid job id specified'; exit 1 ;;
              8) echo 'slurm_load_jobs error: Unable to contact slurm controller'; exit 1 ;;
              9) echo 'squeue: warning: the configuration has changed' ;;
              11) echo FLOATING ;;
              12) echo CANCELLED ;;
              99) sleep 600 ;;
            esac
            """
                .replace("asked", temp.resolve("asked").toString()));
    return new SlurmJobs(List.of("sh", script.toString()), Duration.ofSeconds(2));
  }

  @Test
  void a_job_has_ended_when_the_scheduler_says_so_and_not_when_it_says_nothing() throws Exception {
    SlurmJobs jobs = jobs();
    assertThat(jobs.hasEnded("lab/5", "lab")).isFalse();
    assertThat(jobs.hasEnded("lab/6", "lab")).isTrue();
    assertThat(jobs.hasEnded("lab/7", "lab")).isTrue();
    assertThat(jobs.hasEnded("lab/8", "lab")).isFalse();
    assertThat(jobs.hasEnded("lab/6", "lab")).isTrue();
    assertThat(Files.readAllLines(temp.resolve("asked"))).containsExactly("5", "6", "7", "8");
  }

  @Test
  void what_the_scheduler_says_of_no_known_state_is_no_end() throws Exception {
    SlurmJobs jobs = jobs();
    assertThat(jobs.hasEnded("lab/9", "lab")).isFalse();
    assertThat(jobs.hasEnded("lab/11", "lab")).isFalse();
    assertThat(jobs.hasEnded("lab/12", "lab")).isTrue();
    assertThat(jobs.hasEnded("lab/13", "lab")).isTrue();
  }

  @Test
  @Timeout(60)
  void a_scheduler_that_hangs_is_given_up_and_left_alone_for_a_while() throws Exception {
    SlurmJobs jobs = jobs();
    assertThat(jobs.hasEnded("lab/99", "lab")).isFalse();
    assertThat(jobs.hasEnded("lab/12", "lab")).isFalse();
    assertThat(Files.readAllLines(temp.resolve("asked"))).containsExactly("99");
    // It has been ended, and is gone long before it would answer.
    ProcessHandle.current()
        .descendants()
        .filter(p -> p.info().commandLine().orElse("").contains(temp.toString()))
        .forEach(p -> p.onExit().join());
  }

  @Test
  void another_clusters_jobs_and_texts_that_are_no_jobs_are_not_asked_about() throws Exception {
    SlurmJobs jobs = jobs();
    for (String job : List.of("other/6", "6", "", "lab/6; rm", "lab/")) {
      assertThat(jobs.hasEnded(job, "lab")).as(job).isFalse();
    }
    assertThat(jobs.hasEnded("/6", "")).isFalse();
    assertThat(temp.resolve("asked")).doesNotExist();
    assertThat(
            new SlurmJobs(List.of("/no/such/command"), Duration.ofSeconds(2))
                .hasEnded("lab/6", "lab"))
        .isFalse();
  }
}
