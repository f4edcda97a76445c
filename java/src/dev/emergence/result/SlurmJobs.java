package dev.emergence.result;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Which of the scheduler's jobs have ended, as it says. Asked seldom: an answer is kept for half a
 * minute.
 */
final class SlurmJobs {
  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** States in which a job's processes may still live; in any other, they do not. */
  private static final Set<String> LIVING =
      Set.of(
          "RUNNING",
          "COMPLETING",
          "SUSPENDED",
          "STOPPED",
          "SIGNALING",
          "STAGE_OUT",
          "CONFIGURING",
          "RESIZING");

  private final List<String> question;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  private record Answer(boolean ended, long at) {}

  SlurmJobs() {
    this(List.of("squeue", "--noheader", "--states=all", "--format=%T", "--jobs"));
  }

  /**
   * @param question a command that takes a job's number and prints its state
   */
  SlurmJobs(List<String> question) {
    this.question = List.copyOf(question);
  }

  /** A job's name: its cluster's and its number. Empty outside of a job. */
  static String here() {
    String number = System.getenv("SLURM_JOB_ID");
    return number == null ? "" : cluster() + "/" + number;
  }

  private static String cluster() {
    return Optional.ofNullable(System.getenv("SLURM_CLUSTER_NAME")).orElse("");
  }

  /** Whether the scheduler says that a job has ended or waits to begin again. */
  boolean hasEnded(String job) {
    return hasEnded(job, cluster());
  }

  /**
   * As seen from a cluster.
   *
   * @param cluster another one's jobs are not known here
   */
  boolean hasEnded(String job, String cluster) {
    String number = job.substring(job.indexOf('/') + 1);
    if (cluster.isEmpty() || !job.startsWith(cluster + "/") || !number.matches("\\d{1,12}")) {
      return false;
    }
    Answer known = answers.get(job);
    if (known == null || System.nanoTime() - known.at() > KEPT_NANOS) {
      known = new Answer(ask(number), System.nanoTime());
      answers.put(job, known);
    }
    return known.ended();
  }

  private boolean ask(String number) {
    List<String> command = new ArrayList<>(question);
    command.add(number);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean understood = process.waitFor() == 0;
      // An old job is forgotten; any other complaint says nothing about it.
      return understood
          ? said.lines().map(String::strip).noneMatch(LIVING::contains)
          : said.contains("Invalid job id");
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
