package dev.emergence.cli;

import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Option;

/** Which part of an experiment is meant, on the command line. */
final class PartArguments {
  @Option(
      names = "--only",
      paramLabel = "SWEEP",
      description = "Only this sweep; may be given again.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--where",
      paramLabel = "EXPR",
      description =
          "Only conditions for which this is true, such as \"d <= 64 and seed ==" + " 0\".")
  private Optional<String> where = Optional.empty();

  /**
   * The conditions and seeds that were asked for.
   *
   * @throws Refusal when none is left
   */
  Predicate<Assignment> of(Plan plan) {
    return Selected.by(plan, only, where);
  }

  /** The same options again, as words of another command line. */
  List<String> words() {
    List<String> out = new ArrayList<>();
    only.forEach(sweep -> out.addAll(List.of("--only", sweep)));
    where.ifPresent(text -> out.addAll(List.of("--where", text)));
    return out;
  }
}
