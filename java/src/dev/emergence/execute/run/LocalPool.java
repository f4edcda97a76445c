package dev.emergence.execute.run;

import dev.emergence.execute.device.Unavailable;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Provenance;
import dev.emergence.spec.ExecutionSpec.OnFailure;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Workers on this machine, each a thread with a backend of its own, that drain an agenda. One bad
 * run spares all others: it is tried again, then stored as failed.
 */
public final class LocalPool {
  private final Supplier<Bench> benches;
  private final Site site;
  private final int retries;
  private final OnFailure onFailure;
  private final AtomicInteger computed = new AtomicInteger();

  public LocalPool(Supplier<Bench> benches, Site site, int retries, OnFailure onFailure) {
    this.benches = benches;
    this.site = site;
    this.retries = retries;
    this.onFailure = onFailure;
  }

  /**
   * Works until the agenda is empty or a stop was asked for.
   *
   * @return number of runs worked on
   * @throws IOException when results cannot be written
   * @throws Unavailable when the device cannot be had
   */
  public int work(Agenda agenda, int jobs) throws IOException {
    Provenance.plugins(); // before a jar can be built anew while runs of the old one train
    ExecutorService threads = Executors.newFixedThreadPool(jobs, LocalPool::thread);
    List<Future<?>> workers = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      workers.add(threads.submit(() -> drain(agenda)));
    }
    threads.shutdown();
    await(workers);
    return computed.get();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "emergence-worker");
    thread.setDaemon(true);
    return thread;
  }

  private void await(List<Future<?>> workers) throws IOException {
    Throwable first = null;
    for (Future<?> worker : workers) {
      try {
        worker.get();
      } catch (ExecutionException e) {
        first = first == null ? e.getCause() : first;
      } catch (InterruptedException e) {
        site.interrupt().request("interrupted");
        Thread.currentThread().interrupt();
      }
    }
    if (first instanceof NoSuchFileException e) {
      throw site.results().explain(e);
    } else if (first instanceof IOException e) {
      throw e;
    } else if (first instanceof RuntimeException e) {
      throw e;
    } else if (first instanceof Error e) {
      throw e;
    }
  }

  private Void drain(Agenda agenda) throws IOException {
    try (Bench bench = benches.get()) {
      Optional<Job> next = agenda.next(bench::replicas);
      while (next.isPresent()) {
        try (Job job = next.get()) {
          work(bench, job);
        }
        next = agenda.next(bench::replicas);
      }
    } catch (IOException | RuntimeException | Error e) {
      site.interrupt().request("a worker ended: " + e.getMessage());
      throw e;
    } catch (Interrupt.Stopped e) {
      return null;
    }
    return null;
  }

  private void work(Bench bench, Job job) throws IOException, Interrupt.Stopped {
    try {
      if (bench.trainsCohorts()) {
        workTogether(bench, job);
      } else {
        workAlone(bench, job.runs().get(0), 1);
      }
    } finally {
      computed.addAndGet(job.taken());
    }
  }

  /**
   * Several runs that fail together are tried again one by one, so that only the bad one is lost.
   */
  private void workTogether(Bench bench, Job job) throws IOException, Interrupt.Stopped {
    try {
      bench.runner(job.runs().get(0)).work(job.runs(), job, 1);
    } catch (RuntimeException | Error e) {
      List<PlannedRun> left = job.runs();
      String together =
          left.size() == 1
              ? "run " + left.get(0).id() + " failed and is tried again: "
              : left.size() + " runs failed together and are tried one by one: ";
      site.progress().note(together + Failure.reason(e));
      for (PlannedRun run : left) {
        workAlone(bench, run, 2);
      }
    }
  }

  private void workAlone(Bench bench, PlannedRun run, int firstAttempt)
      throws IOException, Interrupt.Stopped {
    for (int attempt = firstAttempt; ; attempt++) {
      try {
        bench.runner(run).work(List.of(run), Supply.NONE, attempt);
        return;
      } catch (Unavailable e) {
        throw e;
      } catch (RuntimeException | Error e) {
        if (attempt > retries) {
          fail(Runners.of(run).where(bench), run, attempt, e);
          return;
        }
        site.progress()
            .note("run " + run.id() + " failed and is tried again: " + Failure.reason(e));
      }
    }
  }

  private void fail(Site where, PlannedRun run, int attempts, Throwable cause) throws IOException {
    Failure.store(run, where, attempts, cause);
    if (onFailure == OnFailure.STOP) {
      site.interrupt().requestAfterFailure("run " + run.id() + " failed and on_failure is stop");
    }
  }
}
