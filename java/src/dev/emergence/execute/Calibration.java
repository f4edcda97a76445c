package dev.emergence.execute;

import dev.emergence.plan.Cohort;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Damaged;
import dev.emergence.result.Disk;
import dev.emergence.result.Json;
import dev.emergence.result.Provenance;
import dev.emergence.tensor.Backend;
import dev.emergence.train.Training;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Seconds a training step takes on this machine, measured once for each shape and kept in a file. A
 * measurement is 20 steps to warm up and 50 to measure, or as many as two seconds allow.
 */
public final class Calibration implements AutoCloseable {
  private static final int WARM_UP = 20;
  private static final int MEASURED = 50;
  private static final double WARM_UP_SECONDS = 0.5;
  private static final double MEASURED_SECONDS = 1.5;

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

  /** Seconds of one training step of a run. */
  public double secondsPerStep(PlannedRun run) {
    String key =
        Cohort.digest(run.run().config())
            + " "
            + Provenance.version()
            + " "
            + backend.description();
    if (known.get(key) instanceof Number seconds) {
      return seconds.doubleValue();
    }
    double seconds = measure(run);
    known.put(key, seconds);
    return seconds;
  }

  private double measure(PlannedRun run) {
    try (Training training =
        engine
            .trainings()
            .create(backend, List.of(run.run().config()), List.of(run.run().seed()))) {
      time(training, WARM_UP, WARM_UP_SECONDS);
      return time(training, MEASURED, MEASURED_SECONDS);
    }
  }

  private static double time(Training training, int most, double longest) {
    long began = System.nanoTime();
    int steps = 0;
    double seconds = 0;
    while (steps < most && seconds < longest) {
      training.trainTo(training.step() + 1);
      steps++;
      seconds = (System.nanoTime() - began) / 1e9;
    }
    return seconds / steps;
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
