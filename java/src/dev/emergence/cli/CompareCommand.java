package dev.emergence.cli;

import dev.emergence.Results;
import dev.emergence.analysis.Comparison;
import dev.emergence.fit.Estimate;
import dev.emergence.plan.CanonicalJson;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.SpecTree;
import dev.emergence.result.Damaged;
import dev.emergence.result.Provenance;
import dev.emergence.result.ResultsFolder;
import dev.emergence.spec.Numeral;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compare A B}: two results folders: two commits, two devices, two settings. */
@Command(
    name = "compare",
    description =
        "Compares two results folders: emergence times of equal conditions and"
            + " seeds, laws, and differences in configuration and provenance. Exit"
            + " code 5 if --within is missed.")
final class CompareCommand implements Callable<Integer> {
  private static final List<String> ORIGIN =
      List.of("version", "commit", "numerics", "device", "java", "os", "cpu", Provenance.PLUGINS);

  private static final String ABSENT = "absent";
  private static final String UNREADABLE = "unreadable";

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "A", description = "The first results folder.")
  private Path first;

  @Parameters(index = "1", paramLabel = "B", description = "The second results folder.")
  private Path second;

  @Option(
      names = "--within",
      paramLabel = "SHARE",
      description =
          "How far B's times and parameters may be from A's, such as 5%% or 0.05;"
              + " 0 means equal.")
  private Optional<String> within = Optional.empty();

  @Override
  public Integer call() {
    Results a = Results.read(first);
    Results b = Results.read(second);
    Comparison comparison = new Comparison(a.analysis(), b.analysis());
    List<Comparison.Times> times = comparison.times();
    if (times.isEmpty()) {
      throw new Refusal(
          ExitCode.USAGE,
          "no condition with a threshold is in both "
              + first
              + " and "
              + second
              + "; the time of a flow is not compared with steps");
    }
    double share = within.map(CompareCommand::share).orElse(Double.POSITIVE_INFINITY);
    PrintWriter out = spec.commandLine().getOut();
    out.println("A: " + first + "\nB: " + second);
    boolean agree = times(times, share, out);
    agree &= alone("A", comparison.inFirstAlone(), out);
    agree &= alone("B", comparison.inSecondAlone(), out);
    agree &= laws(comparison.parameters(), share, out);
    differences("configuration (outside of sweeps)", List.of(flat(a), flat(b)), out);
    differences("provenance", List.of(origins(first), origins(second)), out);
    if (within.isPresent()) {
      out.println(
          agree ? "within " + within.get() + ": holds" : "within " + within.get() + ": MISSED");
    }
    return agree ? ExitCode.OK : ExitCode.EXPECTATION_MISSED;
  }

  private static double share(String text) {
    boolean percent = text.endsWith("%");
    String number = percent ? text.substring(0, text.length() - 1) : text;
    if (!number.matches("\\d+(\\.\\d+)?")) {
      throw new Refusal(ExitCode.USAGE, "--within takes 5% or 0.05, got '" + text + "'");
    }
    double share = Double.parseDouble(number) / (percent ? 100 : 1);
    if (share > 1 && !percent) {
      throw new Refusal(
          ExitCode.USAGE,
          Numbers.text(
              "--within takes a share such as 5%% or 0.05, got '%s'; write %s%%, or %.0f%%",
              text, text, 100 * share));
    }
    return share;
  }

  private boolean times(List<Comparison.Times> all, double share, PrintWriter out) {
    boolean agree = true;
    int width = all.stream().mapToInt(t -> name(t).length()).max().orElse(0);
    out.println("\nemergence, B over A (geometric mean over paired seeds):");
    for (Comparison.Times t : all) {
      boolean holds = within.isEmpty() || t.within(share);
      agree &= holds;
      String ratio = t.pairs() == 0 ? "–" : Numbers.text("%.4f", t.ratio());
      out.println(
          Numbers.text(
                  "  %-" + width + "s  %s  %s", name(t), ratio, Numeral.count(t.pairs(), "pair"))
              + (t.onlyOne() > 0 ? ", " + t.onlyOne() + " emerged in one alone" : "")
              + (t.neither() > 0 ? ", " + t.neither() + " in neither" : "")
              + (t.absent() > 0 ? ", " + t.absent() + " not stored in both" : "")
              + (t.unknown() > 0
                  ? ", " + t.unknown() + " failed before emergence or unmeasured"
                  : "")
              + (holds ? "" : "  MISSED"));
    }
    return agree;
  }

  /** Names what the other has not; true where there is nothing, or nothing is judged. */
  private boolean alone(String name, List<String> conditions, PrintWriter out) {
    if (!conditions.isEmpty()) {
      String first = String.join("; ", conditions.subList(0, Math.min(3, conditions.size())));
      out.println(
          "  "
              + Numeral.count(conditions.size(), "condition")
              + Numbers.text(" in %s alone: ", name)
              + first
              + (conditions.size() > 3 ? "; ..." : "")
              + (within.isEmpty() ? "" : "  MISSED"));
    }
    return conditions.isEmpty() || within.isEmpty();
  }

  private static String name(Comparison.Times t) {
    return t.sweep() + " " + t.condition() + " " + t.threshold();
  }

  private boolean laws(List<Comparison.Parameter> all, double share, PrintWriter out) {
    boolean agree = true;
    if (!all.isEmpty()) {
      out.println("\nlaws:");
    }
    for (Comparison.Parameter p : all) {
      boolean holds = within.isEmpty() || p.within(share);
      agree &= holds;
      out.println(
          Numbers.text(
                  "  %-28s A %s   B %s",
                  p.law() + " " + p.name(), text(p.first()), text(p.second()))
              + (holds ? "" : "  MISSED"));
    }
    return agree;
  }

  private static String text(Optional<Estimate> estimate) {
    return estimate
        .map(
            e ->
                Numbers.value(e.value())
                    + (e.hasInterval()
                        ? " (" + Numbers.value(e.lower()) + " to " + Numbers.value(e.upper()) + ")"
                        : ""))
        .orElse("–");
  }

  private static void differences(String what, List<Map<String, Object>> both, PrintWriter out) {
    Set<String> keys = new LinkedHashSet<>(both.get(0).keySet());
    keys.addAll(both.get(1).keySet());
    keys.removeIf(key -> isSame(key, value(both.get(0), key), value(both.get(1), key)));
    out.println("\n" + what + (keys.isEmpty() ? ": the same" : ":"));
    keys.forEach(
        key ->
            out.println(
                "  " + key + ": A " + value(both.get(0), key) + ", B " + value(both.get(1), key)));
  }

  /** A threshold that only one has leaves all its keys absent in the other. */
  private static Object value(Map<String, Object> of, String key) {
    return of.getOrDefault(key, ABSENT);
  }

  /** Runs that cannot be read are not the same because they are equally many. */
  private static boolean isSame(String key, Object a, Object b) {
    return Objects.equals(a, b) && (!key.equals(UNREADABLE) || a.equals(Numeral.count(0, "run")));
  }

  private static Map<String, Object> flat(Results results) {
    Map<String, Object> out = new LinkedHashMap<>();
    flatten("", SpecTree.of(results.analysis().experiment().base()), out);
    return out;
  }

  private static void flatten(String path, Object value, Map<String, Object> out) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach((key, v) -> flatten(path.isEmpty() ? key.toString() : path + "." + key, v, out));
    } else {
      out.put(path, value == null ? ABSENT : CanonicalJson.of(value));
    }
  }

  private static String missing(String key) {
    return key.equals(Provenance.PLUGINS) ? "none" : "unknown";
  }

  /** Each key of the provenance with all values that stored runs have. */
  private static Map<String, Object> origins(Path folder) {
    ResultsFolder results = ResultsFolder.read(folder);
    Map<String, Set<String>> found = new LinkedHashMap<>();
    int unread = 0;
    for (PlannedRun run : FolderArgument.plan(results).runs()) {
      if (results.run(run.id()).exists()) {
        try {
          Map<String, Object> provenance = results.run(run.id()).provenance();
          ORIGIN.forEach(
              key ->
                  found
                      .computeIfAbsent(key, k -> new TreeSet<>())
                      .add(String.valueOf(provenance.getOrDefault(key, missing(key)))));
        } catch (Damaged e) {
          unread++;
        }
      }
    }
    Map<String, Object> out = new LinkedHashMap<>();
    found.forEach((key, values) -> out.put(key, String.join(" | ", values)));
    out.put(UNREADABLE, Numeral.count(unread, "run"));
    return out;
  }
}
