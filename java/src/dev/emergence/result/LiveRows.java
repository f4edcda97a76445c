package dev.emergence.result;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * What is measured of an unfinished run, for those who watch: {@code ID.partial/rows.jsonl}, lines
 * of {@code curve.jsonl} that are appended about once a second, and {@code
 * ID.partial/attention.safetensors}. Nothing continues from these files, so a fault in writing them
 * ends the writing and not the run.
 */
public final class LiveRows {
  static final String FILE = "rows.jsonl";
  private static final long EVERY_NANOS = 1_000_000_000L;

  private final Path folder;
  private final Disk disk;
  private final StringBuilder pending = new StringBuilder();
  private long last = System.nanoTime();
  private boolean picturesPending;
  private boolean broken;

  LiveRows(Path folder, Disk disk) {
    this.folder = folder;
    this.disk = disk;
  }

  /** Cuts the file back to the rows that the run goes on from. */
  public void restart(Curve curve) {
    Path file = folder.resolve(FILE);
    if (curve.size() > 0 || Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      attempt(() -> disk.write(file, CurveFile.content(curve)));
    }
  }

  /** A row was measured. */
  public void add(List<String> columns, double step, double[] row) {
    if (!broken) {
      pending.append(CurveFile.line(columns, step, row));
    }
  }

  /** Patterns were taken. */
  public void picturesTaken() {
    picturesPending = true;
  }

  /** Writes what is new, unless that was done within the last second. */
  public void writeIfDue(List<Picture> pictures) {
    if (System.nanoTime() - last >= EVERY_NANOS) {
      write(pictures);
    }
  }

  /**
   * Writes what is new.
   *
   * @param pictures all that the run has so far
   */
  public void write(List<Picture> pictures) {
    last = System.nanoTime();
    if (pending.length() > 0) {
      byte[] lines = pending.toString().getBytes(StandardCharsets.UTF_8);
      pending.setLength(0);
      attempt(() -> disk.append(folder.resolve(FILE), lines));
    }
    if (picturesPending && !pictures.isEmpty()) {
      picturesPending = false;
      attempt(() -> replacePictures(pictures));
    }
  }

  private void replacePictures(List<Picture> pictures) throws IOException {
    Path fresh = folder.resolve(RunFiles.ATTENTION + "." + Writer.PROCESS);
    disk.write(fresh, new Safetensors(java.util.Map.of(), Pictures.tensors(pictures)).content());
    disk.move(fresh, folder.resolve(RunFiles.ATTENTION));
  }

  /** An operation of a file system. */
  private interface Writing {
    void run() throws IOException;
  }

  /** After a fault a line may be half written: whatever came behind it would be unreadable. */
  private void attempt(Writing writing) {
    if (broken) {
      return;
    }
    try {
      writing.run();
    } catch (IOException e) {
      broken = true;
    }
  }
}
