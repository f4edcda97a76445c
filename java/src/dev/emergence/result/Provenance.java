package dev.emergence.result;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.emergence.plan.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** What computed a run: recorded and compared, never part of its identity. */
public final class Provenance {
  /** Key of {@link #plugins} in what is recorded, which only runs with plug-ins have. */
  public static final String PLUGINS = "plugins";

  private static String plugins;

  private Provenance() {}

  /**
   * Name and contents of each jar of one's own, separated by {@code ", "}; empty without plug-ins.
   */
  public static synchronized String plugins() {
    if (plugins == null) {
      plugins = PluginPrints.all();
    }
    return plugins;
  }

  /** The jar's version, or {@code development} when classes do not come from the jar. */
  public static String version() {
    return Optional.ofNullable(Provenance.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  /**
   * The git commit the jar was built from, with {@code +changes} when files differed from it;
   * {@code unknown} without git.
   */
  public static String commit() {
    Properties build = new Properties();
    try (InputStream in = Provenance.class.getResourceAsStream("/dev/emergence/build.properties")) {
      if (in != null) {
        build.load(in);
      }
    } catch (IOException e) {
      return "unknown";
    }
    String commit = build.getProperty("git.commit.id.abbrev", "");
    return commit.isEmpty()
        ? "unknown"
        : commit + (build.getProperty("git.dirty", "").equals("true") ? "+changes" : "");
  }

  /**
   * Everything that is known at the end of a run.
   *
   * @param device the backend's description
   * @param started when the run began on this machine
   */
  public static Map<String, Object> of(String device, Instant started) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("version", version());
    out.put("commit", commit());
    out.put("numerics", RunId.NUMERICS);
    if (!plugins().isEmpty()) {
      out.put(PLUGINS, plugins());
    }
    out.put("device", device);
    out.putAll(machine());
    out.put("started", started.toString());
    out.put("ended", Instant.now().toString());
    return out;
  }

  /** Java, operating system, processor and name of this machine. */
  public static Map<String, Object> machine() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("java", System.getProperty("java.vendor") + " " + System.getProperty("java.version"));
    out.put(
        "os",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    out.put("cpu", cpu());
    out.put("cores", Runtime.getRuntime().availableProcessors());
    out.put("host", host());
    return out;
  }

  private static String cpu() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(l -> l.startsWith("model name"))
          .findFirst()
          .map(l -> l.replaceFirst(".*:\\s*", ""))
          .orElse("unknown");
    } catch (IOException | RuntimeException e) {
      return cpuOfMac();
    }
  }

  private static String cpuOfMac() {
    try {
      Process sysctl =
          new ProcessBuilder("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string").start();
      String name = new String(sysctl.getInputStream().readAllBytes(), UTF_8).strip();
      return name.isEmpty() ? "unknown" : name;
    } catch (IOException e) {
      return "unknown"; // no Mac
    }
  }

  /** This machine's name, as far as it knows it. */
  public static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
