package dev.emergence.cli;

import dev.emergence.execute.device.Engines;
import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.Keys;
import dev.emergence.tensor.Backend;
import dev.emergence.train.LeakCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code check-architecture FILE}: whether a file's architectures see later tokens. */
@Command(
    name = "check-architecture",
    description =
        "Tests whether a position of the file's architectures can see later"
            + " tokens: changes later tokens, and trains on noise, whose loss must"
            + " stay at ln C.")
final class CheckArchitectureCommand implements Callable<Integer> {
  /** The longest sequence of any task. */
  private static final int LONGEST = 1048576;

  @Spec private CommandSpec spec;
  @Mixin private FileArguments file;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "400",
      description = "Number of training steps on noise; default ${DEFAULT-VALUE}.")
  private int steps;

  @Option(
      names = "--length",
      paramLabel = "L",
      defaultValue = "16",
      description = "Number of tokens in a sequence; default ${DEFAULT-VALUE}.")
  private int length;

  @Option(
      names = "--device",
      paramLabel = "D",
      defaultValue = "cpu",
      description = "cpu, cuda or cuda:N; default ${DEFAULT-VALUE}.")
  private String device;

  @Override
  public Integer call() throws IOException {
    Numbers.within(steps, 1, Integer.MAX_VALUE, "--steps");
    Numbers.within(length, 2, LONGEST, "--length");
    Refusal.unlessDevice(device, "cpu", "cuda");
    PrintWriter out = spec.commandLine().getOut();
    Set<ArchitectureSpec> known = new LinkedHashSet<>();
    file.plan(file.experiment(spec.commandLine().getErr()))
        .runs()
        .forEach(run -> known.add(run.run().config().architecture()));
    boolean leaks = false;
    try (Backend backend = Engines.open(device, 1)) {
      for (ArchitectureSpec architecture : known) {
        leaks |= leaks(architecture, backend, out);
      }
    }
    return leaks ? ExitCode.EXPECTATION_MISSED : ExitCode.OK;
  }

  private boolean leaks(ArchitectureSpec architecture, Backend backend, PrintWriter out) {
    out.println(described((Record) architecture));
    LeakCheck.Effort usual = LeakCheck.Effort.usual();
    LeakCheck.Effort effort =
        new LeakCheck.Effort(
            length, usual.colours(), usual.batch(), steps, usual.learningRate(), usual.seed());
    LeakCheck.Result result;
    try {
      result = LeakCheck.of(architecture, backend, effort);
    } catch (IllegalArgumentException e) {
      out.println("  cannot be checked: " + e.getMessage());
      return false;
    }
    out.println(
        result
            .peek()
            .map(
                p ->
                    "  LEAK: the prediction at position "
                        + p.position()
                        + " changes with the token at "
                        + p.token())
            .orElse("  predictions keep every bit when later tokens change"));
    out.println(
        String.format(
            Locale.ROOT,
            result.belowChance()
                ? "  LEAK: trained on noise, its loss is %.4f, below ln C = %.4f"
                : "  trained on noise, its loss is %.4f; ln C = %.4f",
            result.loss(),
            result.chance()));
    out.flush();
    return result.leaks();
  }

  /** The kind, and every key that is not at its default. */
  private static String described(Record architecture) {
    StringJoiner keys = new StringJoiner(", ", "{", "}");
    keys.add("kind: " + Keys.kindOf(architecture));
    for (Keys.Component key : Keys.of(architecture.getClass())) {
      Object value = key.of(architecture);
      if (!value.equals(Defaults.of(key))) {
        keys.add(key.name() + ": " + (value instanceof Enum<?> e ? Keys.word(e) : value));
      }
    }
    return keys.toString();
  }
}
