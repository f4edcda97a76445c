package dev.emergence.execute.process;

import dev.emergence.execute.FakeTraining;
import dev.emergence.execute.device.Engine;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.train.Start;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sun.misc.Unsafe;

/** A worker process whose training costs nothing and misbehaves as its device's name says. */
public final class FakeWorker {
  /** Seed of the runs that are hit. */
  static final int VICTIM = 4;

  private FakeWorker() {}

  /** As {@link WorkerProcess#main}. */
  public static void main(String[] arguments) {
    WorkerProcess.main((device, threads) -> engine(device));
  }

  static Engine engine(String device) {
    return new Engine(ReferenceBackend::new, (backend, runs) -> new Training(device, runs), 1);
  }

  private static final class Training extends FakeTraining {
    private final String device;
    private final boolean hit;

    Training(String device, List<Start> runs) {
      super(runs);
      this.device = device;
      this.hit = runs.stream().anyMatch(run -> run.seed() == VICTIM);
    }

    @Override
    public void train(long steps) {
      for (long to = step(0) + steps; step(0) < to; ) {
        if (hit && step(0) == 15 && device.equals("crashing")) {
          crash();
        } else if (hit && step(0) == 15 && device.equals("hungry")) {
          exhaust();
        } else if (hit
            && step(0) == 15
            && device.startsWith("hanging-once ")
            && first(device.substring(13))) {
          sleep(600_000);
        } else if (device.equals("slow")) {
          sleep(20);
        }
        super.train(1);
      }
    }

    /** All of the heap, and more. */
    private static void exhaust() {
      List<long[]> kept = new ArrayList<>();
      while (true) {
        kept.add(new long[1 << 20]);
      }
    }

    /** A real fault: the virtual machine writes its report and aborts. */
    private static void crash() {
      try {
        Field field = Unsafe.class.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        ((Unsafe) field.get(null)).putLong(8, 1);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }

    private static boolean first(String marker) {
      try {
        Files.createFile(Path.of(marker));
        return true;
      } catch (IOException e) {
        return false;
      }
    }

    private static void sleep(long millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
