package dev.emergence.fit;

import dev.emergence.fit.Coverage.Estimator;
import dev.emergence.fit.FitOptions.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Prints how often a 95 % interval holds the planted exponent: a line for each estimator and unit,
 * a column for each number of seeds.
 *
 * <p>{@code ./dev coverage [--sets 2000] [--seeds 2,3,5,10] [--by seed,point] [--estimators
 * interval,nonlinear] [--random 17]}. Nonlinear laws take longest, so that they get a quarter of
 * the data sets. Exit code 0 when every share that can be given lies between 92 and 98 %, else 1.
 */
final class CoverageTable {
  static final double LEAST = 0.92;
  static final double MOST = 0.98;

  /** Fewer say nothing about how much seeds differ: {@link Intervals} gives a sentence instead. */
  static final int FEWEST = 3;

  private final int sets;
  private final List<Integer> seeds;
  private final List<Unit> units;
  private final List<Estimator> estimators;

  private CoverageTable(
      int sets, List<Integer> seeds, List<Unit> units, List<Estimator> estimators) {
    this.sets = sets;
    this.seeds = seeds;
    this.units = units;
    this.estimators = estimators;
  }

  public static void main(String[] arguments) {
    Map<String, String> options =
        new HashMap<>(
            Map.of(
                "--sets", "2000",
                "--seeds", "2,3,5,10",
                "--by", names(Unit.values()),
                "--estimators", names(Estimator.values()),
                "--random", "17"));
    for (int i = 0; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length || options.replace(arguments[i], arguments[i + 1]) == null) {
        throw usage(
            "usage: ./dev coverage [--sets N] [--seeds N,N,...] [--by "
                + names(Unit.values())
                + "] [--estimators "
                + names(Estimator.values())
                + "] [--random N]");
      }
    }
    List<Integer> seeds =
        Arrays.stream(options.get("--seeds").split(",", -1))
            .map(n -> (int) number("--seeds", n, 2, 1000))
            .toList();
    int sets = (int) number("--sets", options.get("--sets"), 1, 1_000_000);
    List<Unit> units = chosen("--by", Unit.values(), options.get("--by"));
    List<Estimator> estimators =
        chosen("--estimators", Estimator.values(), options.get("--estimators"));
    long random = number("--random", options.get("--random"), Long.MIN_VALUE, Long.MAX_VALUE);
    System.exit(new CoverageTable(sets, seeds, units, estimators).print(random) ? 0 : 1);
  }

  private static long number(String option, String text, long least, long most) {
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is out of range.
    }
    throw usage(
        "coverage: "
            + option
            + " takes whole numbers from "
            + least
            + " to "
            + most
            + ", got '"
            + text
            + "'");
  }

  /** Ends the process. */
  private static IllegalArgumentException usage(String message) {
    System.err.println(message);
    System.exit(2);
    return new IllegalArgumentException(message);
  }

  private static String names(Enum<?>[] all) {
    return Arrays.stream(all)
        .map(e -> e.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(","));
  }

  private static <E extends Enum<E>> List<E> chosen(String option, E[] all, String names) {
    List<String> some = List.of(names.split(","));
    List<E> found =
        Arrays.stream(all).filter(e -> some.contains(e.name().toLowerCase(Locale.ROOT))).toList();
    if (found.size() != some.size()) {
      throw usage("coverage: " + option + " knows " + names(all) + ", got '" + names + "'");
    }
    return found;
  }

  private boolean print(long random) {
    System.out.println(
        seeds.stream().map(n -> n + " seeds").collect(Collectors.joining(" | ", "| | ", " |")));
    System.out.println("|---|" + "---|".repeat(seeds.size()));
    boolean well = true;
    for (Unit unit : units) {
      for (Estimator estimator : estimators) {
        int of = sets(estimator, sets);
        List<String> cells = new ArrayList<>();
        for (int n : seeds) {
          Coverage.Share share = new Coverage(estimator, unit, n).of(of, random);
          cells.add(cell(share, of));
          well &= isWell(share, of, unit, n);
        }
        System.out.println("| " + name(estimator, unit) + " | " + String.join(" | ", cells) + " |");
      }
    }
    System.out.println(
        "A 95 % interval of the exponent, over "
            + sets
            + " simulated data sets ("
            + sets(Estimator.NONLINEAR, sets)
            + " of nonlinear laws); all between 92 and 98 %: "
            + (well ? "yes" : "NO"));
    return well;
  }

  static String name(Estimator estimator, Unit unit) {
    return (estimator + ", by " + unit).toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  static int sets(Estimator estimator, int sets) {
    return estimator == Estimator.NONLINEAR ? Math.max(1, sets / 4) : sets;
  }

  private static String cell(Coverage.Share share, int sets) {
    if (share.without() == sets) {
      return "none, and said";
    }
    String some = share.without() == 0 ? "" : " (" + share.without() + " without)";
    return String.format(Locale.ROOT, "%.1f %%%s", 100 * share.covered(), some);
  }

  /**
   * Whether intervals hold their level, or are refused where the data cannot give them.
   *
   * @param sets how many data sets there were
   */
  static boolean isWell(Coverage.Share share, int sets, Unit unit, int seeds) {
    if (unit == Unit.SEED && seeds < FEWEST) {
      return share.without() == sets;
    }
    return share.without() <= sets / 100 && LEAST <= share.covered() && share.covered() <= MOST;
  }
}
