package dev.emergence.study;

import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Run;
import dev.emergence.result.Claims;
import dev.emergence.result.Damaged;
import dev.emergence.result.ProcessIdentity;
import dev.emergence.result.Provenance;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.RunFolder;
import dev.emergence.result.StoredRun;
import dev.emergence.result.StudyFolder;
import dev.emergence.result.StudyFolder.Question;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.StudySpec;
import dev.emergence.tensor.Backend;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Makes what is missing of a plan's studies: each run of each study by itself, claimed like a run,
 * so that any number of processes that share a results folder divide the work. What was made before
 * an interruption stays.
 */
public final class StudyWork {
  private static final long POLL_MILLIS = 500;

  private final ResultsFolder results;
  private final Supplier<Backend> backends;
  private final BooleanSupplier stop;
  private final StudyListener listener;
  private final List<String> troubles = new ArrayList<>();

  /**
   * Work in a results folder.
   *
   * @param backends makes what computes, one a worker
   * @param stop whether to end soon; the run of a study at hand is left, the others are kept
   * @param listener hears how far the work has come; must not throw
   */
  public StudyWork(
      ResultsFolder results,
      Supplier<Backend> backends,
      BooleanSupplier stop,
      StudyListener listener) {
    this.results = results;
    this.backends = backends;
    this.stop = stop;
    this.listener = listener;
  }

  /**
   * One run of one study.
   *
   * @param told whether the listener counts on it: the run was finished when the work began
   */
  private record Piece(String name, StudySpec spec, Assignment of, Run run, boolean told) {}

  /** Asked to stop. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Whether anything is left to be made. Reads only. */
  public static boolean isOpen(Plan plan, ResultsFolder results) {
    return StudyStanding.of(plan, results).stream().anyMatch(s -> s.open() > 0);
  }

  /** Removes what processes that ended too early have left of the studies beside results. */
  public static void tidy(Plan plan, ResultsFolder results) throws IOException {
    for (String name : plan.experiment().studies().keySet()) {
      StudyFolder folder = results.study(name);
      Set<String> unfinished = folder.unfinished();
      if (!unfinished.isEmpty()) {
        tidy(folder, unfinished, results);
      }
    }
  }

  private static void tidy(StudyFolder folder, Set<String> unfinished, ResultsFolder results)
      throws IOException {
    try (Claims claims = new Claims(results, ProcessIdentity.current())) {
      for (String name : unfinished) {
        Optional<Claims.Claim> claim = claims.take(name);
        if (claim.isPresent()) {
          folder.tidy(name);
          claim.get().close();
        }
      }
    }
  }

