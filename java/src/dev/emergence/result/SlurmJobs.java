package dev.emergence.result;

import java.io.IOException;
import java.time.Duration;
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

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** States in which no process of a job lives, or not yet again. Others may be new ones. */
  private static final Set<String> ENDED =
      Set.of(
          "BOOT_FAIL",
          "CANCELLED",
          "COMPLETED",
          "DEADLINE",
          "FAILED",
          "NODE_FAIL",
          "OUT_OF_MEMORY",
          "PENDING",
          "PREEMPTED",
          "REQUEUED",
          "REQUEUE_FED",
          "REQUEUE_HOLD",
          "RESV_DEL_HOLD",
          "REVOKED",
          "SPECIAL_EXIT",
          "TIMEOUT");

  private final List<String> question;
  private final Duration patience;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  /**
   * When the scheduler did not answer at all: asking it about other jobs would only take longer.
   */
  private volatile Optional<Answer> silence = Optional.empty();

  private record Answer(boolean ended, long at) {
    boolean isKept() {
      return System.nanoTime() - at <= KEPT_NANOS;
    }
  }

  SlurmJobs() {
    this(List.of("squeue", "--noheader", "--states=all", "--format=%T", "--jobs"), PATIENCE);
  }

  /**
   * @param question a command that takes a job's number and prints its state
   * @param patience how long it may take to answer
   */
  SlurmJobs(List<String> question, Duration patience) {
    this.question = List.copyOf(question);
    this.patience = patience;
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
    if (known == null || !known.isKept()) {
      known = silence.filter(Answer::isKept).orElseGet(() -> ask(number));
      answers.put(job, known);
    }
    return known.ended();
  }

  private Answer ask(String number) {
    List<String> command = new ArrayList<>(question);
    command.add(number);
    try {
      Optional<Asked> said = Asked.ask(command, patience);
      Answer answer = new Answer(said.map(SlurmJobs::hasEnded).orElse(false), System.nanoTime());
      if (said.isEmpty()) {
        silence = Optional.of(answer);
      }
      return answer;
    } catch (IOException e) {
      return new Answer(false, System.nanoTime());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(false, System.nanoTime());
    }
  }

  /** An old job is forgotten; any other complaint or warning says nothing about it. */
  private static boolean hasEnded(Asked said) {
    return said.code() == 0
        ? said.text().lines().map(String::strip).allMatch(ENDED::contains)
        : said.text().contains("Invalid job id");
  }
}
