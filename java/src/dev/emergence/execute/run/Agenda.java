package dev.emergence.execute.run;

import dev.emergence.plan.Cohort;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Claims;
import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is left to be done by this process: hands out runs, the cheapest first, that nobody else
 * works on, and waits for those that others have. Any number of processes that share a results
 * folder drain the same plan together. Thread-safe.
 */
public final class Agenda {
  private static final long POLL_MILLIS = 500;

  private final List<PlannedRun> left;
  private final Map<String, String> shapes = new HashMap<>();
  private final Map<String, String> before;
  private final Site site;
  private final Claims claims;

  /**
   * An agenda.
   *
   * @param open runs that are not settled, the cheapest first
   * @param before what was stored of each when the work began, by {@link #versions}: a run that has
   *     failed since is not tried again
   */
  public Agenda(List<PlannedRun> open, Map<String, String> before, Site site, Claims claims) {
    this.left = new ArrayList<>(open);
    this.site = site;
    this.claims = claims;
    this.before = before;
  }

  /** What is stored of some runs now. */
  public static Map<String, String> versions(List<PlannedRun> runs, ResultsFolder results) {
    Map<String, String> out = new LinkedHashMap<>();
    runs.forEach(run -> out.put(run.id(), results.run(run.id()).version()));
    return out;
  }

  /** How many runs a worker trains together. */
  interface Sizes {
    /**
     * A number from 1 to {@code alike}.
     *
     * @param first of the runs
     * @param alike runs of its shape that are left, itself included
     */
    int of(PlannedRun first, int alike);
  }

  /**
   * The next runs; empty when everything is settled or a stop was asked for. Waits while others
   * have the rest.
   */
  synchronized Optional<Job> next(Sizes sizes) throws IOException {
    while (!site.interrupt().requested()) {
      Job job = take(sizes);
      if (!job.runs().isEmpty()) {
        return Optional.of(job);
      } else if (left.isEmpty()) {
        return Optional.empty();
      }
      site.progress().waiting();
      pause();
    }
    return Optional.empty();
  }

  private void pause() {
    try {
      wait(POLL_MILLIS);
    } catch (InterruptedException e) {
      site.interrupt().request("interrupted");
      Thread.currentThread().interrupt();
    }
  }

  private Job take(Sizes sizes) throws IOException {
    for (PlannedRun run : List.copyOf(left)) {
      Optional<Claims.Claim> claim = claim(run);
      if (claim.isPresent()) {
        Job job = new Job(shape(run), this::claim);
        job.add(run, claim.get());
        job.more(sizes.of(run, 1 + alike(job.shape()).size()) - 1);
        return job;
      }
    }
    return new Job("", this::claim);
  }

  /** Claims runs of a shape, at most so many, and does not wait for those that others have. */
  private synchronized Map<PlannedRun, Claims.Claim> claim(String shape, int most)
      throws IOException {
    Map<PlannedRun, Claims.Claim> out = new LinkedHashMap<>();
    Iterator<PlannedRun> candidates = alike(shape).iterator();
    while (out.size() < most && candidates.hasNext()) {
      PlannedRun run = candidates.next();
      claim(run).ifPresent(claim -> out.put(run, claim));
    }
    return out;
  }

  /** Takes a run off the list; empty when somebody else has it, or it was done by another. */
  private Optional<Claims.Claim> claim(PlannedRun run) throws IOException {
    Optional<Claims.Claim> claim = claims.take(run.id());
    if (claim.isPresent()) {
      left.remove(run);
      if (!isOurs(run, claim.get())) {
        claim.get().close();
        return Optional.empty();
      }
    }
    return claim;
  }

  private List<PlannedRun> alike(String shape) {
    return left.stream().filter(run -> shape(run).equals(shape)).toList();
  }

  private String shape(PlannedRun run) {
    return shapes.computeIfAbsent(run.id(), id -> Cohort.digest(run.run().config()));
  }

  /**
   * Whether a claimed run is still to be done; puts aside what is damaged, and ends what kills its
   * workers.
   */
  private boolean isOurs(PlannedRun run, Claims.Claim claim) throws IOException {
    ResultsFolder results = site.results();
    Standing standing = Standing.stored(run, results, site.spec());
    boolean failedSince =
        standing.state() == Standing.State.FAILED
            && !results.run(run.id()).version().equals(before.get(run.id()));
    if (standing.isSettled() || failedSince) {
      return false;
    }
    if (standing.state() == Standing.State.DAMAGED) {
      Path where = results.quarantine(run.id(), standing.reason());
      site.progress()
          .note(
              "run "
                  + run.id()
                  + " was damaged ("
                  + standing.reason()
                  + ") and lies in "
                  + where
                  + "; it is done again");
    }
    results
        .quarantineProgress(run.id())
        .ifPresent(where -> site.progress().note("what no worker has left lies in " + where));
    return !claim.isInherited() || survives(run);
  }

  /**
   * Counts the death of the worker that had the run before, of which nothing is known, if need be.
   */
  private boolean survives(PlannedRun run) throws IOException {
    return !site.chances().countUnwitnessed() || Death.unwitnessed(site).survives(run);
  }
}
