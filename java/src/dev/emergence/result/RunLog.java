package dev.emergence.result;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * A run's lines for people, {@code log.txt}: written while the run is worked on, and kept with what
 * is finished.
 *
 * @param finished the folder of the finished run
 * @param partial that of the unfinished one
 */
record RunLog(Path finished, Path partial, Disk disk) {

  private static Path in(Path folder) {
    return folder.resolve(RunFiles.LOG);
  }

  private static boolean isFile(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** Adds a line to the unfinished run's log. */
  void add(String line) throws IOException {
    byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
    new Unfinished(partial, disk).write(() -> disk.append(in(partial), text));
  }

  /** Begins the unfinished run's log with that of the finished one, where there is one. */
  void carryOn() throws IOException {
    if (isFile(in(finished))) {
      disk.append(in(partial), Files.readAllBytes(in(finished)));
    }
  }

  /** Copies the unfinished run's log, where there is one, to the folder of a result. */
  void copyTo(Path folder) throws IOException {
    if (isFile(in(partial))) {
      disk.write(in(folder), Disk.Content.of(Files.readAllBytes(in(partial))));
    }
  }

  /** At most so many bytes from the end of the log, of the unfinished run first. */
  String tail(int bytes) {
    for (Path file : List.of(in(partial), in(finished))) {
      if (isFile(file)) {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
          byte[] tail = new byte[(int) Math.min(bytes, in.length())];
          in.seek(in.length() - tail.length);
          in.readFully(tail);
          return new String(tail, StandardCharsets.UTF_8);
        } catch (IOException e) {
          continue;
        }
      }
    }
    return "";
  }
}
