package dev.emergence.dsl.check;

import dev.emergence.dsl.sweep.FileSymbols;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.spec.SweepSpec;
import dev.emergence.spec.expr.Symbols;
import java.util.Collection;
import java.util.List;

/**
 * Names of values in a file. One may be the path of a number of a threshold or a test set; only
 * conditions tell whether there is one of that name.
 *
 * @param sweeps all of the file; none when some could not be expanded, so that nobody can tell
 */
record NamedValues(Node.Mapping tree, Collection<SweepSpec> sweeps) {
  /**
   * The names of a file.
   *
   * @param expanded the sweeps that could be expanded
   * @param written how many sweeps the file has
   */
  static NamedValues of(Node.Mapping tree, Collection<SweepSpec> expanded, int written) {
    return new NamedValues(tree, expanded.size() == written ? expanded : List.of());
  }

  /** Whether a name stands for a value. */
  boolean has(String name) {
    Symbols symbols = FileSymbols.of(tree);
    return symbols.has(name)
        && (symbols.path(name).filter(symbols.paths()::contains).isPresent()
            || sweeps.isEmpty()
            || sweeps.stream()
                .flatMap(sweep -> sweep.conditions().stream())
                .anyMatch(c -> symbols.value(name, c.config()).isPresent()));
  }

  /** What to write instead. */
  String hint(String name, boolean seedToo) {
    return FileSymbols.hint(tree, name, seedToo);
  }
}
