package dev.emergence.execute.process;

import dev.emergence.execute.device.Engine;
import dev.emergence.execute.device.Engines;
import dev.emergence.execute.device.Unavailable;
import dev.emergence.execute.run.Agenda;
import dev.emergence.execute.run.Bench;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.LocalPool;
import dev.emergence.execute.run.Moving;
import dev.emergence.execute.run.Site;
import dev.emergence.result.Claims;
import dev.emergence.result.Damaged;
import dev.emergence.result.Disk;
import dev.emergence.result.FileTrouble;
import dev.emergence.result.FolderGone;
import dev.emergence.result.FolderUnusable;
import dev.emergence.result.ProcessIdentity;
import dev.emergence.result.ResultsFolder;
import dev.emergence.spec.ExecutionSpec;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;

/**
 * The main program of a worker process, started by {@link ProcessPool}. Its orders come as one line
 * of JSON on standard input, which then stays open: when it closes, the process that started it is
 * gone or wants it to stop, and it saves and ends. Progress goes to standard output as JSON lines.
 *
 * <p>A process of its own, because a fault of a kernel or of a driver may take the process with it,
 * and must cost one attempt at one run.
 */
public final class WorkerProcess {
  /** Ended by itself: nothing is left to do. */
  static final int DONE = 0;

  /** Cannot go on on this machine; the last message says why. */
  static final int UNAVAILABLE = 7;

  /** Interrupted, with everything saved. */
  static final int INTERRUPTED = 75;

  private final BiFunction<String, Integer, Engine> engines;
  private final Interrupt interrupt = Interrupt.onRequest();
  private final Wire wire;

  private WorkerProcess(BiFunction<String, Integer, Engine> engines, PrintStream out) {
    this.engines = engines;
    this.wire = new Wire(out);
  }

  /** Works on what standard input says, and ends the process. */
  public static void main(String[] arguments) {
    main((device, threads) -> Engines.choose(device, threads).engine());
  }

  /** With engines of a caller's own: from device and threads. */
  static void main(BiFunction<String, Integer, Engine> engines) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    // What libraries print must not mix with messages.
    System.setOut(System.err);
    WorkerProcess process = new WorkerProcess(engines, out);
    SignalHook hook = SignalHook.heardBy(process.interrupt);
    int code = process.run(System.in);
    hook.close();
    Runtime.getRuntime().halt(code);
  }

  private int run(InputStream in) {
    BufferedReader orders = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    try {
      return work(Orders.read(String.valueOf(orders.readLine())), orders);
    } catch (Unavailable e) {
      wire.ends(Wire.UNAVAILABLE, e.getMessage());
      return UNAVAILABLE;
    } catch (FolderGone e) {
      wire.ends(Wire.GONE, e.getMessage());
      return UNAVAILABLE;
    } catch (IOException e) {
      wire.ends(Wire.STORAGE, FileTrouble.text(e));
      return UNAVAILABLE;
    } catch (Damaged | FolderUnusable e) {
      wire.ends(Wire.STORAGE, e.getMessage());
      return UNAVAILABLE;
    }
  }

  private int work(Orders orders, BufferedReader lifeline) throws IOException {
    watch(lifeline);
    Engine engine = engines.apply(orders.device(), orders.threads());
    ResultsFolder results = ResultsFolder.join(orders.folder(), Disk.local());
    ExecutionSpec spec = orders.execution();
    try (Claims claims = new Claims(results, ProcessIdentity.current().keptByParent())) {
      Site site =
          new Site(
              results,
              orders.device(),
              spec,
              orders.chances(),
              interrupt,
              new Moving(wire, claims));
      LocalPool pool =
          new LocalPool(() -> new Bench(site, engine), site, spec.retries(), spec.onFailure());
      pool.work(new Agenda(orders.runs(), orders.versions(), site, claims), 1);
    }
    if (interrupt.cause() == Interrupt.Cause.FAILURE) {
      wire.ends(Wire.STOP, interrupt.reason());
    }
    return interrupt.requested() ? INTERRUPTED : DONE;
  }

  /** Stops when the other end of standard input is gone. */
  private void watch(BufferedReader lifeline) {
    Thread watcher =
        new Thread(
            () -> {
              try {
                while (lifeline.readLine() != null) {
                  continue;
                }
                interrupt.request(
                    "the process that started this worker asks it to stop, or is gone");
              } catch (IOException e) {
                interrupt.request("the process that started this worker is gone");
              }
            },
            "emergence-lifeline");
    watcher.setDaemon(true);
    watcher.start();
  }
}
