package dev.emergence.execute.cluster;

import dev.emergence.execute.device.Unavailable;
import dev.emergence.result.Asked;
import dev.emergence.spec.Extensions;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Slurm array of workers. Elements are workers, not runs: each claims one run after the other
 * until its wall time nears, so that neither {@code MaxArraySize} nor the spread of durations
 * matters. An element that is stopped saves its state and requeues itself.
 *
 * @param name of the job
 * @param folder the results folder, absolute
 * @param workers elements
 * @param gres what an element gets beside processors, such as {@code gpu:1}; empty: nothing
 * @param threads processors of an element, besides the one that watches
 * @param memory of an element, in GB
 * @param time wall time of an element
 * @param options further options for sbatch, such as {@code --constraint=a|b}
 * @param setup lines of shell before the worker starts, such as {@code module load cuda}
 * @param part options of the worker that choose a part of the plan
 */
public record SlurmArray(
    String name,
    Path folder,
    int workers,
    String gres,
    int threads,
    int memory,
    Duration time,
    List<String> options,
    List<String> setup,
    List<String> part) {

  /** A long or short option and, after its sign, a value without control characters. */
  private static final Pattern OPTION =
      Pattern.compile("(--[a-z][a-z-]*(?:[= ]|$)|-[A-Za-z] ?)([^\\p{Cntrl}]*)");

  /**
   * Another array, or a command in place of the script. sbatch takes a long option by any beginning
   * that no other one has, and a short one's value without a blank, also behind short options that
   * have none: {@code -Ha0-3}.
   */
  private static final Pattern NOT_OURS =
      Pattern.compile("(--ar(r(ay?)?)?\\b|--wr(ap?)?\\b|-[HIOQVWhsuv]*a).*");

  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|'[^']*'");

  /**
   * Java reads file names by the locale's character set. A job may have none, and could then not
   * open names beyond ASCII.
   */
  private static final String LOCALE =
      "case \"${LC_ALL:-${LC_CTYPE:-${LANG:-}}}\" in *[Uu][Tt][Ff]*) ;;"
          + " *) export LC_ALL=C.UTF-8 ;; esac\n";

  /**
   * Time kept free at the end for saving; the scheduler's own warning comes two minutes before the
   * end.
   */
  private static final Duration RESERVE = Duration.ofMinutes(10);

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  public SlurmArray {
    options = options.stream().map(SlurmArray::option).toList();
    setup = List.copyOf(setup);
    part = List.copyOf(part);
    if (folder.toString().matches("(?s).*[\\p{Cntrl}\"%\\\\].*")) {
      throw new IllegalArgumentException(
          "the results folder's name must have no quotes, % or control characters: " + folder);
    }
    if (!gres.matches("[\\w:=.,@%/+()\\[\\]-]*")) {
      throw new IllegalArgumentException(
          "--gres is such as gpu:1 or gpu:a100:2, got '" + gres + "'");
    }
    for (String line : setup) {
      if (line.isBlank() || line.matches("(?s).*\\p{Cntrl}.*")) {
        throw new IllegalArgumentException(
            "--setup takes one line of shell, such as 'module load cuda', got '" + line + "'");
      }
    }
  }

  /**
   * An option as a line for sbatch, which splits words as a shell does: a value with blanks is put
   * between quotes, unless it has quotes of its own.
   */
  private static String option(String text) {
    Matcher m = OPTION.matcher(text);
    if (!m.matches() || hasWordsBehindQuotes(m.group(2))) {
      throw new IllegalArgumentException(
          "--sbatch takes one option for sbatch, such as --partition=short or"
              + " \"--constraint=a|b\", got '"
              + text
              + "'");
    }
    if (NOT_OURS.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "--sbatch: the script and its array are made here, with an element for each worker; use"
              + " --workers and --setup instead of '"
              + text
              + "'");
    }
    String value = m.group(2) == null ? "" : m.group(2);
    boolean bare = value.matches(".*[\\s#;].*") && !value.matches(".*[\"'].*");
    return bare ? m.group(1) + "\"" + value + "\"" : text;
  }

  /** Such words would be options of their own. */
  private static boolean hasWordsBehindQuotes(String value) {
    return value.matches(".*[\"'].*") && QUOTED.matcher(value).replaceAll("").matches(".*\\s.*");
  }

  /** The script. */
  public String script() {
    StringBuilder out = new StringBuilder("#!/bin/bash\n");
    out.append("#SBATCH --job-name=").append(name.replaceAll("[^\\w.+-]", "-")).append('\n');
    out.append("#SBATCH --array=0-").append(workers - 1).append('\n');
    if (!gres.isEmpty()) {
      out.append("#SBATCH --gres=").append(gres).append('\n');
    }
    out.append("#SBATCH --cpus-per-task=")
        .append(threads + 1)
        .append(" --mem=")
        .append(memory)
        .append("G\n");
    out.append("#SBATCH --time=").append(clock(time)).append('\n');
    out.append("#SBATCH --requeue --open-mode=append --signal=B:TERM@120\n");
    out.append("#SBATCH --output=\"").append(folder).append("/slurm/%A_%a.log\"\n");
    options.forEach(option -> out.append("#SBATCH ").append(option).append('\n'));
    setup.forEach(line -> out.append(line).append('\n'));
    out.append(LOCALE);
    out.append(java()).append(" worker ").append(quoted(folder.toString()));
    part.forEach(word -> out.append(' ').append(quoted(word)));
    Extensions.jars().forEach(jar -> out.append(" --plugin ").append(quoted(jar.toString())));
    out.append(" --slot \"$SLURM_ARRAY_TASK_ID\" --stop-after ")
        .append(stopAfter().toSeconds())
        .append("s &\n");
    // bash hears the signal while it waits; the second wait is for the worker to save.
    out.append("child=$!; trap 'kill -TERM $child' TERM; wait $child; rc=$?\n");
    out.append("[ $rc -gt 128 ] && { wait $child; rc=$?; }\n");
    out.append(
        "[ $rc -eq 75 ] && scontrol requeue \"${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}\"\n");
    return out.append("exit $rc\n").toString();
  }

  private Duration stopAfter() {
    Duration early = time.minus(RESERVE);
    Duration share = time.multipliedBy(9).dividedBy(10);
    return early.compareTo(share) > 0 ? early : share;
  }

  private static String clock(Duration time) {
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
  }

  /** The command that starts this program again, from a jar or from classes. */
  private static String java() {
    String binary = quoted(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    try {
      Path code =
          Path.of(SlurmArray.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isDirectory(code)
          ? binary
              + " -cp "
              + quoted(System.getProperty("java.class.path"))
              + " dev.emergence.cli.Main"
          : binary + " -jar " + quoted(code.toString());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /**
   * Asks the scheduler whether such an array fits.
   *
   * @throws Unavailable with the numbers, when it does not or when there is no Slurm here
   */
  public void requireRoom() {
    String configuration = call(List.of("scontrol", "show", "config"));
    Matcher limit = Pattern.compile("MaxArraySize\\s*=\\s*(\\d+)").matcher(configuration);
    if (limit.find() && workers > Integer.parseInt(limit.group(1))) {
      throw new Unavailable(
          workers
              + " workers are more than MaxArraySize "
              + limit.group(1)
              + " allows; fewer workers do the same runs, one after the other");
    }
    if (!gres.isEmpty() && !gres.equals("none")) {
      List<Gres> wanted = Gres.list(gres);
      String known = call(List.of("sinfo", "--noheader", "--format=%G"));
      if (known
          .lines()
          .map(Gres::list)
          .noneMatch(node -> wanted.stream().allMatch(one -> one.fits(node)))) {
        throw new Unavailable(
            "no node offers '"
                + gres
                + "'; sinfo knows: "
                + String.join(" ", known.lines().distinct().toList()));
      }
    }
  }

  /**
   * Submits the script.
   *
   * @return what sbatch says
   * @throws Unavailable when it refuses
   */
  public String submit(Path script) {
    return call(List.of("sbatch", script.toString())).strip();
  }

  private static String call(List<String> command) {
    try {
      Optional<Asked> said = Asked.ask(command, PATIENCE);
      if (said.isEmpty() || said.get().code() != 0) {
        throw new Unavailable(
            String.join(" ", command)
                + " failed: "
                + said.map(s -> s.text().strip()).filter(s -> !s.isEmpty()).orElse("no answer"));
      }
      return said.get().text();
    } catch (IOException e) {
      throw new Unavailable(
          "there is no Slurm on this machine: "
              + command.get(0)
              + " cannot be started; --dry-run writes the script alone",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable(String.join(" ", command) + " was interrupted", e);
    }
  }
}
