import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Locale;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs test classes one after the other and ends at the first failure: exit code 1, else 0. Prints
 * {@code passed CLASS SECONDS} for each that passed, and {@code failed CLASS TEST}.
 */
final class FirstFailure {
  private FirstFailure() {}

  public static void main(String[] classes) throws Exception {
    PrintStream out = System.out;
    System.setOut(
        new PrintStream(OutputStream.nullOutputStream())); // what tests print is of no use
    Launcher launcher = LauncherFactory.create();
    for (String name : classes) {
      out.println("begins " + name);
      long start = System.nanoTime();
      LauncherDiscoveryRequest request =
          LauncherDiscoveryRequestBuilder.request()
              .selectors(selectClass(name))
              .configurationParameter("jqwik.shrinking.default", "OFF")
              .configurationParameter("jqwik.database", "")
              .build();
      launcher.execute(request, new Listener(name, out));
      out.printf(Locale.ROOT, "passed %s %.2f%n", name, (System.nanoTime() - start) / 1e9);
    }
    end(0);
  }

  private record Listener(String name, PrintStream out) implements TestExecutionListener {
    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (result.getStatus() == TestExecutionResult.Status.FAILED) {
        out.println("failed " + name + " " + test.getDisplayName());
        out.flush();
        end(1);
      }
    }
  }

  /** Neither hooks nor threads that a broken program left behind may keep this from ending. */
  private static void end(int code) {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    Runtime.getRuntime().halt(code);
  }
}
