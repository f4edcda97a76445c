package dev.emergence.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The process of a side: {@code SideProcess SIDE WORKLOAD FILE}, the file being {@link Start}'s. It
 * answers each line of its input by one line:
 *
 * <pre>
 * losses    LOSS LOSS LOSS
 * steps N   CPU WALL CPU WALL ...     milliseconds of each step
 * sgemm     RATE                      GFLOP/s of a large product, in the side's instruction set
 * </pre>
 *
 * A step runs on the calling thread alone, so that thread's CPU time is the step's.
 */
public final class SideProcess {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private SideProcess() {}

  public static void main(String[] args) throws IOException {
    Workload workload = Workload.of(args[1]);
    try (Side side = side(args[0], workload, Path.of(args[2]));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println("ready");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println(answer(side, line.split(" ")));
      }
    }
  }

  private static Side side(String name, Workload workload, Path file) throws IOException {
    return switch (name) {
      case "ours" -> new OurSide(workload, true);
      case "ours-full" -> new OurSide(workload, false);
      case "libtorch" -> new TorchSide(workload, Arrays32.read(file), false);
      case "libtorch-shortcut" -> new TorchSide(workload, Arrays32.read(file), true);
      default -> throw new IllegalArgumentException("no side '" + name + "'");
    };
  }

  private static String answer(Side side, String[] words) {
    return switch (words[0]) {
      case "losses" -> line(side.losses());
      case "steps" -> line(times(side, Integer.parseInt(words[1])));
      case "sgemm" -> line(new double[] {side.sgemm()});
      default -> throw new IllegalArgumentException("losses, steps or sgemm, got " + words[0]);
    };
  }

  /** Nanoseconds of CPU time that the calling thread has used. */
  static long threadCpu() {
    return THREADS.getCurrentThreadCpuTime();
  }

  private static double[] times(Side side, int steps) {
    double[] times = new double[2 * steps];
    for (int i = 0; i < steps; i++) {
      long wall = System.nanoTime();
      long cpu = threadCpu();
      side.step();
      times[2 * i] = (threadCpu() - cpu) / 1e6;
      times[2 * i + 1] = (System.nanoTime() - wall) / 1e6;
    }
    return times;
  }

  private static String line(double[] numbers) {
    return Arrays.stream(numbers)
        .mapToObj(x -> String.format(Locale.ROOT, "%.9g", x))
        .collect(Collectors.joining(" "));
  }
}
