package dev.emergence.execute.device;

import static java.util.stream.Collectors.toSet;

import dev.emergence.backend.Devices;
import dev.emergence.plan.PlannedRun;
import dev.emergence.spec.Keys;
import dev.emergence.spec.TrainingSpec;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DeviceException;
import dev.emergence.train.Trainer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Engines by the word in {@code execution.device}: {@code auto}, {@code cpu}, {@code cuda}, {@code
 * cuda:N}.
 */
public final class Engines {
  /**
   * Most runs that a GPU trains together; how many fill it is measured. A CPU core is filled by
   * one.
   */
  private static final int CUDA_REPLICAS = 64;

  private static final String NONE = "none";

  private Engines() {}

  /**
   * What a word stands for on this machine.
   *
   * @param device the device taken: {@code cpu}, {@code cuda}, {@code cuda:1}
   * @param note what people should know about the choice; empty when they got what they asked for
   */
  public record Choice(Engine engine, String device, String note) {
    /**
     * Workers that fill the device.
     *
     * @param threads of one run
     */
    public int defaultJobs(int threads) {
      return device.startsWith("cuda")
          ? 1
          : Math.max(1, Runtime.getRuntime().availableProcessors() / threads);
    }

    /** Whether nothing is to be trained, and so no device was looked for. */
    public boolean isNone() {
      return device.equals(NONE);
    }
  }

  /**
   * Chooses a device for some runs; none is looked for when all of them are integrated.
   *
   * @throws Unavailable when a device was asked for by name and cannot be had, or has no arithmetic
   *     of a precision that a run is declared with
   */
  public static Choice choose(List<PlannedRun> runs, String device, int threads) {
    if (runs.stream().noneMatch(run -> run.run().config().architecture().isTrained())) {
      return none(runs, device);
    }
    Choice choice = choose(device, threads);
    Set<TrainingSpec.Precision> wanted =
        runs.stream().map(run -> run.run().config().training().precision()).collect(toSet());
    wanted.remove(TrainingSpec.Precision.FLOAT32);
    wanted.forEach(precision -> requirePrecision(choice, precision));
    return choice;
  }

  /** Every device has float32; of the others it is known before the first run whether it has. */
  private static void requirePrecision(Choice choice, TrainingSpec.Precision precision) {
    try (Backend backend = choice.engine().backends().get()) {
      Trainer.use(backend, precision);
    } catch (IllegalArgumentException e) {
      throw new Unavailable(
          "device "
              + choice.device()
              + " cannot train with precision "
              + Keys.word(precision)
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static Choice none(List<PlannedRun> runs, String device) {
    Supplier<Backend> none =
        () -> {
          throw new IllegalStateException("no device was chosen");
        };
    boolean unused = !runs.isEmpty() && device.startsWith("cuda");
    String note = "device " + device + " is not used: flows are integrated on the processor";
    return new Choice(new Engine(none, Trainer::create, 1), NONE, unused ? note : "");
  }

  /**
   * Chooses a device.
   *
   * @param device the word; {@code auto} takes a GPU where there is one, and says why when it does
   *     not
   * @param threads threads of one run on a CPU
   * @throws Unavailable when a device was asked for by name and cannot be had
   */
  public static Choice choose(String device, int threads) {
    if (device.equals("auto")) {
      Optional<String> missing = missing("cuda");
      return missing.isEmpty()
          ? new Choice(engine("cuda", threads), "cuda", "")
          : new Choice(
              engine("cpu", threads), "cpu", "device auto is the cpu here: " + missing.get());
    }
    missing(device)
        .ifPresent(
            reason -> {
              throw new Unavailable("device " + device + " cannot be used: " + reason);
            });
    return new Choice(engine(device, threads), device, "");
  }

  private static Optional<String> missing(String device) {
    try {
      return Devices.missing(device);
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    } catch (LinkageError e) {
      return Optional.of(
          "its native library cannot be loaded ("
              + e.getMessage()
              + "); `emergence doctor` tells more");
    }
  }

  private static Engine engine(String device, int threads) {
    Supplier<Backend> backends = () -> open(device, threads);
    return new Engine(backends, Trainer::create, device.startsWith("cuda") ? CUDA_REPLICAS : 1)
        .measured(new Speeds(Speeds.usualFile()));
  }

  /**
   * Opens a device that was asked for by name, to be closed by the caller.
   *
   * @throws Unavailable when there is none of that name, or it cannot be had
   */
  public static Backend open(String device, int threads) {
    try {
      return Devices.open(device, threads);
    } catch (DeviceException | IllegalArgumentException e) {
      throw new Unavailable("device " + device + " cannot be used: " + e.getMessage(), e);
    }
  }
}
