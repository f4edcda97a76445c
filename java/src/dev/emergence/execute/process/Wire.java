package dev.emergence.execute.process;

import dev.emergence.execute.run.Progress;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Damaged;
import dev.emergence.result.Json;
import dev.emergence.result.Outcome;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** Progress as lines of JSON, from a worker's process to the one that started it. */
final class Wire implements Progress {
  static final String UNAVAILABLE = "unavailable";
  static final String STORAGE = "storage";
  static final String GONE = "gone";
  static final String STOP = "stop";
  private static final String WAITING = "waiting";
  private static final String EVENT = "event";
  private final PrintStream out;

  /**
   * A sender.
   *
   * @param out flushed after each line
   */
  Wire(PrintStream out) {
    this.out = out;
  }

  @Override
  public void started(PlannedRun run, double step) {
    send(Map.of(EVENT, "started", "run", run.id(), "step", step));
  }

  @Override
  public void at(PlannedRun run, double step, double target) {
    send(Map.of(EVENT, "at", "run", run.id(), "step", step, "target", target));
  }

  @Override
  public void measured(PlannedRun run, double step, Map<String, Double> row) {
    send(Map.of(EVENT, "measured", "run", run.id(), "step", step, "row", row));
  }

  /**
   * A sign of life, without which a worker that waits for others would be taken for one that hangs.
   */
  @Override
  public void waiting() {
    send(Map.of(EVENT, WAITING));
  }

  @Override
  public void ended(PlannedRun run, Outcome o) {
    Map<String, Object> line =
        new LinkedHashMap<>(Map.of(EVENT, "ended", "run", run.id(), "state", o.state().name()));
    line.putAll(
        Map.of(
            "step",
            o.lastStep(),
            "reason",
            o.reason(),
            "attempts",
            o.attempts(),
            "seconds",
            o.seconds()));
    send(line);
  }

  @Override
  public void note(String line) {
    send(Map.of(EVENT, "note", "text", line));
  }

  /**
   * Says why the worker ends before its work: {@link #UNAVAILABLE}, {@link #STORAGE}, {@link #GONE}
   * or {@link #STOP}.
   */
  void ends(String kind, String reason) {
    send(Map.of(EVENT, kind, "text", reason));
  }

  private synchronized void send(Map<String, Object> line) {
    out.println(Json.line(line));
    out.flush();
  }

  /** One line that was received. */
  record Message(String event, Map<String, Object> fields) {
    /**
     * Whether the line is one of ours; a virtual machine prints others when it is asked for a
     * thread dump.
     */
    static boolean isOne(String line) {
      return line.startsWith("{\"");
    }

    static Message parse(String line) throws Damaged {
      Map<String, Object> fields = Json.read(line, "a worker's message");
      return new Message(String.valueOf(fields.get(EVENT)), fields);
    }

    String text(String key) {
      return String.valueOf(fields.get(key));
    }

    double number(String key) {
      return number(fields.get(key));
    }

    private static double number(Object field) {
      return field instanceof Number n ? n.doubleValue() : Double.NaN;
    }

    private Map<String, Double> row() {
      Map<String, Double> row = new LinkedHashMap<>();
      if (fields.get("row") instanceof Map<?, ?> sent) {
        sent.forEach((column, value) -> row.put(String.valueOf(column), number(value)));
      }
      return row;
    }

    /**
     * Passes it on.
     *
     * @param runs by id; a message on an unknown run is left out
     */
    void to(Progress progress, Map<String, PlannedRun> runs) {
      PlannedRun run = runs.get(text("run"));
      if (event.equals("note")) {
        progress.note(text("text"));
      } else if (event.equals(WAITING)) {
        progress.waiting();
      } else if (run != null && event.equals("started")) {
        progress.started(run, number("step"));
      } else if (run != null && event.equals("at")) {
        progress.at(run, number("step"), number("target"));
      } else if (run != null && event.equals("measured")) {
        progress.measured(run, number("step"), row());
      } else if (run != null && event.equals("ended")) {
        int attempts = (int) number("attempts");
        progress.ended(
            run,
            new Outcome(
                Outcome.State.valueOf(text("state")),
                number("step"),
                text("reason"),
                attempts,
                number("seconds")));
      }
    }
  }
}
