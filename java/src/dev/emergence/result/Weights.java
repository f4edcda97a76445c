package dev.emergence.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A run's parameters at chosen steps, without what the optimiser carries: a file each, {@code
 * weights-STEP.safetensors}, beside the unfinished run's other files and then in the finished run.
 */
public final class Weights {
  private static final Pattern NAME = Pattern.compile("weights-(\\d{1,18})\\.safetensors");

  private final Path finished;
  private final Path partial;
  private final Disk disk;

  Weights(Path finished, Path partial, Disk disk) {
    this.finished = finished;
    this.partial = partial;
    this.disk = disk;
  }

  private static String name(long step) {
    return "weights-" + step + ".safetensors";
  }

  /** Steps at which the finished run's parameters are kept, ascending. */
  public TreeSet<Long> steps() {
    return steps(finished);
  }

  /** Steps at which parameters are kept, of the finished run and of the unfinished one. */
  public TreeSet<Long> stepsSoFar() {
    TreeSet<Long> out = steps(finished);
    out.addAll(steps(partial));
    return out;
  }

  /**
   * Whether parameters are kept at all of these steps, of the finished run or of the unfinished
   * one, and are what was written. They are read.
   */
  public boolean areIntact(Collection<Long> steps) {
    try {
      for (long step : steps) {
        Safetensors.read(file(step));
      }
      return true;
    } catch (Damaged e) {
      return false;
    }
  }

  private static TreeSet<Long> steps(Path folder) {
    TreeSet<Long> out = new TreeSet<>();
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return out;
    }
    try (var files = Files.newDirectoryStream(folder, "weights-*.safetensors")) {
      for (Path file : files) {
        Matcher m = NAME.matcher(file.getFileName().toString());
        if (m.matches()) {
          out.add(Long.parseLong(m.group(1)));
        }
      }
    } catch (IOException e) {
      // They count as missing, and are made again.
      return new TreeSet<>();
    }
    return out;
  }

  /** Bytes that the parameters kept take, of the finished run and of the unfinished one. */
  public long bytes() {
    long out = 0;
    for (long step : stepsSoFar()) {
      out += file(step).toFile().length();
    }
    return out;
  }

  /** What the sizes and headers of the files kept show to be damaged, a sentence each. */
  public List<String> damage() {
    List<String> out = new ArrayList<>();
    for (long step : stepsSoFar()) {
      try {
        SafetensorsReader.check(file(step));
      } catch (Damaged e) {
        out.add(e.getMessage());
      }
    }
    return out;
  }

  /** Keeps the parameters of the unfinished run at a step; the file is whole or not there. */
  public void save(long step, Safetensors parameters) throws IOException {
    new Unfinished(partial, disk).write(() -> write(name(step), parameters));
  }

  private void write(String name, Safetensors parameters) throws IOException {
    Path fresh = partial.resolve(name + ".new-" + Writer.PROCESS);
    disk.write(fresh, parameters.content());
    disk.move(fresh, partial.resolve(name));
    disk.force(partial);
  }

  /**
   * The finished run's parameters at a step.
   *
   * @throws Damaged when they are not there or not what was written
   */
  public Safetensors read(long step) throws Damaged {
    RunFiles.verify(finished, RunFiles.result(finished), name(step));
    return Safetensors.read(finished.resolve(name(step)));
  }

  private Path file(long step) {
    Path fresh = partial.resolve(name(step));
    return Files.isRegularFile(fresh, LinkOption.NOFOLLOW_LINKS)
        ? fresh
        : finished.resolve(name(step));
  }

  /** The files of some steps by name, as they go into the finished run. */
  Map<String, Disk.Content> contents(Collection<Long> steps) {
    Map<String, Disk.Content> out = new LinkedHashMap<>();
    for (long step : new TreeSet<>(steps)) {
      Path from = file(step);
      out.put(name(step), to -> Files.copy(from, to));
    }
    return out;
  }
}
