package dev.emergence.result;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * The machine's file system without waiting for the device, for tests that are not about power
 * cuts.
 */
public class QuickDisk implements Disk {
  private final Disk local = Disk.local();
  private final long free;

  /** With as much room as one could want. */
  public QuickDisk() {
    this(Long.MAX_VALUE);
  }

  /**
   * @param free bytes that are said to be free
   */
  public QuickDisk(long free) {
    this.free = free;
  }

  @Override
  public void createDirectories(Path folder) throws IOException {
    local.createDirectories(folder);
  }

  @Override
  public void createDirectory(Path folder) throws IOException {
    local.createDirectory(folder);
  }

  @Override
  public void write(Path file, Content content) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      content.to(out);
    }
  }

  @Override
  public void createNew(Path file, byte[] content) throws IOException {
    local.createNew(file, content);
  }

  @Override
  public void append(Path file, byte[] content) throws IOException {
    local.append(file, content);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    local.move(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    local.delete(path);
  }

  @Override
  public FileTime now(Path folder) throws IOException {
    return local.now(folder);
  }

  @Override
  public long free(Path folder) {
    return free;
  }

  @Override
  public void force(Path folder) {}
}
