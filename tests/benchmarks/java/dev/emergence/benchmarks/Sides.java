package dev.emergence.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The processes that take part, by name; the peer of the ratios is {@link #PEER}. */
final class Sides {
  static final String OURS = "ours";
  static final String OURS_FULL = "ours-full";
  static final String PEER = "libtorch";
  private static final String SHORTCUT = "libtorch-shortcut";
  private static final String PYTHON = "python-torch";
  private static final List<String> JAVA = List.of(OURS, OURS_FULL, PEER, SHORTCUT);
  private static final Path SCRIPT = Path.of("tests/benchmarks/torch_side.py");

  private final Optional<String> python;

  /** Looks for a Python with torch; without one there is no such side, and a line says so. */
  Sides(Report report) {
    this.python =
        List.of("/usr/bin/python3", "python3").stream().filter(Sides::hasTorch).findFirst();
    if (python.isEmpty()) {
      report.say("No python3 with torch here (Debian: python3-torch); that side is left out.");
    }
  }

  private static boolean hasTorch(String python) {
    if (python.startsWith("/") && !Files.isExecutable(Path.of(python))) {
      return false;
    }
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import torch")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (java.io.IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Commands of all sides. @param file {@link Start}'s */
  Map<String, List<String>> commands(Workload workload, Path file) {
    Map<String, List<String>> commands = new LinkedHashMap<>();
    boolean last = workload.predicts().lastOnly();
    for (String name : JAVA) {
      // Where every position is predicted from there is nothing to leave out.
      if (last || !name.equals(SHORTCUT)) {
        commands.put(name, java(name, workload, file));
      }
    }
    // The script knows the first paper's model alone.
    python
        .filter(p -> last)
        .ifPresent(p -> commands.put(PYTHON, List.of(p, SCRIPT.toString(), file.toString())));
    return commands;
  }

  /** The command of one of our sides. */
  static List<String> java(String name, Workload workload, Path file) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-Dorg.bytedeco.javacpp.maxBytes=0",
        "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
        "-cp",
        System.getProperty("java.class.path"),
        SideProcess.class.getName(),
        name,
        workload.name(),
        file.toString());
  }
}
