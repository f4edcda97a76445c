package dev.emergence.execute.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A worker process whose first starts end before it has said anything. */
public final class DyingAtStart {
  private static final String FILE = "emergence.dying.file";
  private static final String CODE = "emergence.dying.code";
  private static final String TIMES = "emergence.dying.times";

  private DyingAtStart() {}

  /**
   * What the next processes are to do.
   *
   * @param starts where they are counted
   * @param code with which they end
   * @param times how many of them do
   */
  static Path asked(Path starts, int code, int times) throws IOException {
    System.setProperty(FILE, Files.writeString(starts, "").toString());
    System.setProperty(CODE, Integer.toString(code));
    System.setProperty(TIMES, Integer.toString(times));
    return starts;
  }

  /** How many processes were started. */
  static int starts(Path file) throws IOException {
    return Files.readString(file).length();
  }

  static void nevermore() {
    System.clearProperty(FILE);
    System.clearProperty(CODE);
    System.clearProperty(TIMES);
  }

  /** As {@link FakeWorker#main}, after those that die. */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(System.getProperty(FILE));
    Files.writeString(file, "x", StandardOpenOption.APPEND);
    if (starts(file) <= Integer.getInteger(TIMES)) {
      Runtime.getRuntime().halt(Integer.getInteger(CODE));
    }
    FakeWorker.main(arguments);
  }
}
