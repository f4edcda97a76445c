package dev.emergence.analysis;

import dev.emergence.spec.Condition;
import dev.emergence.spec.Numeral;
import dev.emergence.spec.SweepSpec;
import dev.emergence.spec.expr.Paths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a reader should know of what {@code select} chose, a sentence each. */
record SelectionNotes(SweepSpec sweep, SweepSpec.Select select) {
  /** Of so many groups each is named. */
  private static final int NAMED = 6;

  /**
   * The sentences.
   *
   * @param kept the winners
   * @param groups for each of them the conditions that it was chosen among
   * @param tied the winners of those groups in which several are equally good
   */
  List<String> of(List<Cell> kept, List<List<Cell>> groups, List<List<Cell>> tied) {
    List<String> notes = new ArrayList<>();
    List<Cell> chosen = kept.stream().filter(c -> c.summary(mean()).known() > 0).toList();
    if (!chosen.isEmpty()) {
      notes.add(begin() + choice(chosen) + " by the mean of " + mean() + " over seeds");
    }
    edges(kept, groups, notes);
    if (chosen.size() < kept.size()) {
      notes.add(
          inSome(kept.size() - chosen.size())
              + "no run has a value of "
              + mean()
              + ", so nothing is chosen there and the first condition in the file stands for them");
    }
    long partial = chosen.stream().filter(c -> !c.summary(mean()).complete()).count();
    if (partial > 0) {
      notes.add(
          inSome(partial) + "even the chosen condition has seeds without a value of " + mean());
    }
    if (!tied.isEmpty()) {
      notes.add(
          inSome(tied.size())
              + "several values are equally good ("
              + String.join(", ", tied.stream().map(this::values).distinct().toList())
              + "), and the first of them in the file is taken");
    }
    long open = groups.stream().filter(g -> Selection.missing(g).findAny().isPresent()).count();
    if (open > 0) {
      notes.add(inSome(open) + "runs are missing, so another value may turn out to be the best");
    }
    return notes;
  }

  private String begin() {
    return "sweep " + sweep.name() + ": ";
  }

  private String inSome(long groups) {
    return begin() + "in " + groups + " of these groups ";
  }

  private String mean() {
    return select.by().mean();
  }

  /** {@code learning_rate is 0.002 (adamw), 0.03 (sgd)}; of many groups how many have each. */
  private String choice(List<Cell> kept) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    for (Cell cell : kept) {
      groups.computeIfAbsent(chosen(cell), value -> new ArrayList<>()).add(group(cell.condition()));
    }
    String is = select.over() + " is ";
    if (groups.size() == 1 && kept.size() > 1) {
      String all = kept.size() == 2 ? "both" : "all " + kept.size();
      return is + groups.keySet().iterator().next() + " in " + all + " groups";
    }
    boolean named = kept.size() <= NAMED;
    List<String> parts = new ArrayList<>();
    groups.forEach(
        (value, of) -> {
          String names = String.join("; ", of);
          String who = names.isEmpty() ? "" : " (" + names + ")";
          parts.add(value + (named ? who : " in " + of.size()));
        });
    String of = named ? "" : "of " + kept.size() + " groups, ";
    return of + is + String.join(", ", parts);
  }

  /** What tells a group from the others: its variant and its swept values. */
  private String group(Condition condition) {
    List<String> words = new ArrayList<>();
    if (!condition.variant().isEmpty()) {
      words.add(condition.variant());
    }
    condition
        .values()
        .forEach(
            (path, value) -> {
              if (!sweep.chosen().contains(path)) {
                words.add(path.substring(path.lastIndexOf('.') + 1) + " = " + written(value));
              }
            });
    return String.join(", ", words);
  }

  private String chosen(Cell cell) {
    return written(cell.condition().values().get(select.over()));
  }

  private String values(List<Cell> cells) {
    return String.join(" and ", cells.stream().map(this::chosen).toList());
  }

  private static String written(Object value) {
    return value instanceof Number n ? Numeral.setting(n.doubleValue()) : String.valueOf(value);
  }

  /** The best value may lie beyond those of a group where the chosen one is an end of them. */
  private void edges(List<Cell> kept, List<List<Cell>> groups, List<String> notes) {
    Map<String, Integer> ends = new LinkedHashMap<>();
    for (int i = 0; i < kept.size(); i++) {
      double[] axis =
          groups.get(i).stream()
              .flatMap(c -> number(c).stream())
              .distinct()
              .sorted()
              .mapToDouble(v -> v)
              .toArray();
      boolean any = kept.get(i).summary(mean()).known() > 0;
      if (any && axis.length >= 3) { // Of two values each is an end.
        double low = axis[0];
        double high = axis[axis.length - 1];
        String of = Numeral.setting(low) + " or " + Numeral.setting(high);
        number(kept.get(i))
            .filter(v -> v == low || v == high)
            .ifPresent(v -> ends.merge(of, 1, Integer::sum));
      }
    }
    if (!ends.isEmpty()) {
      notes.add(
          inSome(ends.values().stream().mapToInt(n -> n).sum())
              + "the choice is an end of the axis ("
              + String.join(", ", ends.keySet())
              + "), so a better value may lie beyond it");
    }
  }

  private Optional<Double> number(Cell cell) {
    return Paths.number(cell.condition().values().get(select.over()));
  }
}
