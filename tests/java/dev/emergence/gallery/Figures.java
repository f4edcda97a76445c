package dev.emergence.gallery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Figures that are kept beside the examples. */
public final class Figures {
  private static final Pattern FILE = Pattern.compile("\"file\": \"([^\"]*)\"");

  private Figures() {}

  /**
   * The experiment that drew a figure: that of {@code origin.json} beside it, or for {@code
   * PAPER/figures/[laptop-]FILE-PLOT.svg} the file by its name.
   *
   * @param figure by a path from the root of the repository
   */
  public static Optional<Path> experiment(Path figure) throws IOException {
    Path origin = figure.resolveSibling("origin.json");
    if (Files.exists(origin)) {
      Matcher file = FILE.matcher(Files.readString(origin));
      return file.find() ? Optional.of(Path.of(file.group(1))) : Optional.empty();
    }
    String name = figure.getFileName().toString().replaceAll("^laptop-|\\.svg$", "");
    for (; !name.isEmpty(); name = name.substring(0, Math.max(0, name.lastIndexOf('-')))) {
      Path yaml = figure.getParent().getParent().resolve(name + ".yaml");
      if (Files.exists(yaml)) {
        return Optional.of(yaml);
      }
    }
    return Optional.empty();
  }
}
