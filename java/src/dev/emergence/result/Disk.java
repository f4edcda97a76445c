package dev.emergence.result;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * Every change that results make to a file system goes through here, so that tests can let any one
 * of them fail. Reading is plain {@link java.nio.file.Files}: what is read is checked by content.
 */
public interface Disk {
  /** The machine's own file system. */
  static Disk local() {
    return new LocalDisk();
  }

  /** Makes a folder and its parents; nothing happens where it exists. */
  void createDirectories(Path folder) throws IOException;

  /** Makes one folder in another that must be there; one that is there already stays. */
  default void createDirectory(Path folder) throws IOException {
    if (!Files.isDirectory(folder.getParent())) {
      throw new NoSuchFileException(folder.getParent().toString());
    }
    createDirectories(folder);
  }

  /**
   * Writes a file, in place of an older one, and forces its content to the device. It is not final
   * until it has been renamed.
   */
  void write(Path file, Content content) throws IOException;

  /**
   * Makes a file that must not exist yet, with its content, in one step that only one process can
   * win.
   *
   * @throws java.nio.file.FileAlreadyExistsException when another was first
   */
  void createNew(Path file, byte[] content) throws IOException;

  /** Adds to the end of a file, which is made if needed; not forced to the device. */
  void append(Path file, byte[] content) throws IOException;

  /** Renames a file or folder in one step, replacing a file of that name. */
  void move(Path from, Path to) throws IOException;

  /**
   * Removes a file or a folder with all it holds; links are removed, never followed. Nothing
   * happens where there is none.
   */
  void delete(Path path) throws IOException;

  /** Forces a folder's entries (new, renamed, removed files) to the device. */
  void force(Path folder) throws IOException;

  /**
   * The time by the clock that stamps files in a folder, which may be another machine's: the one
   * clock by which ages of files can be compared.
   */
  FileTime now(Path folder) throws IOException;

  /** Bytes that can still be written where a folder lies. */
  long free(Path folder) throws IOException;

  /** What is written into a file. */
  @FunctionalInterface
  interface Content {
    /** Writes all of it. */
    void to(OutputStream out) throws IOException;

    /** Bytes as they are. */
    static Content of(byte[] bytes) {
      return out -> out.write(bytes);
    }
  }

  /** What is written into two files in one pass. */
  @FunctionalInterface
  interface Contents {
    /** Writes all of both. */
    void to(OutputStream first, OutputStream second) throws IOException;
  }
}
