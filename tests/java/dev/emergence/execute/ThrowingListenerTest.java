package dev.emergence.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.execute.run.Interrupt;
import dev.emergence.execute.run.Progress;
import dev.emergence.execute.run.Standing;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Outcome;
import dev.emergence.result.ResultsFolder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A listener that throws ends the work, and costs no run. */
class ThrowingListenerTest extends ExecutionFixture {
  private static final Plan PLAN = Yaml.plan(Yaml.TINY, "execution.checkpoint_every=0s");

  /** Throws at one kind of event. */
  private record Throwing(String at, AtomicInteger heard, Throwable what) implements Progress {
    private void hear(String event) {
      heard.incrementAndGet();
      if (event.equals(at)) {
        Throwing.<RuntimeException>thrown(what);
      }
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void thrown(Throwable any) throws X {
      throw (X) any;
    }

    @Override
    public void open(List<PlannedRun> runs) {
      hear("open");
    }

    @Override
    public void started(PlannedRun run, double step) {
      hear("started");
    }

    @Override
    public void at(PlannedRun run, double step, double target) {
      hear("at");
    }

    @Override
    public void measured(PlannedRun run, double step, Map<String, Double> row) {
      hear("measured");
    }

    @Override
    public void ended(PlannedRun run, Outcome outcome) {
      hear("ended");
    }
  }

  private Execution heardBy(Progress listener, Interrupt interrupt) {
    return new Execution(engine(2, fake()), 2, interrupt, listener);
  }

  @ParameterizedTest
  @CsvSource({"open", "started", "at", "measured", "ended"})
  void what_it_throws_is_thrown_and_the_next_start_gives_the_same(String at) throws Exception {
    Exception thrown = new IllegalStateException("not this one");
    ResultsFolder folder = folder(at);
    Interrupt interrupt = Interrupt.onRequest();
    Throwing listener = new Throwing(at, new AtomicInteger(), thrown);
    assertThatThrownBy(() -> heardBy(listener, interrupt).run(PLAN, folder)).isSameAs(thrown);
    assertThat(interrupt.reason())
        .isEqualTo("the listener of progress threw java.lang.IllegalStateException: not this one");
    assertThat(Execution.standings(PLAN, folder))
        .extracting(Standing::state)
        .doesNotContain(Standing.State.FAILED, Standing.State.DAMAGED);
    assertThat(run(PLAN, folder).isComplete()).isTrue();
    ResultsFolder good = folder("good-" + at);
    run(PLAN, good);
    assertThat(results(PLAN, folder)).isEqualTo(results(PLAN, good));
  }

  @Test
  void it_hears_nothing_more() throws Exception {
    Throwing listener = new Throwing("open", new AtomicInteger(), new AssertionError("first"));
    assertThatThrownBy(() -> heardBy(listener, Interrupt.onRequest()).run(PLAN, folder("a")))
        .isInstanceOf(AssertionError.class)
        .hasMessage("first");
    assertThat(listener.heard()).hasValue(1);
  }

  @Test
  void a_checked_exception_is_the_cause_of_an_unchecked_one() {
    Throwing listener = new Throwing("at", new AtomicInteger(), new java.io.IOException("gone"));
    assertThatThrownBy(() -> heardBy(listener, Interrupt.onRequest()).run(PLAN, folder("a")))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("gone");
  }
}
