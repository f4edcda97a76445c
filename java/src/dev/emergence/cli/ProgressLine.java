package dev.emergence.cli;

import dev.emergence.execute.run.Progress;
import dev.emergence.execute.run.Standing;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Outcome;
import dev.emergence.study.StudyListener;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How the work goes on: on a terminal one line that is drawn anew, elsewhere a line for each run
 * that ends, and for each run that is studied. The remaining time is learnt as {@link
 * RemainingTime} says, by the monotonic clock.
 */
final class ProgressLine implements Progress, StudyListener, AutoCloseable {
  private static final long REDRAW_NANOS = 200_000_000L;
  private final PrintWriter err;
  private final boolean terminal;
  private final int width;
  private final RemainingTime time = new RemainingTime();
  private Optional<RemainingStudies> studies = Optional.empty();
  private int total;
  private int ended;
  private long drawn;
  private int lastLength;

  /**
   * @param terminal whether the line can be drawn anew
   * @param width of the terminal, in columns
   */
  ProgressLine(PrintWriter err, boolean terminal, int width) {
    this.err = err;
    this.terminal = terminal;
    this.width = Math.max(20, width);
  }

  /** Whether standard error is a terminal that can move its cursor. */
  static boolean onTerminal() {
    return isTerminal(System.console() != null, System.getenv());
  }

  static boolean isTerminal(boolean console, Map<String, String> environment) {
    String term = environment.getOrDefault("TERM", "dumb");
    return console && !term.equals("dumb") && !environment.containsKey("CI");
  }

  /** Columns of the terminal, as the shell says. */
  static int columns() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("\\d{1,4}") ? Integer.parseInt(columns) : 80;
  }

  @Override
  public synchronized void open(List<PlannedRun> runs) {
    total = runs.size();
    time.open(runs);
  }

  @Override
  public synchronized void begun(List<Standing> runs) {
    time.begun(runs);
  }

  @Override
  public synchronized void started(PlannedRun run, double step) {
    time.started(run, step, now());
    draw(false);
  }

  @Override
  public synchronized void at(PlannedRun run, double step, double target) {
    time.at(run, step, target, now());
    draw(false);
  }

  private static double now() {
    return System.nanoTime() / 1e9;
  }

  @Override
  public synchronized void ended(PlannedRun run, Outcome outcome) {
    ended += time.ended(run, outcome.lastStep(), now()) ? 1 : 0;
    String state =
        outcome.state() == Outcome.State.COMPLETE
            ? ""
            : " " + outcome.state().name().toLowerCase(Locale.ROOT) + ": " + outcome.reason();
    if (!terminal || !state.isEmpty()) {
      println(
          Numbers.text(
                  "%d/%d run %s, %s in %s",
                  ended,
                  total,
                  run.id(),
                  reached(run, outcome.lastStep()),
                  Numbers.time(outcome.seconds()))
              + state
              + (terminal ? "" : remaining()));
    }
    draw(true);
  }

  /** A flow goes on in time, a training in steps. */
  private static String reached(PlannedRun run, double last) {
    boolean flow = run.run().config().training().optimizer().inTime();
    return flow ? "t = " + Numbers.value(last) : Numbers.value(last) + " steps";
  }

  @Override
  public synchronized void studying(Map<String, Integer> parts, int atOnce) {
    studies = Optional.of(new RemainingStudies(parts, atOnce, now()));
    draw(true);
  }

  @Override
  public synchronized void studied(String study, String run, double seconds, String trouble) {
    RemainingStudies all = studies.orElseThrow();
    all.ended(study, seconds);
    if (!terminal || !trouble.isEmpty()) {
      println(
          Numbers.text("%d/%d study %s of run %s, ", all.ended(), all.total(), study, run)
              + (seconds > 0 ? "in " + Numbers.time(seconds) : "made by another process")
              + (trouble.isEmpty() ? "" : " failed: " + trouble)
              + (terminal ? "" : remaining()));
    }
    draw(true);
  }

  @Override
  public synchronized void note(String line) {
    println(line);
    draw(true);
  }

  private String remaining() {
    OptionalDouble seconds =
        studies.isPresent()
            ? studies.get().seconds()
            : ended == total ? OptionalDouble.empty() : time.seconds(now());
    return seconds.isEmpty() ? "" : ", " + left(seconds.getAsDouble());
  }

  /** An estimate has no milliseconds. */
  static String left(double seconds) {
    return seconds < 1 ? "less than 1 s left" : "about " + Numbers.time(seconds) + " left";
  }

  private void draw(boolean now) {
    long clock = System.nanoTime();
    boolean empty = total == 0 && studies.isEmpty();
    if (!terminal || empty || (!now && clock - drawn < REDRAW_NANOS)) {
      return;
    }
    drawn = clock;
    double share = studies.map(s -> s.share(now())).orElseGet(() -> time.share(now()));
    String text =
        Numbers.text("%3.0f%% ", 100 * share)
            + studies
                .map(s -> s.ended() + "/" + s.total() + " studies of runs")
                .orElse(ended + "/" + total + " runs")
            + remaining();
    int bar = width - text.length() - 4;
    String line =
        bar >= 8
            ? "["
                + "#".repeat((int) (bar * share))
                + ".".repeat(bar - (int) (bar * share))
                + "] "
                + text
            : text;
    line = line.substring(0, Math.min(line.length(), width - 1));
    err.print("\r" + line + " ".repeat(Math.max(0, lastLength - line.length())));
    err.flush();
    lastLength = line.length();
  }

  private void println(String line) {
    clear();
    err.println(line);
    err.flush();
  }

  private void clear() {
    if (terminal && lastLength > 0) {
      err.print("\r" + " ".repeat(lastLength) + "\r");
      lastLength = 0;
    }
  }

  @Override
  public synchronized void close() {
    clear();
    err.flush();
  }
}
