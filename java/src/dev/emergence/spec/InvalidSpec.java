package dev.emergence.spec;

import java.util.List;
import java.util.stream.Collectors;

/** Values that contradict each other; carries all problems found. */
public final class InvalidSpec extends IllegalArgumentException {
  private static final long serialVersionUID = 1;
  private final transient List<Problem> problems;

  /** With at least one problem. */
  public InvalidSpec(List<Problem> problems) {
    super(
        problems.stream()
            .map(p -> p.path() + ": " + p.message())
            .collect(Collectors.joining("; ")));
    this.problems = List.copyOf(problems);
  }

  /** Every problem, in the order of the keys. */
  public List<Problem> problems() {
    return problems;
  }

  static void throwIfAny(List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new InvalidSpec(problems);
    }
  }
}
