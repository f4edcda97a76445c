package dev.emergence.cli;

import dev.emergence.analysis.TimesTable;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Tables that users name on the command line. */
final class OwnTable {
  private OwnTable() {}

  /** Reads one, or says why it cannot be read. */
  static TimesTable read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new Refusal(ExitCode.INVALID_FILE, file + " is a folder, not a table");
    }
    try {
      return TimesTable.read(file);
    } catch (TimesTable.Unusable e) {
      throw new Refusal(ExitCode.INVALID_FILE, e.getMessage());
    } catch (NoSuchFileException e) {
      throw new Refusal(ExitCode.INVALID_FILE, file + " is not there");
    } catch (CharacterCodingException e) {
      throw new Refusal(ExitCode.INVALID_FILE, file + " is no text in UTF-8");
    }
  }
}
