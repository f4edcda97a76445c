package dev.emergence.dsl.check;

import dev.emergence.dsl.bind.KnownPaths;
import dev.emergence.dsl.bind.Suggestions;
import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.ExecutionSpec;
import dev.emergence.spec.FigureSpec;
import dev.emergence.spec.FitSpec;
import dev.emergence.spec.Keys;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.StudySpec;
import dev.emergence.spec.SweepSpec;
import dev.emergence.spec.TrainingSpec;
import dev.emergence.spec.expr.Symbols;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What cannot be said by one key alone: whether fits, claims, plots and selections speak of things
 * that exist.
 */
public final class Checks {
  private static final Pattern SYMBOL = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final References names;
  private final Node.Mapping tree;

  public Checks(References names, Node.Mapping tree) {
    this.names = names;
    this.tree = tree;
  }

  /**
   * Checks the parts of a file that could be bound.
   *
   * @param parts values by key; null where a problem was reported already
   */
  public void all(Map<String, Object> parts, Map<String, SweepSpec> sweeps) {
    symbols(entries(parts.get("symbols"), String.class));
    seeds(parts.get("seeds"), sweeps);
    if (parts.get("execution") instanceof ExecutionSpec execution) {
      device(execution.device());
      precision(execution, sweeps);
    }
    Map<String, FitSpec> fits = entries(parts.get("fits"), FitSpec.class);
    fits.forEach((name, fit) -> FitChecks.check(names, name, fit));
    Map<String, StudySpec> studies = entries(parts.get("studies"), StudySpec.class);
    Map<String, ClaimSpec> claims = entries(parts.get("claims"), ClaimSpec.class);
    claims.forEach(
        (name, claim) -> ClaimChecks.check(names, withRefused("studies", studies), name, claim));
    plots(entries(parts.get("plots"), PlotSpec.class), fits, claims);
    studies.forEach((name, study) -> StudyChecks.check(names, name, study));
    if (parts.get("figures") instanceof FigureSpec figures) {
      new FigureChecks(names).all(figures);
    }
    sweeps.forEach(
        (name, sweep) ->
            sweep
                .select()
                .ifPresent(
                    select ->
                        names.column(
                            "sweeps." + name + ".select.by.mean",
                            select.by().mean(),
                            sweep.conditions())));
  }

  private void plots(
      Map<String, PlotSpec> plots, Map<String, FitSpec> fits, Map<String, ClaimSpec> claims) {
    PlotChecks.Known known =
        new PlotChecks.Known(
            written("fits"), fits, withRefused("claims", claims), withRefused("plots", plots));
    plots.forEach(
        (name, plot) -> {
          PlotChecks.check(names, name, plot, known);
          if (plot != null) {
            new FigureChecks(names).look("plots." + name, plot);
          }
        });
  }

  private Set<String> written(String part) {
    return tree.get(part) instanceof Node.Mapping m ? m.entries().keySet() : Set.of();
  }

  /** What could be bound, and the names of the rest with null: they are there to be named. */
  private <T> Map<String, T> withRefused(String part, Map<String, T> bound) {
    Map<String, T> all = new LinkedHashMap<>();
    written(part).forEach(name -> all.put(name, null));
    all.putAll(bound);
    return all;
  }

  /** A training draws its data; without seeds it would take seed 0 in silence. */
  private void seeds(Object seeds, Map<String, SweepSpec> sweeps) {
    boolean none = seeds instanceof Optional<?> o && o.isEmpty();
    boolean draws =
        sweeps.values().stream()
            .filter(s -> s.seeds().isEmpty())
            .flatMap(s -> s.conditions().stream())
            .anyMatch(c -> c.config().architecture().isTrained());
    if (none && draws) {
      names
          .out()
          .report(
              names.place("seeds"),
              Code.E140,
              "seeds: none is for what draws nothing at random, and a training draws its data",
              "write seeds: {count: 3}");
    }
  }

  /** A device that no machine has would be found out by the workers alone. */
  private void device(String word) {
    if (!ExecutionSpec.isDevice(word)) {
      names
          .out()
          .report(
              names.place("execution.device"),
              Code.E112,
              "execution.device must be auto, cpu, cuda or cuda:N, got '"
                  + Texts.shorten(word)
                  + "'",
              Suggestions.meant(word, Set.of("auto", "cpu", "cuda")));
    }
  }

  /** A file that names a device must not ask of it for arithmetic that it lacks. */
  private void precision(ExecutionSpec execution, Map<String, SweepSpec> sweeps) {
    if (execution.device().equals("cpu")) {
      sweeps.values().stream()
          .flatMap(s -> s.conditions().stream())
          .filter(c -> c.config().architecture().isTrained())
          .map(c -> c.config().training().precision())
          .filter(wanted -> wanted != TrainingSpec.Precision.FLOAT32)
          .findFirst()
          .ifPresent(
              wanted ->
                  names
                      .out()
                      .report(
                          names.place("execution.device"),
                          Code.E140,
                          "the cpu trains in float32 alone, and precision "
                              + Keys.word(wanted)
                              + " is asked for",
                          "write device: auto, or training.precision: float32"));
    }
  }

  private static <T> Map<String, T> entries(Object map, Class<T> type) {
    Map<String, T> typed = new LinkedHashMap<>();
    if (map instanceof Map<?, ?> m) {
      m.forEach((name, value) -> typed.put((String) name, type.cast(value)));
    }
    return typed;
  }

  private void symbols(Map<String, String> own) {
    own.forEach(
        (name, path) -> {
          String at = "symbols." + name;
          if (!SYMBOL.matcher(name).matches()) {
            names
                .out()
                .report(
                    names.key(at),
                    Code.E113,
                    "'" + Texts.shorten(name) + "' cannot be a symbol",
                    "symbols are letters, digits and _");
          } else if (names.symbols().official().contains(name)
              || name.equals(Symbols.SEED)
              || name.equals(Symbols.VARIANT)) {
            names
                .out()
                .report(
                    names.key(at),
                    Code.E113,
                    "'" + name + "' is a symbol already",
                    "choose another name");
          } else if (!names.symbols().isPath(path)) {
            String hint = Suggestions.meant(path, names.symbols().paths());
            String better =
                hint.isEmpty() ? KnownPaths.endingLike(path, names.symbols().paths()) : hint;
            names
                .out()
                .report(
                    names.place(at),
                    Code.E120,
                    "there is no '" + Texts.shorten(path) + "'",
                    better);
          }
        });
  }
}
