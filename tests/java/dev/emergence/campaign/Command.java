package dev.emergence.campaign;

import dev.emergence.cli.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The command {@code emergence} as a process of its own, as a user starts it.
 *
 * @param said where its output and errors go
 */
record Command(Process process, Path said) implements AutoCloseable {
  /** How long a loaded machine may take for anything at all. */
  private static final long PATIENCE_SECONDS = 300;

  /**
   * Starts it.
   *
   * @param said takes output and errors
   */
  static Command start(Path said, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("setsid")); // a process group of its own
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-Djava.awt.headless=true"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // For the worker too. Short lives are not worth the second compiler; a small nursery shows
    // leaks.
    builder.environment().put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -Xmn8m");
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(said.toFile()));
    return new Command(builder.start(), said);
  }

  /** All that it has said so far. */
  String text() throws IOException {
    return Files.readString(said, StandardCharsets.UTF_8);
  }

  /** Its exit code, when it ends. */
  int exit() throws IOException, InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("does not end; it said:\n" + text());
    }
    return process.exitValue();
  }

  /** The process that trains for it, if there is one now. */
  Optional<ProcessHandle> worker() {
    return process.children().findFirst();
  }

  /** Sends a signal, such as TERM. */
  void signal(String name) throws IOException, InterruptedException {
    signal(process.toHandle(), name);
  }

  static void signal(ProcessHandle to, String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(to.pid())).start().waitFor();
  }

  /** Sends a signal to the command and all processes that it has started, at once. */
  void signalGroup(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, "--", "-" + process.pid()).start().waitFor();
  }

  /**
   * Waits until something holds, or this has ended.
   *
   * @return whether it holds
   */
  boolean await(BooleanSupplier condition) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (!process.isAlive()) {
        return condition.getAsBoolean();
      }
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited in vain; it said:\n" + text());
      }
      Thread.sleep(20);
    }
    return true;
  }

  /** Nothing of it is left running, whatever a test came to. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
