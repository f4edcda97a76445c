package dev.emergence.cli;

import dev.emergence.analysis.TimesTable;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Tables that users name on the command line. */
final class OwnTable {
  /** A setting in a path, between slashes, commas or underscores: {@code d=16_batch_size=32/}. */
  private static final Pattern SETTING =
      Pattern.compile(
          "(?<=^|[/,_])([A-Za-z][A-Za-z0-9_.]*)=([^/,=]+?)(?=$|[/,]|_[A-Za-z][A-Za-z0-9_.]*=)");

  private static final Pattern ENDING = Pattern.compile("\\.(csv|tsv|txt|jsonl|ndjson)$");

  private OwnTable() {}

  /** Reads one, or says why it cannot be read. */
  static TimesTable read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new Refusal(ExitCode.INVALID_FILE, file + " is a folder, not a table");
    }
    try {
      return TimesTable.read(file);
    } catch (TimesTable.Unusable e) {
      String where = e.getMessage().startsWith("row ") ? file + ", " : "";
      throw new Refusal(ExitCode.INVALID_FILE, where + e.getMessage());
    } catch (NoSuchFileException e) {
      throw new Refusal(ExitCode.INVALID_FILE, file + " is not there");
    } catch (CharacterCodingException e) {
      throw new Refusal(ExitCode.INVALID_FILE, file + " is no text in UTF-8");
    }
  }

  /**
   * Settings that programs put into the names of folders and files, such as {@code d=16,seed=0}.
   */
  static Map<String, String> settings(Path file) {
    String path = ENDING.matcher(file.toString().replace('\\', '/')).replaceFirst("");
    Map<String, String> out = new LinkedHashMap<>();
    SETTING.matcher(path).results().forEach(found -> out.put(found.group(1), found.group(2)));
    return out;
  }
}
