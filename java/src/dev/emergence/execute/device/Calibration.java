package dev.emergence.execute.device;

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
import java.util.Map;
import java.util.TreeMap;

/**
 * Seconds a training step takes on this machine, measured once for each shape and kept in a file. A
 * measurement is 20 steps to warm up and 50 to measure, or as many as two seconds allow; on a
 * device that trains many runs together one for each size of cohort that is tried.
 */
public final class Calibration implements AutoCloseable {
  private final Engine engine;
  private final Path cache;
  private final Backend backend;
  private final Map<String, Object> known = new TreeMap<>();

  /**
   * Opens a backend to measure on.
   *
   * @param cache where measurements are kept; made when there is none, and ignored when it cannot
   *     be read
   * @throws Unavailable when the device cannot be had
   */
  public Calibration(Engine engine, Path cache) {
    this.engine = engine;
    this.cache = cache;
    this.backend = engine.backends().get();
    try {
      if (Files.exists(cache)) {
        known.putAll(Json.read(cache));
      }
    } catch (Damaged e) {
      known.clear();
    }
  }

  /** The file in which a user's measurements are kept. */
  public static Path defaultCache() {
    String base = System.getenv("XDG_CACHE_HOME");
    Path folder =
        base == null || base.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(base);
    return folder.resolve("emergence").resolve("calibration.json");
  }

  /**
   * How a shape is best trained here.
   *
   * @param replicas runs trained together
   * @param secondsPerStep of one of them
   */
  public record Speed(int replicas, double secondsPerStep) {}

  /**
   * Measures a run's shape.
   *
   * @param alike runs of this shape that are to be trained
   */
  public Speed speed(PlannedRun run, int alike) {
    int most = Math.max(1, Math.min(alike, engine.replicas()));
    String key =
        Cohort.digest(run.run().config())
            + " "
            + Provenance.version()
            + " "
            + backend.description()
            + (most > 1 ? " x" + most : "");
    if (known.get(key) instanceof Map<?, ?> stored
        && stored.get("replicas") instanceof Number replicas
        && stored.get("seconds") instanceof Number seconds) {
      return new Speed(replicas.intValue(), seconds.doubleValue());
    }
    CohortSize size = CohortSize.measure(backend, engine.trainings(), run, most);
    known.put(key, Map.of("replicas", size.replicas(), "seconds", size.secondsPerStep()));
    return new Speed(size.replicas(), size.secondsPerStep());
  }

  /** Keeps the measurements and frees the device. */
  @Override
  public void close() throws IOException {
    backend.close();
    Disk disk = Disk.local();
    disk.createDirectories(cache.getParent());
    Path fresh = cache.resolveSibling(cache.getFileName() + ".new");
    disk.write(fresh, Disk.Content.of(Json.pretty(known).getBytes(StandardCharsets.UTF_8)));
    disk.move(fresh, cache);
  }
}
