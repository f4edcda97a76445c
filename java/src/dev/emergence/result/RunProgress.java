package dev.emergence.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Follows the measured rows of an unfinished run: those that its worker appends, or, where there
 * are none, those in its last checkpoint, of which nothing else is read.
 *
 * <p>Not thread-safe.
 */
public final class RunProgress {
  private final Path partial;
  private final RowsReader rows;
  private String stamp = "";
  private Optional<Curve> saved = Optional.empty();

  RunProgress(Path partial) {
    this.partial = partial;
    this.rows = new RowsReader(partial.resolve(LiveRows.FILE));
  }

  /** The rows so far; empty when there are none that can be read. */
  public Optional<Curve> read() {
    Optional<Curve> live = rows.read();
    return live.filter(curve -> curve.size() > 0).or(this::checkpoint).or(() -> live);
  }

  private Optional<Curve> checkpoint() {
    Path file = partial.resolve(RunFiles.CHECKPOINT);
    String now = stamp(file);
    if (!now.equals(stamp)) {
      stamp = now;
      try {
        saved = now.isEmpty() ? Optional.empty() : Optional.of(StoredCurve.in(file));
      } catch (Damaged e) {
        saved = Optional.empty();
      }
    }
    return saved;
  }

  /** When something was last written, in milliseconds since 1970; 0 when that is not known. */
  public long written() {
    return Math.max(
        time(partial.resolve(LiveRows.FILE)), time(partial.resolve(RunFiles.CHECKPOINT)));
  }

  private static String stamp(Path file) {
    try {
      BasicFileAttributes a =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return a.fileKey() + " " + a.size() + " " + a.lastModifiedTime().toMillis();
    } catch (IOException e) {
      return "";
    }
  }

  private static long time(Path file) {
    try {
      return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis();
    } catch (IOException e) {
      return 0;
    }
  }
}
