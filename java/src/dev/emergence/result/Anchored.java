package dev.emergence.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/**
 * A disk that changes nothing more once a results folder is gone. Otherwise whatever is written
 * next would make a new, empty folder of its name, without a word about the one that was moved.
 */
final class Anchored implements Disk {
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final int LOOKS = 25;

  private final Disk disk;
  private final Path root;
  private final Path anchor;
  private final Object key;

  /**
   * @param anchor the folder under {@code root} that must stay the same
   */
  Anchored(Disk disk, Path root, Path anchor) throws IOException {
    this.disk = disk;
    this.root = root;
    this.anchor = anchor;
    this.key = key(anchor);
  }

  /** What tells a folder from another one of its name; null where a file system has no such key. */
  private static Object key(Path folder) throws IOException {
    return Files.readAttributes(folder, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  /**
   * @throws FolderGone when the folder is not the one that was opened
   */
  void require() throws FolderGone {
    boolean there;
    try {
      there = Objects.equals(key(anchor), key);
    } catch (IOException e) {
      there = false;
    }
    if (!there) {
      throw new FolderGone(
          (Files.isDirectory(root) ? anchor : root)
              + " is gone (moved or deleted?); what it holds, wherever it is now, can be continued"
              + " by naming it with --out");
    }
  }

  /**
   * As {@link #require}, for half a second: a folder that is being deleted loses what is in it
   * first.
   *
   * @throws FolderGone when the folder goes meanwhile
   */
  void requireToStay() throws FolderGone {
    for (int look = 0; look < LOOKS; look++) {
      require();
      LockSupport.parkNanos(LOOK.toNanos());
    }
    require();
  }

  private interface Change<T> {
    T make() throws IOException;
  }

  /** The folder may go away between the look at it and the change. */
  private <T> T guarded(Change<T> change) throws IOException {
    require();
    try {
      return change.make();
    } catch (IOException e) {
      require();
      throw e;
    }
  }

  private interface Step {
    void make() throws IOException;
  }

  private void step(Step step) throws IOException {
    guarded(
        () -> {
          step.make();
          return true;
        });
  }

  @Override
  public void createDirectories(Path folder) throws IOException {
    if (folder.startsWith(anchor)) {
      step(() -> createBelow(folder));
    } else {
      step(() -> disk.createDirectories(folder));
    }
  }

  /** Level by level, so that an anchor that goes away in between is not made anew. */
  private void createBelow(Path folder) throws IOException {
    Path level = anchor;
    for (Path name : anchor.relativize(folder)) {
      if (!name.toString().isEmpty()) {
        level = level.resolve(name);
        disk.createDirectory(level);
      }
    }
  }

  @Override
  public void write(Path file, Content content) throws IOException {
    step(() -> disk.write(file, content));
  }

  @Override
  public void createNew(Path file, byte[] content) throws IOException {
    step(() -> disk.createNew(file, content));
  }

  @Override
  public void append(Path file, byte[] content) throws IOException {
    step(() -> disk.append(file, content));
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    step(() -> disk.move(from, to));
  }

  @Override
  public void delete(Path path) throws IOException {
    step(() -> disk.delete(path));
  }

  @Override
  public void force(Path folder) throws IOException {
    step(() -> disk.force(folder));
  }

  @Override
  public FileTime now(Path folder) throws IOException {
    return guarded(() -> disk.now(folder));
  }

  @Override
  public long free(Path folder) throws IOException {
    return guarded(() -> disk.free(folder));
  }

  /**
   * @param bytes of the largest file that is about to be written
   * @throws DiskFull when less than three such files and 64 MiB are free
   */
  void requireSpace(long bytes) throws IOException {
    long needed = 3 * bytes + (64L << 20);
    long free = free(root);
    if (free < needed) {
      throw new DiskFull(
          root
              + ": only "
              + (free >> 20)
              + " MiB are free, "
              + (needed >> 20)
              + " MiB are needed; free some space and run again: nothing is lost");
    }
  }
}
