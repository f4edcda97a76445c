package dev.emergence.execute;

import dev.emergence.execute.device.Engine;
import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Progress;
import dev.emergence.execute.run.Summary;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.result.Outcome;
import dev.emergence.result.QuickDisk;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.StoredRun;
import dev.emergence.tensor.ShapedArray;
import dev.emergence.train.Start;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.io.TempDir;

/** Executions of small plans on a training that costs nothing. */
public abstract class ExecutionFixture {
  @TempDir Path temp;
  protected final AtomicInteger trainings = new AtomicInteger();
  protected final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();

  protected Engine engine(int replicas, Engine.Trainings make) {
    Engine.Trainings counted =
        (backend, runs) -> {
          trainings.incrementAndGet();
          return make.create(backend, runs);
        };
    return new Engine(ReferenceBackend::new, counted, replicas);
  }

  protected static Engine.Trainings fake() {
    return (backend, runs) -> new FakeTraining(runs);
  }

  protected ResultsFolder folder(String name) {
    return ResultsFolder.open(temp.resolve(name), new QuickDisk());
  }

  protected Summary run(Plan plan, ResultsFolder folder, Engine engine, int jobs) throws Exception {
    Progress progress =
        new Progress() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    return new Execution(engine, jobs, Interrupt.onRequest(), progress).run(plan, folder);
  }

  protected Summary run(Plan plan, ResultsFolder folder) throws Exception {
    return run(plan, folder, engine(1, fake()), 1);
  }

  /** One of the trainings that cost nothing. */
  protected interface Fake {
    FakeTraining of(List<Start> runs);
  }

  /** Works until a training has come to a step that {@code stops} accepts; all is saved then. */
  protected Summary runUntil(Plan plan, ResultsFolder folder, LongPredicate stops, Fake fake)
      throws Exception {
    Interrupt interrupt = Interrupt.onRequest();
    Engine.Trainings stopping =
        (backend, runs) ->
            fake.of(runs)
                .telling(
                    to -> {
                      if (stops.test(to)) {
                        interrupt.request("asked by the test");
                      }
                    });
    return new Execution(engine(1, stopping), 1, interrupt, Progress.SILENT).run(plan, folder);
  }

  /** Everything that a run's result says, but for times. */
  protected static Map<String, String> results(Plan plan, ResultsFolder folder) throws Exception {
    Map<String, String> out = new TreeMap<>();
    for (PlannedRun run : plan.runs()) {
      StoredRun stored = folder.load(run.id()).orElseThrow();
      Outcome o = stored.outcome();
      String curve = Files.readString(folder.run(run.id()).path().resolve("curve.jsonl"));
      Map<String, ?> tensors =
          folder
              .run(run.id())
              .checkpoint()
              .map(c -> new TreeMap<>(text(c.tensors())))
              .orElse(new TreeMap<>());
      out.put(run.id(), o.state() + " " + o.lastStep() + " " + o.reason() + "\n" + curve + tensors);
    }
    return out;
  }

  protected static Map<String, String> text(Map<String, ShapedArray> tensors) {
    Map<String, String> out = new TreeMap<>();
    tensors.forEach((name, values) -> out.put(name, Arrays.toString(values.values())));
    return out;
  }
}
