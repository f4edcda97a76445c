package dev.emergence.execute.process;

import dev.emergence.execute.run.Interrupt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Hears SIGTERM, SIGINT, SIGHUP, and SIGUSR1 and SIGUSR2, which schedulers' scripts send before a
 * preemption. The first asks for a stop: the work is saved and the process ends by itself with 75,
 * which tells a scheduler to start it again. A second one, or ten seconds, end it at once; what was
 * saved last is kept. A scheduler's signal often comes twice, to every process of the job and again
 * from the script that waits for it: within two seconds that is one. *
 *
 * <p>Not a shutdown hook: once those run, the virtual machine hears no second signal.
 */
public final class SignalHook implements AutoCloseable {
  private static final long MILLIS = 9_500;

  /** What a shell reports of a process that SIGINT has killed. */
  private static final int KILLED = 130;

  private static final long ECHO_NANOS = 2_000_000_000L;

  private static final List<String> HEARD = List.of("TERM", "INT", "HUP", "USR1", "USR2");

  /** Those that a scheduler sends; a person who sends another twice wants an end at once. */
  private static final List<String> SCHEDULERS = List.of("TERM", "USR1", "USR2");

  private final Map<Signal, SignalHandler> before = new LinkedHashMap<>();
  private final Interrupt interrupt;
  private Optional<Long> asked = Optional.empty();
  private Optional<Thread> patience = Optional.empty();

  private SignalHook(Interrupt interrupt) {
    this.interrupt = interrupt;
  }

  /** Passes signals on until it is closed. */
  public static SignalHook heardBy(Interrupt interrupt) {
    SignalHook hook = new SignalHook(interrupt);
    for (String name : HEARD) {
      try {
        Signal signal = new Signal(name);
        hook.before.put(signal, Signal.handle(signal, hook::hear));
      } catch (IllegalArgumentException e) {
        // The system has no such signal, or the virtual machine was told to leave it alone: it then
        // ends the process as ever.
        continue;
      }
    }
    return hook;
  }

  private synchronized void hear(Signal signal) {
    if (asked.isPresent()) {
      boolean echo =
          SCHEDULERS.contains(signal.getName()) && System.nanoTime() - asked.get() < ECHO_NANOS;
      if (!echo) {
        Runtime.getRuntime().halt(KILLED);
      }
      return;
    }
    asked = Optional.of(System.nanoTime());
    interrupt.request("asked by SIG" + signal.getName());
    Thread waiting = new Thread(SignalHook::end, "emergence-patience");
    waiting.setDaemon(true);
    waiting.start();
    patience = Optional.of(waiting);
  }

  private static void end() {
    try {
      Thread.sleep(MILLIS);
    } catch (InterruptedException e) {
      // Everything is saved.
      return;
    }
    Runtime.getRuntime().halt(WorkerProcess.INTERRUPTED);
  }

  /** Signals do again what they did before, and nothing ends the process any more. */
  @Override
  public synchronized void close() {
    patience.ifPresent(Thread::interrupt);
    for (Map.Entry<Signal, SignalHandler> entry : new ArrayList<>(before.entrySet())) {
      Signal.handle(entry.getKey(), entry.getValue());
    }
  }
}
