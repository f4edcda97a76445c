package dev.emergence.result;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** What a file system refused, in words: the path and the cause, without names of classes. */
public final class FileTrouble {
  private static final String HINT = "; free some space and run again: what is finished is kept";

  private FileTrouble() {}

  /** One line on an error, with what to do where that is known. */
  public static String text(IOException e) {
    String reason = reason(e);
    String lower = reason.toLowerCase(Locale.ROOT);
    boolean full = lower.contains("no space left") || lower.contains("quota exceeded");
    return full && !reason.endsWith(HINT) ? reason + HINT : reason; // a worker has said it already
  }

  /** The file that is written: it has another name until it is whole. */
  private static String file(FileSystemException e) {
    return String.valueOf(e.getFile()).replaceFirst("\\.new-[-0-9a-f]+$", "");
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return file(denied) + ": permission denied";
    } else if (e instanceof NoSuchFileException missing) {
      return file(missing) + ": no such file or folder";
    } else if (e instanceof FileAlreadyExistsException existing) {
      return file(existing) + ": is there already and is not a folder";
    } else if (e instanceof FileSystemException fs && fs.getReason() != null) {
      return file(fs) + ": " + fs.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
