package dev.emergence.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The experiment files that {@code reproduce} is asked for. */
final class PaperFiles {
  private PaperFiles() {}

  /**
   * The files themselves.
   *
   * @param what files, and papers such as {@code paper1}
   * @param folder into which those of a paper are written, as the program brings them
   * @throws Refusal when something is neither
   */
  static List<Path> of(List<String> what, Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String one : what) {
      if (Files.isRegularFile(Path.of(one))) {
        files.add(Path.of(one));
        continue;
      }
      Examples examples = Examples.load();
      List<String> paths = examples.ofPaper(one);
      for (String path : paths) {
        files.add(written(examples, path, folder.resolve(one)));
      }
      if (paths.isEmpty()) {
        throw new Refusal(
            ExitCode.USAGE, "'" + one + "' is no file and no paper; papers are paper1 and paper2");
      }
    }
    return files;
  }

  private static Path written(Examples examples, String path, Path folder) throws IOException {
    for (Map.Entry<String, String> file : examples.withBases(path).entrySet()) {
      Path target = folder.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.writeString(target, file.getValue());
    }
    return folder.resolve(Path.of(path).getFileName());
  }
}
