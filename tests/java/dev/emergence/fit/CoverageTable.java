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
 * <p>{@code ./dev coverage [--sets 2000] [--seeds 2,3,5,10] [--random 17]}. Nonlinear laws take
 * longest, so that they get a quarter of the data sets. Exit code 0 when every share that can be
 * given lies between 92 and 98 %, else 1.
 */
final class CoverageTable {
  static final double LEAST = 0.92;
  static final double MOST = 0.98;

  /** Fewer say nothing about how much seeds differ: {@link Intervals} gives a sentence instead. */
  static final int FEWEST = 3;

  private CoverageTable() {}

  public static void main(String[] arguments) {
    Map<String, String> options =
        new HashMap<>(Map.of("--sets", "2000", "--seeds", "2,3,5,10", "--random", "17"));
    for (int i = 0; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length || options.replace(arguments[i], arguments[i + 1]) == null) {
        System.err.println("usage: ./dev coverage [--sets N] [--seeds N,N,...] [--random N]");
        System.exit(2);
      }
    }
    List<Integer> seeds =
        Arrays.stream(options.get("--seeds").split(",")).map(Integer::valueOf).toList();
    int sets = Integer.parseInt(options.get("--sets"));
    System.exit(print(sets, seeds, Long.parseLong(options.get("--random"))) ? 0 : 1);
  }

  private static boolean print(int sets, List<Integer> seeds, long random) {
    System.out.println(
        seeds.stream().map(n -> n + " seeds").collect(Collectors.joining(" | ", "| | ", " |")));
    System.out.println("|---|" + "---|".repeat(seeds.size()));
    boolean well = true;
    for (Unit unit : Unit.values()) {
      for (Estimator estimator : Estimator.values()) {
        int of = sets(estimator, sets);
        List<String> cells = new ArrayList<>();
        for (int n : seeds) {
          Coverage.Share share = new Coverage(estimator, unit, n).of(of, random);
          cells.add(cell(share, of));
          well &= isWell(share, of, unit, n);
        }
        String name = (estimator + ", by " + unit).toLowerCase(Locale.ROOT).replace('_', ' ');
        System.out.println("| " + name + " | " + String.join(" | ", cells) + " |");
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
