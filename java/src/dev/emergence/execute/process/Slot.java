package dev.emergence.execute.process;

import dev.emergence.execute.device.Unavailable;
import dev.emergence.execute.run.Death;
import dev.emergence.execute.run.Site;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Claims;
import dev.emergence.result.Damaged;
import dev.emergence.result.FolderGone;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One place in a pool: a worker process, watched, and replaced when it dies. */
final class Slot {
  /** After so many deaths in a row before a run was begun, starting another makes no sense. */
  private static final int MOST_DEAD_AT_START = 3;

  /**
   * The same for those that were killed from outside, which says less about what they were to do.
   */
  private static final int MOST_KILLED_AT_START = 10;

  /** Exit code of a process that SIGKILL has ended. */
  private static final int KILLED = 137;

  private static final long LOOK_MILLIS = 100;
  private static final long GRACE_SECONDS = 10;

  /** A process that does not write its threads by then writes none. */
  private static final long DUMP_SECONDS = 20;

  private final Launcher launcher;
  private final Site site;
  private final int retries;
  private final Map<String, PlannedRun> runs;
  private int deadAtStart;

  /**
   * A place.
   *
   * @param retries deaths over a run that are forgiven
   * @param runs by id
   */
  Slot(Launcher launcher, Site site, int retries, Map<String, PlannedRun> runs) {
    this.launcher = launcher;
    this.site = site;
    this.retries = retries;
    this.runs = runs;
  }

  /**
   * Keeps a process at work until one says that nothing is left.
   *
   * @throws Unavailable when the device cannot be had, or processes die before they begin
   * @throws IOException when results cannot be written
   */
  Void serve(String orders) throws IOException {
    while (!site.interrupt().requested()) {
      Process process = launcher.start(site.results().root());
      Heard heard = new Heard(launcher.quiet(), System.nanoTime());
      Thread listener = new Thread(() -> listen(process, heard), "emergence-listener");
      listener.start();
      int code = watch(process, heard, orders);
      join(listener);
      if (code == WorkerProcess.DONE) {
        return null;
      }
      recordEnd(process, code, heard);
    }
    return null;
  }

  private int watch(Process process, Heard heard, String orders) throws IOException {
    try {
      process.getOutputStream().write((orders + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      // It died before it read its orders; its exit code tells.
      return exitCode(process);
    }
    try {
      while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        if (site.interrupt().requested()) {
          return end(process);
        }
        site.results().requireThere();
        killWhenSilent(process, heard);
      }
    } catch (FolderGone e) {
      process.destroyForcibly();
      exitCode(process);
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return end(process);
    }
    return process.exitValue();
  }

  /** Closing its input asks it to save and end. */
  private static int end(Process process) throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    return exitCode(process);
  }

  private static int exitCode(Process process) {
    return process.onExit().join().exitValue();
  }

  private void killWhenSilent(Process process, Heard heard) {
    Optional<Long> silent = heard.tooLongSilent(System.nanoTime());
    if (silent.isPresent()) {
      site.progress()
          .note(
              "worker "
                  + process.pid()
                  + " gave no sign of life for "
                  + silent.get()
                  + " s and is killed; a thread dump is in "
                  + log());
      heard.silent = true;
      dump(process, heard);
      process.destroyForcibly();
      exitCode(process);
    }
  }

  /** A process that stands still because the machine is busy also writes its threads late. */
  private void dump(Process process, Heard heard) {
    long asked = System.nanoTime();
    try {
      new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid()))
          .start()
          .waitFor(2, TimeUnit.SECONDS);
      long last = asked + TimeUnit.SECONDS.toNanos(DUMP_SECONDS);
      while (process.isAlive()
          && !site.interrupt().requested()
          && !heard.hasSettled(asked, System.nanoTime())
          && System.nanoTime() < last) {
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (IOException e) {
      // No dump then; the kill follows anyway.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen(Process process, Heard heard) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null) {
        hear(line, heard);
        line = lines.readLine();
      }
    } catch (IOException | UncheckedIOException e) {
      heard.lastLine = e.getMessage();
    }
  }

  private void hear(String line, Heard heard) throws IOException {
    heard.line(System.nanoTime());
    try {
      if (Wire.Message.isOne(line)) {
        hear(Wire.Message.parse(line), heard);
        return;
      }
    } catch (Damaged e) {
      // Cut short by a death in the middle of a line: kept as text.
    }
    heard.lastLine = line;
    Files.writeString(log(), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void hear(Wire.Message message, Heard heard) {
    heard.begun |= message.event().equals("started");
    if (message.event().equals("at")) {
      heard.measured();
    } else if (message.event().equals("started")) {
      heard.working.add(message.text("run"));
    } else if (message.event().equals("ended")) {
      heard.working.remove(message.text("run"));
    } else if (message.event().equals(Wire.STOP)) {
      site.interrupt().requestAfterFailure(message.text("text"));
    } else if (Set.of(Wire.UNAVAILABLE, Wire.STORAGE, Wire.GONE).contains(message.event())) {
      heard.end = Optional.of(message);
    }
    message.to(site.progress(), runs);
  }

  /** What a process that has not finished means for its runs and for those after it. */
  private void recordEnd(Process process, int code, Heard heard) throws IOException {
    boolean died = !site.interrupt().requested() && code != WorkerProcess.INTERRUPTED;
    boolean killed = code == KILLED && !heard.silent;
    String cause = heard.silent ? " (it gave no sign of life)" : cause(code, process.pid());
    if (died && heard.end.isEmpty()) {
      site.progress()
          .note("worker " + process.pid() + " died" + cause + "; another takes its place");
      recordDeaths(
          heard.working,
          killed ? Death.fromOutside(site, retries, cause) : Death.byFault(site, retries, cause));
    }
    for (String id : runs.keySet()) {
      Claims.release(site.results(), id, process.pid());
    }
    if (heard.end.isPresent()) {
      raise(heard.end.get());
    }
    deadAtStart = heard.begun || !died ? 0 : deadAtStart + 1;
    if (deadAtStart >= (killed ? MOST_KILLED_AT_START : MOST_DEAD_AT_START)) {
      throw new Unavailable("worker processes die at their start" + cause + ": " + heard.lastLine);
    }
  }

  private void recordDeaths(Set<String> working, Death death) throws IOException {
    for (String id : working) {
      if (runs.containsKey(id)) {
        death.survives(runs.get(id));
      }
    }
  }

  private static void raise(Wire.Message end) throws IOException {
    if (end.event().equals(Wire.GONE)) {
      throw new FolderGone(end.text("text"));
    } else if (end.event().equals(Wire.STORAGE)) {
      throw new IOException(end.text("text"));
    }
    throw new Unavailable(end.text("text"));
  }

  private String cause(int code, long pid) {
    Path report = site.results().root().resolve("hs_err_pid" + pid + ".log");
    if (Files.exists(report)) {
      return " (a native crash, see " + report + ")";
    }
    return switch (code) {
      case 134 -> " (SIGABRT)";
      case 135 -> " (SIGBUS)";
      case 136 -> " (SIGFPE)";
      case KILLED -> " (SIGKILL: killed by hand, or out of memory)";
      case 139 -> " (SIGSEGV)";
      default -> " (exit code " + code + ")";
    };
  }

  private Path log() {
    return site.results().root().resolve("workers.log");
  }

  private static void join(Thread thread) {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(GRACE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
