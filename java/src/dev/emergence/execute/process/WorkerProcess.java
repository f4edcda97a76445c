package dev.emergence.execute.process;

import dev.emergence.execute.device.Engine;
import dev.emergence.execute.device.Engines;
import dev.emergence.execute.device.Unavailable;
import dev.emergence.execute.run.Agenda;
import dev.emergence.execute.run.Bench;
import dev.emergence.execute.run.Chances;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.LocalPool;
import dev.emergence.execute.run.Moving;
import dev.emergence.execute.run.Site;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Planner;
import dev.emergence.plan.SpecTree;
import dev.emergence.result.Claims;
import dev.emergence.result.Damaged;
import dev.emergence.result.Disk;
import dev.emergence.result.FileTrouble;
import dev.emergence.result.FolderGone;
import dev.emergence.result.FolderUnusable;
import dev.emergence.result.Json;
import dev.emergence.result.ProcessIdentity;
import dev.emergence.result.ResultsFolder;
import dev.emergence.spec.ExecutionSpec;
import dev.emergence.spec.ExperimentSpec;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** The orders of a worker process. */
  static String orders(
      ResultsFolder results, Plan plan, List<PlannedRun> open, Launcher launcher, Chances chances) {
    Map<String, Object> orders = new LinkedHashMap<>();
    orders.put("folder", results.root().toAbsolutePath().toString());
    orders.put("device", launcher.device());
    orders.put("threads", launcher.threads());
    orders.put("chances", chances.name());
    orders.put("runs", Agenda.versions(open, results));
    orders.put("experiment", SpecTree.of(plan.experiment()));
    return Json.line(orders);
  }

  private int run(InputStream in) {
    BufferedReader orders = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    try {
      return work(Json.read(String.valueOf(orders.readLine()), "a worker's orders"), orders);
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

  @SuppressWarnings("unchecked")
  private int work(Map<String, Object> orders, BufferedReader lifeline) throws IOException {
    watch(lifeline);
    ExperimentSpec experiment =
        SpecTree.read(ExperimentSpec.class, (Map<String, Object>) orders.get("experiment"));
    Map<String, String> wanted = (Map<String, String>) orders.get("runs");
    List<PlannedRun> open =
        Planner.plan(experiment).runs().stream()
            .filter(run -> wanted.containsKey(run.id()))
            .toList();
    String device = (String) orders.get("device");
    Engine engine = engines.apply(device, ((Number) orders.get("threads")).intValue());
    ResultsFolder results =
        ResultsFolder.join(Path.of((String) orders.get("folder")), Disk.local());
    ExecutionSpec spec = experiment.execution();
    try (Claims claims = new Claims(results, ProcessIdentity.current().keptByParent())) {
      Site site =
          new Site(
              results,
              device,
              spec,
              Chances.valueOf((String) orders.get("chances")),
              interrupt,
              new Moving(wire, claims));
      LocalPool pool =
          new LocalPool(() -> new Bench(site, engine), site, spec.retries(), spec.onFailure());
      pool.work(new Agenda(open, wanted, site, claims), 1);
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