  /**
   * Makes all that can be made of the runs that are finished.
   *
   * @param workers runs studied side by side
   * @return what went wrong, a sentence each
   * @throws IOException when results cannot be written
   */
  public List<String> run(Plan plan, int workers) throws IOException {
    ConcurrentLinkedQueue<Piece> left = left(plan);
    Map<String, Integer> parts = new LinkedHashMap<>();
    left.stream().filter(Piece::told).forEach(piece -> parts.merge(piece.name(), 1, Integer::sum));
    listener.studying(parts, workers);
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    try (Claims claims = new Claims(results, ProcessIdentity.current())) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        all.add(
            pool.submit(
                () -> {
                  drain(left, claims);
                  return null;
                }));
      }
      for (Future<?> worker : all) {
        await(worker);
      }
    } finally {
      pool.shutdownNow();
    }
    return List.copyOf(troubles);
  }

  /** All but what is there already. A run that others have not finished yet may be by its turn. */
  private ConcurrentLinkedQueue<Piece> left(Plan plan) {
    ConcurrentLinkedQueue<Piece> out = new ConcurrentLinkedQueue<>();
    plan.experiment()
        .studies()
        .forEach(
            (name, spec) -> {
              for (Assignment a : plan.studied(spec)) {
                boolean finished = StudyStanding.finished(results, a).isPresent();
                Run run = plan.byId().get(a.run()).run();
                Piece piece = new Piece(name, spec, a, run, finished);
                if (!finished || isMissing(piece)) {
                  out.add(piece);
                }
              }
            });
    return out;
  }

  private static void await(Future<?> worker) throws IOException {
    try {
      worker.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      } else if (e.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void drain(ConcurrentLinkedQueue<Piece> left, Claims claims) throws IOException {
    Optional<Backend> backend = Optional.empty();
    try {
      Piece piece = left.poll();
      while (piece != null && !stop.getAsBoolean()) {
        Optional<StoredRun> stored = StudyStanding.finished(results, piece.of());
        if (stored.isPresent() && isMissing(piece)) {
          backend = backend.or(() -> Optional.of(backends.get()));
          claimed(piece, stored.get(), backend.get(), claims);
        } else if (stored.isPresent() && piece.told()) {
          madeElsewhere(piece);
        }
        piece = left.poll();
      }
    } catch (Stopped e) {
      return;
    } finally {
      backend.ifPresent(Backend::close);
    }
  }

  private boolean isMissing(Piece piece) {
    return StudyStanding.part(piece.name(), piece.spec(), piece.of(), results).isEmpty();
  }

  private Question question(Piece piece) {
    return Question.of(piece.spec(), results.run(piece.of().run()), piece.of());
  }

  /** Waits while somebody else makes it. */
  private void claimed(Piece piece, StoredRun stored, Backend backend, Claims claims)
      throws IOException {
    String name = results.study(piece.name()).claim(question(piece));
    while (isMissing(piece)) {
      Optional<Claims.Claim> claim = claims.take(name);
      if (claim.isPresent()) {
        try (Claims.Claim held = claim.get()) {
          if (isMissing(piece)) {
            make(piece, stored, backend, () -> pulse(claims, held.id()));
            return;
          }
        }
      } else {
        pause();
      }
    }
    madeElsewhere(piece);
  }

  private void madeElsewhere(Piece piece) {
    listener.studied(piece.name(), piece.of().run(), 0, "");
  }

  private void pause() {
    pulse();
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Stopped();
    }
  }

  private void pulse() {
    if (stop.getAsBoolean()) {
      throw new Stopped();
    }
  }

  private void pulse(Claims claims, String claim) {
    claims.moved(claim);
    pulse();
  }

  private void make(Piece piece, StoredRun stored, Backend backend, Runnable pulse)
      throws IOException {
    Instant began = Instant.now();
    long clock = System.nanoTime();
    RunFolder folder = results.run(piece.of().run());
    RunConfig config = piece.of().condition().config();
    Question question = question(piece);
    Study.Found found;
    try (StudiedRun run =
        new StudiedRun(
            backend,
            piece.run(),
            StudiedRun.asSeen(stored, config),
            folder,
            config.measurement().thresholds(),
            pulse)) {
      found = Studies.of(piece.spec()).rows(run);
    } catch (NoMoment e) {
      found = new Study.Found(List.of(), e.getMessage());
    } catch (Stopped e) {
      throw e;
    } catch (Damaged | RuntimeException | OutOfMemoryError e) {
      String trouble = trouble(e);
      troubled(piece, trouble);
      listener.studied(piece.name(), question.run(), since(clock), trouble);
      return;
    }
    results
        .study(piece.name())
        .write(
            question,
            new StudyFolder.Part(
                found.rows(), found.lacking(), Provenance.of(backend.description(), began)));
    listener.studied(piece.name(), question.run(), since(clock), "");
  }

  private static double since(long clock) {
    return (System.nanoTime() - clock) / 1e9;
  }

  private static String trouble(Throwable e) {
    return (e.getMessage() == null ? e.toString() : e.getMessage())
        + (e instanceof Damaged ? Damaged.REMEDY : "");
  }

  private synchronized void troubled(Piece piece, String trouble) {
    troubles.add("study " + piece.name() + " of run " + piece.of().run() + " failed: " + trouble);
  }
}
