package dev.emergence.cli;

import dev.emergence.execute.Interrupt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Hears SIGTERM and SIGINT. The Java virtual machine ends when its shutdown hooks have run: ours asks for a stop, waits for the
 * workers to save, and ends the process with 75, which tells a scheduler to start it again. A second signal, or ten seconds, end it
 * at once; what was saved last is kept.
 */
final class Signals {
  private static final long SECONDS = 9;
  private final CountDownLatch saved = new CountDownLatch(1);
  private final Thread hook;

  private Signals(Interrupt interrupt) {
    this.hook = new Thread(() -> stop(interrupt), "emergence-signals");
  }

  /** Passes signals on until it is closed. */
  static Signals heardBy(Interrupt interrupt) {
    Signals signals = new Signals(interrupt);
    Runtime.getRuntime().addShutdownHook(signals.hook);
    return signals;
  }

  private void stop(Interrupt interrupt) {
    interrupt.request("asked by a signal");
    try {
      saved.await(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.err.flush();
    Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
  }

  /** Says that everything is saved. */
  void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The virtual machine is going down and the hook waits for this.
      saved.countDown();
    }
  }
}
