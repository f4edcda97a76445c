package dev.emergence.execute.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.execute.run.Interrupt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals to this very process; what a whole command does is in InterruptionsTest. */
class SignalHookTest {
  @ParameterizedTest
  @ValueSource(strings = {"TERM", "HUP", "USR1", "USR2"})
  @Timeout(60)
  void a_signal_asks_for_a_stop_and_its_echo_does_no_more(String name) throws Exception {
    Interrupt interrupt = Interrupt.onRequest();
    SignalHook hook = SignalHook.heardBy(interrupt);
    try {
      send(name);
      while (!interrupt.requested()) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      assertThat(interrupt.reason()).isEqualTo("asked by SIG" + name);
      assertThat(interrupt.cause()).isEqualTo(Interrupt.Cause.REQUEST);
    } finally {
      hook.close();
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().equals("emergence-patience"))
        .allSatisfy(thread -> thread.join(30_000))
        .noneMatch(Thread::isAlive);
  }

  private static void send(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(ProcessHandle.current().pid()))
        .start()
        .waitFor();
  }
}
