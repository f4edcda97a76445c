package dev.emergence.execute.device;

import dev.emergence.execute.device.CohortSize.Trial;
import dev.emergence.plan.Cohort;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Damaged;
import dev.emergence.result.Disk;
import dev.emergence.result.Json;
import dev.emergence.result.Provenance;
import dev.emergence.tensor.Backend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Times of steps that were measured on this machine, by shape, device, version and number of
 * replicas, in a file of the user's. What cannot be read is measured again; what cannot be written
 * is known until the process ends. Several processes may use one file. Thread-safe.
 */
final class Speeds {
  private final Path file;
  private final Map<String, Object> known = new TreeMap<>();

  /**
   * @param file made when there is none
   */
  Speeds(Path file) {
    this.file = file;
  }

  /** The file in which a user's measurements are kept. */
  static Path usualFile() {
    String base = System.getenv("XDG_CACHE_HOME");
    Path folder =
        base == null || base.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(base);
    return folder.resolve("emergence").resolve("calibration.json");
  }

  /**
   * The size of a cohort of a shape, from what is known and from what has to be measured for it.
   *
   * @param most runs there are to train
   */
  CohortSize size(Backend backend, Engine.Trainings trainings, PlannedRun run, int most) {
    String shape =
        Cohort.digest(run.run().config())
            + " "
            + Provenance.version()
            + " "
            + backend.description();
    return CohortSize.of(
        backend,
        most,
        replicas -> trial(shape, replicas, n -> CohortSize.trial(backend, trainings, run, n)));
  }

  private synchronized Trial trial(String shape, int replicas, IntFunction<Trial> measure) {
    String key = shape + " x" + replicas;
    Optional<Trial> before = known(key, replicas).or(() -> read(key, replicas));
    if (before.isPresent()) {
      return before.get();
    }
    Trial trial = measure.apply(replicas);
    known.put(key, Map.of("seconds", trial.seconds(), "bytes", trial.bytes()));
    write();
    return trial;
  }

  private Optional<Trial> read(String key, int replicas) {
    Map<String, Object> stored = stored();
    stored.putAll(known);
    known.putAll(stored);
    return known(key, replicas);
  }

  private Optional<Trial> known(String key, int replicas) {
    return known.get(key) instanceof Map<?, ?> trial
            && trial.get("seconds") instanceof Number seconds
            && trial.get("bytes") instanceof Number bytes
        ? Optional.of(new Trial(replicas, bytes.longValue(), seconds.doubleValue()))
        : Optional.empty();
  }

  private Map<String, Object> stored() {
    try {
      return Files.exists(file) ? new HashMap<>(Json.read(file)) : new HashMap<>();
    } catch (Damaged e) {
      return new HashMap<>();
    }
  }

  /** With what others have measured meanwhile. */
  private void write() {
    Map<String, Object> all = new TreeMap<>(stored());
    all.putAll(known);
    try {
      Disk disk = Disk.local();
      disk.createDirectories(file.getParent());
      Path fresh =
          file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid() + ".new");
      disk.write(fresh, Disk.Content.of(Json.pretty(all).getBytes(StandardCharsets.UTF_8)));
      disk.move(fresh, file);
    } catch (IOException e) {
      // Measured again next time.
      return;
    }
  }
}
