package dev.emergence.cli;

import dev.emergence.plan.Plan;
import dev.emergence.result.ResultsFolder;
import dev.emergence.watch.WatchServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** How a page is served: options of {@code watch} and {@code run --watch}. */
final class Watching {
  private static final Duration EVERY = Duration.ofSeconds(1);

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "0",
      description = "Port of the page on 127.0.0.1; default: any free one.")
  private int port;

  @Option(names = "--no-open", description = "Does not open a browser.")
  private boolean noOpen;

  /** Starts a page, prints its address, and opens a browser where there is one. */
  WatchServer start(Plan plan, ResultsFolder results, PrintWriter out) throws IOException {
    return start(List.of(new WatchServer.Folder("", plan, results)), out);
  }

  /** Starts one page over several folders. */
  WatchServer start(List<WatchServer.Folder> folders, PrintWriter out) throws IOException {
    if (port < 0 || port > 65535) {
      throw new Refusal(ExitCode.USAGE, "--port takes 0 to 65535, got " + port);
    }
    try {
      WatchServer server = WatchServer.start(folders, port, EVERY);
      out.println(server.address());
      out.flush();
      open(server.address());
      return server;
    } catch (BindException e) {
      throw new Refusal(
          ExitCode.ENVIRONMENT,
          "port " + port + " is taken: " + e.getMessage() + "; --port 0 takes a free one");
    }
  }

  private void open(String address) {
    boolean screen = System.getenv("DISPLAY") != null || System.getenv("WAYLAND_DISPLAY") != null;
    boolean mac = System.getProperty("os.name").startsWith("Mac");
    if (noOpen || !(screen || mac)) {
      return;
    }
    try {
      new ProcessBuilder(List.of(mac ? "open" : "xdg-open", address))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      // The address is printed: it can be opened by hand.
      return;
    }
  }
}
