package dev.emergence.execute.device;

import com.sun.management.OperatingSystemMXBean;
import dev.emergence.plan.PlannedRun;
import dev.emergence.spec.Bytes;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Memory that runs share when a processor trains them.
 *
 * @param bytes of this machine, or of the container around this process
 */
public record MachineMemory(long bytes) {

  /** That of this machine, or of the container around this process. */
  public static MachineMemory here() {
    return new MachineMemory(
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize());
  }

  /** Whether a device takes its memory from the machine, as a processor does. */
  public static boolean isSharedBy(String device) {
    return device.equals("cpu");
  }

  /** Estimated bytes of one run on a processor: what it computes with, and Java around it. */
  public static long need(PlannedRun run) {
    long device = run.cost().memoryBytes();
    long host = run.cost().hostBytes();
    // Of a run that no machine could hold, the sum has no place among the integers.
    return device > Long.MAX_VALUE - host ? Long.MAX_VALUE : device + host;
  }

  /** Whether a single run is estimated to need more than there is. */
  public boolean isExceededBy(PlannedRun run) {
    return need(run) > bytes;
  }

  /**
   * A warning where the largest runs that may be trained at the same time are estimated to need
   * more than there is. Nothing is refused, because the estimate is no exact one.
   *
   * @param open runs to be trained on a processor
   * @param jobs most runs at a time
   */
  public Optional<String> shortage(List<PlannedRun> open, int jobs) {
    List<PlannedRun> largest =
        open.stream()
            .sorted(Comparator.comparingLong(MachineMemory::need).reversed())
            .limit(Math.max(1, jobs))
            .toList();
    double sum = largest.stream().mapToDouble(MachineMemory::need).sum();
    if (sum <= bytes) {
      return Optional.empty();
    }
    PlannedRun one = largest.get(0);
    String each = "run " + one.id() + " " + Bytes.text(need(one)) + " (" + parts(one) + ")";
    String there = "this machine has " + Bytes.text(bytes);
    if (isExceededBy(one)) {
      return Optional.of(
          "warning: memory is expected to run out: "
              + each
              + ", and "
              + there
              + "; use a smaller training.batch_size or a smaller model");
    }
    return Optional.of(
        "warning: memory is expected to run out: "
            + largest.size()
            + " runs at a time need up to "
            + Bytes.text(sum)
            + ", the largest, "
            + each
            + ", and "
            + there
            + "; use --jobs "
            + fitting(largest)
            + ", or a smaller training.batch_size");
  }

  private static String parts(PlannedRun run) {
    double trained = 4.0 * Float.BYTES * run.cost().parameters();
    return "parameters, gradients and moments "
        + Bytes.text(trained)
        + ", activations of a batch "
        + Bytes.text(Math.max(0, run.cost().memoryBytes() - trained))
        + ", Java "
        + Bytes.text(run.cost().hostBytes());
  }

  /** How many of the largest runs have room together. */
  private int fitting(List<PlannedRun> largest) {
    int count = 0;
    for (double sum = 0; count < largest.size(); count++) {
      sum += need(largest.get(count));
      if (sum > bytes) {
        break;
      }
    }
    return count;
  }
}
