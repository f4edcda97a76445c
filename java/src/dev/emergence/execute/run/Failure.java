package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.result.Damaged;
import dev.emergence.result.Outcome;
import dev.emergence.result.Provenance;
import dev.emergence.result.RunFolder;
import dev.emergence.result.RunRecord;
import dev.emergence.result.Safetensors;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.PluginFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Stores a run that has failed after all attempts, with its reason, so that it is seen and can be
 * tried again.
 */
final class Failure {
  private Failure() {}

  /** After an exception. */
  static void store(PlannedRun run, Site site, int attempts, Throwable cause) throws IOException {
    store(run, site, attempts, reason(cause), trace(cause));
  }

  /**
   * @param details for the run's log
   */
  static void store(PlannedRun run, Site site, int attempts, String reason, String details)
      throws IOException {
    RunFolder folder = site.results().run(run.id());
    folder.begin();
    folder.log(details);
    Optional<Safetensors> file = folder.progress();
    Optional<Checkpoint> checkpoint = file.flatMap(f -> read(f, run.id()));
    Curve curve =
        checkpoint
            .map(Checkpoint::curve)
            .orElse(new Curve(List.of(), new double[0], new double[0][]));
    double step = checkpoint.map(c -> (double) c.snapshot().step()).orElse(0.0);
    double seconds = checkpoint.map(Checkpoint::seconds).orElse(0.0);
    Optional<Outcome> before = finished(run, site).filter(known -> known.lastStep() >= step);
    if (before.isPresent() && keeps(folder, failed(before.get(), reason, attempts))) {
      site.progress().ended(run, failed(before.get(), reason, attempts));
      return;
    }
    Outcome outcome = new Outcome(Outcome.State.FAILED, step, reason, attempts, seconds);
    Optional<Safetensors> kept = checkpoint.isEmpty() ? Optional.empty() : file;
    site.store(
        folder,
        run,
        new RunRecord(
            run.run(),
            outcome,
            curve,
            kept,
            List.of(),
            List.copyOf(folder.weights().stepsSoFar()),
            Provenance.of(site.device(), Instant.now())));
  }

  /** How the run had ended that was to be continued. */
  private static Optional<Outcome> finished(PlannedRun run, Site site) {
    try {
      return site.results()
          .load(run.id())
          .filter(stored -> stored.curve().size() > 0)
          .map(StoredRun::outcome);
    } catch (Damaged e) {
      return Optional.empty();
    }
  }

  private static Outcome failed(Outcome before, String reason, int attempts) {
    return new Outcome(Outcome.State.FAILED, before.lastStep(), reason, attempts, before.seconds());
  }

  /** Leaves what was finished before as it is, if it is whole, but for how the run has ended. */
  private static boolean keeps(RunFolder folder, Outcome outcome) throws IOException {
    try {
      folder.failed(outcome);
      return true;
    } catch (Damaged e) {
      return false;
    }
  }

  private static Optional<Checkpoint> read(Safetensors file, String id) {
    try {
      return Optional.of(Checkpoint.of(file, id));
    } catch (Damaged e) {
      return Optional.empty();
    }
  }

  /** One line that says what went wrong. */
  static String reason(Throwable cause) {
    Optional<PluginFailure> plugin = PluginFailure.behind(cause);
    if (plugin.isPresent()) {
      return plugin.get().getMessage();
    }
    String message =
        cause.getMessage() == null ? "" : ": " + cause.getMessage().lines().findFirst().orElse("");
    return cause instanceof OutOfMemoryError
        ? "out of memory" + message + "; with fewer --jobs each has more"
        : cause.getClass().getSimpleName() + message;
  }

  private static String trace(Throwable cause) {
    StringWriter text = new StringWriter();
    cause.printStackTrace(new PrintWriter(text));
    return Instant.now() + " " + text;
  }
}
