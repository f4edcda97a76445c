package dev.emergence.result;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What another program of this machine has answered.
 *
 * @param code its exit code
 * @param text all that it printed
 */
public record Asked(int code, String text) {

  /**
   * Asks a program, and ends it when it does not answer in time.
   *
   * @return empty when it did not answer
   * @throws IOException when it cannot be started
   */
  public static Optional<Asked> ask(List<String> command, Duration patience)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      return answer(process, patience);
    } finally {
      // A child of it may hold on to its output.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Listens on a thread of its own, because reading itself cannot be told to give up. */
  private static Optional<Asked> answer(Process process, Duration patience)
      throws IOException, InterruptedException {
    FutureTask<Asked> answer =
        new FutureTask<>(
            () -> {
              byte[] said = process.getInputStream().readAllBytes();
              return new Asked(process.waitFor(), new String(said, StandardCharsets.UTF_8));
            });
    Thread listener = new Thread(answer, "emergence-asks");
    listener.setDaemon(true);
    listener.start();
    try {
      return Optional.of(answer.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }
}
