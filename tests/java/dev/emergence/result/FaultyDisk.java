package dev.emergence.result;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A file system on which the N-th change goes wrong. After a crash nothing can be changed any more,
 * as for a process that is dead; after an error everything works again.
 */
public final class FaultyDisk implements Disk {
  /** What happens at the N-th change. */
  public enum Fault {
    /** The process dies before it. */
    CRASH_BEFORE,
    /**
     * The process dies in the middle of it: half of a file is written, a step that is one is not
     * done.
     */
    CRASH_HALFWAY,
    /** The device is full. */
    NO_SPACE
  }

  /** The death of the process. */
  public static final class Crash extends Error {
    private static final long serialVersionUID = 1;
  }

  private final Disk disk = new QuickDisk();
  private final long at;
  private final Fault fault;
  private final List<Long> writes = new ArrayList<>();
  private long changes;
  private boolean dead;

  /**
   * @param at number of the change that goes wrong, from 1
   */
  public FaultyDisk(long at, Fault fault) {
    this.at = at;
    this.fault = fault;
  }

  /** Changes that were tried so far. */
  public long changes() {
    return changes;
  }

  /** Numbers of the changes that write content, and so can stop halfway or run out of space. */
  public List<Long> writes() {
    return List.copyOf(writes);
  }

  private interface Change {
    void make() throws IOException;
  }

  private synchronized void change(Change whole, Change half) throws IOException {
    if (dead) {
      throw new Crash();
    }
    changes++;
    if (changes != at) {
      whole.make();
      return;
    }
    if (fault == Fault.NO_SPACE) {
      half.make();
      throw new IOException("No space left on device");
    }
    dead = true;
    if (fault == Fault.CRASH_HALFWAY) {
      half.make();
    }
    throw new Crash();
  }

  @Override
  public void createDirectories(Path folder) throws IOException {
    change(() -> disk.createDirectories(folder), () -> {});
  }

  @Override
  public void write(Path file, Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    content.to(bytes);
    byte[] half = Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2);
    writes.add(changes + 1);
    change(() -> disk.write(file, content), () -> disk.write(file, Content.of(half)));
  }

  @Override
  public void createNew(Path file, byte[] content) throws IOException {
    change(() -> disk.createNew(file, content), () -> {});
  }

  @Override
  public void append(Path file, byte[] content) throws IOException {
    change(
        () -> disk.append(file, content),
        () -> disk.append(file, Arrays.copyOf(content, content.length / 2)));
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    change(() -> disk.move(from, to), () -> {});
  }

  @Override
  public void delete(Path path) throws IOException {
    change(() -> disk.delete(path), () -> {});
  }

  @Override
  public FileTime now(Path folder) throws IOException {
    return disk.now(folder);
  }

  @Override
  public long free(Path folder) throws IOException {
    return disk.free(folder);
  }

  @Override
  public void force(Path folder) throws IOException {
    change(() -> disk.force(folder), () -> {});
  }
}
