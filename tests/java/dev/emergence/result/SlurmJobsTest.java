package dev.emergence.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlurmJobsTest {
  @TempDir Path temp;

  /** A scheduler that runs job 5, has requeued 6, has forgotten 7, and cannot be reached for 8. */
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
            esac
            """
                .replace("asked", temp.resolve("asked").toString()));
    return new SlurmJobs(List.of("sh", script.toString()));
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
  void another_clusters_jobs_and_texts_that_are_no_jobs_are_not_asked_about() throws Exception {
    SlurmJobs jobs = jobs();
    for (String job : List.of("other/6", "6", "", "lab/6; rm", "lab/")) {
      assertThat(jobs.hasEnded(job, "lab")).as(job).isFalse();
    }
    assertThat(jobs.hasEnded("/6", "")).isFalse();
    assertThat(temp.resolve("asked")).doesNotExist();
    assertThat(new SlurmJobs(List.of("/no/such/command")).hasEnded("lab/6", "lab")).isFalse();
  }
}
