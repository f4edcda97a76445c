package dev.emergence.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A process, so that another one can tell later whether it still lives. A process id alone may have
 * been given away again; with the start time it is one of a kind.
 *
 * @param machine host name and process namespace: only inside one can a process id be looked up
 * @param boot changes when the machine starts anew
 * @param pid process id
 * @param start when it started, in the system's own ticks
 * @param job the scheduler's cluster and job, such as {@code lab/1234}, or empty
 * @param keeper pid and start time of the process that started it and settles its death; or empty
 */
public record ProcessIdentity(
    String machine, String boot, long pid, String start, String job, String keeper) {

  /** A pid and a start, which is empty where it was not known; or nothing. */
  private static final Pattern KEEPER = Pattern.compile("(\\d{1,18} .*)?");

  /** This process. */
  public static ProcessIdentity current() {
    long pid = ProcessHandle.current().pid();
    return new ProcessIdentity(
        machineHere(), bootHere(), pid, startOf(pid).orElse(""), SlurmJobs.here(), "");
  }

  /** The same process, kept by the one that started it. */
  public ProcessIdentity keptByParent() {
    String parent =
        ProcessHandle.current()
            .parent()
            .map(p -> p.pid() + " " + startOf(p.pid()).orElse(""))
            .orElse("");
    return new ProcessIdentity(machine, boot, pid, start, job, parent);
  }

  /** Whether this can be said from here: on the same machine it can. */
  public boolean isHere() {
    return machine.equals(machineHere());
  }

  /** Whether the process lives. Only for one that {@link #isHere}. */
  public boolean isAlive() {
    return boot.equals(bootHere()) && startOf(pid).map(start::equals).orElse(false);
  }

  /** Whether its keeper lives, who settles what it leaves. Only for one that {@link #isHere}. */
  boolean isKept() {
    String[] parts = keeper.split(" ");
    return boot.equals(bootHere())
        && parts.length == 2
        && startOf(Long.parseLong(parts[0])).map(parts[1]::equals).orElse(false);
  }

  Map<String, Object> tree() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("machine", machine);
    out.put("boot", boot);
    out.put("pid", pid);
    out.put("start", start);
    out.put("job", job);
    out.put("keeper", keeper);
    return out;
  }

  /**
   * From a claim.
   *
   * @throws Damaged when it names no process
   */
  static ProcessIdentity of(Map<String, Object> tree) throws Damaged {
    if (tree.get("machine") instanceof String machine
        && tree.get("boot") instanceof String boot
        && tree.get("pid") instanceof Number pid
        && tree.get("start") instanceof String start
        && KEEPER.matcher(text(tree, "keeper")).matches()) {
      return new ProcessIdentity(
          machine, boot, pid.longValue(), start, text(tree, "job"), text(tree, "keeper"));
    }
    throw new Damaged("a claim names no process: " + tree);
  }

  private static String text(Map<String, Object> tree, String key) {
    return tree.get(key) instanceof String found ? found : "";
  }

  /**
   * Ticks since boot at which a process started, from field 22 of its stat; a zombie counts as
   * gone.
   */
  private static Optional<String> startOf(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The command's name stands in parentheses and may hold blanks.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return fields[0].equals("Z") || fields[0].equals("X")
          ? Optional.empty()
          : Optional.of(fields[19]);
    } catch (IOException | RuntimeException e) {
      // No /proc: the handle knows the start to the second.
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .flatMap(h -> h.info().startInstant())
          .map(Instant::toString);
    }
  }

  private static String machineHere() {
    return Provenance.host()
        + " "
        + read(() -> Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString());
  }

  private static String bootHere() {
    return read(() -> Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
  }

  private interface Reading {
    String get() throws IOException;
  }

  private static String read(Reading reading) {
    try {
      return reading.get();
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }
}
