package dev.emergence.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/** Whether the process behind a claim lives. */
final class Liveness {
  private static final SlurmJobs JOBS = new SlurmJobs();
  private final ResultsFolder results;

  Liveness(ResultsFolder results) {
    this.results = results;
  }

  boolean isLive(Path claim) throws IOException {
    return isLive(claim, () -> results.disk().now(results.root()));
  }

  /** The same by this machine's clock, so that nothing is written. */
  boolean seemsLive(Path claim) throws IOException {
    return isLive(claim, () -> FileTime.fromMillis(System.currentTimeMillis()));
  }

  private interface Clock {
    FileTime now() throws IOException;
  }

  private boolean isLive(Path claim, Clock clock) throws IOException {
    try {
      ProcessIdentity holder = ProcessIdentity.of(Json.read(claim));
      return holder.isHere()
          ? (holder.isAlive() || holder.isKept()) && isRenewed(claim, clock)
          : !JOBS.hasEnded(holder.job()) && isFresh(claim, clock);
    } catch (Damaged e) {
      // Half-written by one who has just won it, or not ours.
      return Files.exists(claim) && isFresh(claim, clock);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** A process may live and yet be stopped. The file server is asked only where that seems so. */
  private boolean isRenewed(Path claim, Clock clock) throws IOException {
    return isFresh(claim, () -> FileTime.fromMillis(System.currentTimeMillis()))
        || isFresh(claim, clock);
  }

  /** Compared by the file server's clock alone. */
  private boolean isFresh(Path claim, Clock clock) throws IOException {
    FileTime now = clock.now();
    return now.toMillis() - Files.getLastModifiedTime(claim).toMillis() < Claims.STALE.toMillis();
  }
}
