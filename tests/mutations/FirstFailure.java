import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Locale;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs test classes one after the other and ends at the first failure: exit code 1, else 0. Of
 * {@code CLASS:PREFIX} only the tests that come from a contract whose name begins so. Prints {@code
 * passed CLASS SECONDS} for each that passed, and {@code failed CLASS TEST}.
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
      String[] parts = (name + ":").split(":", -1);
      LauncherDiscoveryRequest request =
          LauncherDiscoveryRequestBuilder.request()
              .selectors(selectClass(parts[0]))
              .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(isOf(test, parts[1])))
              .configurationParameter("jqwik.shrinking.default", "OFF")
              .configurationParameter("jqwik.database", "")
              .build();
      launcher.execute(request, new Listener(name, out));
      out.printf(Locale.ROOT, "passed %s %.2f%n", name, (System.nanoTime() - start) / 1e9);
    }
    end(0);
  }

  private static boolean isOf(TestDescriptor test, String contract) {
    return test.getSource()
        .filter(source -> source instanceof MethodSource)
        .map(source -> ((MethodSource) source).getJavaMethod().getDeclaringClass())
        .map(owner -> owner.getSimpleName().startsWith(contract))
        .orElse(true);
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
