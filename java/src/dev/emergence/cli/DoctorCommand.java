package dev.emergence.cli;

import dev.emergence.backend.Devices;
import dev.emergence.result.Provenance;
import dev.emergence.spec.Bytes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}: what this machine has and lacks; the first thing to ask for in a bug report. */
@Command(
    name = "doctor",
    description =
        "Shows what this machine has and what is missing. Send its output with" + " a bug report.")
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--numerics",
      description =
          "Also trains a small model on each device and on the float64 reference,"
              + " and compares.")
  private boolean numerics;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    row(out, "emergence", Provenance.version() + ", commit " + Provenance.commit());
    for (Map.Entry<String, Object> fact : Provenance.machine().entrySet()) {
      row(out, fact.getKey(), fact.getValue().toString());
    }
    row(out, "heap", Bytes.text(Runtime.getRuntime().maxMemory()));
    Path here = Path.of("").toAbsolutePath();
    row(
        out,
        "disk",
        Bytes.text(here.toFile().getUsableSpace())
            + " free here"
            + fileSystem(here)
            + ", "
            + (Files.isWritable(here) ? "writable" : "NOT writable"));
    Found cpu = device(out, "cpu");
    Found cuda = device(out, "cuda");
    Devices.cudaSearch().forEach(line -> row(out, "", line));
    return exitCode(cpu, cuda);
  }

  /** What became of a device that was looked for. */
  enum Found {
    ABSENT,
    WRONG,
    WELL
  }

  /** A machine needs no GPU, but no device that it has may compute something else. */
  static int exitCode(Found cpu, Found cuda) {
    return cpu == Found.WELL && cuda != Found.WRONG ? ExitCode.OK : ExitCode.ENVIRONMENT;
  }

  /** The kind of file system, where the table of mounts shows it; a container need not. */
  private static String fileSystem(Path here) {
    try {
      return " (" + Files.getFileStore(here).type() + ")";
    } catch (IOException e) {
      return "";
    }
  }

  /** Whether the device can be used, and agrees with the reference if that was asked for. */
  private Found device(PrintWriter out, String name) {
    Optional<String> missing;
    try {
      missing = Devices.missing(name);
    } catch (LinkageError e) {
      missing = Optional.of(e.toString());
    }
    if (missing.isPresent()) {
      row(out, name, "not available: " + missing.get());
      return Found.ABSENT;
    }
    row(out, name, Agreement.describe(name));
    if (!numerics) {
      return Found.WELL;
    }
    Agreement agreement = Agreement.with(name);
    row(out, name + " numerics", agreement.text());
    return agreement.holds() ? Found.WELL : Found.WRONG;
  }

  private static void row(PrintWriter out, String name, String value) {
    out.println(Numbers.text("%-14s %s", name, value));
  }
}
