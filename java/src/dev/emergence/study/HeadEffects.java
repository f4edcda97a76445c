package dev.emergence.study;

import dev.emergence.spec.StudySpec.Choice;
import dev.emergence.spec.StudySpec.HeadSets;
import dev.emergence.train.HeadChange;
import dev.emergence.train.HeadChange.Head;
import dev.emergence.train.HeadChange.How;
import dev.emergence.train.Subject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;

/**
 * What it does to a measured number to change heads: each by itself, all at once, and, if asked
 * for, the most effective ones at once beside as many random others.
 */
public final class HeadEffects {
  /** Columns of {@link Effect#row}. */
  static final List<String> COLUMNS =
      List.of("set", "size", "draw", "layer", "head", "heads", "value", "effect");

  private static final long SEED = 20260625;

  private final Subject subject;
  private final How how;
  private final HeadSets sets;
  private final List<Effect> effects = new ArrayList<>();

  private HeadEffects(Subject subject, How how, HeadSets sets) {
    this.subject = subject;
    this.how = how;
    this.sets = sets;
  }

  /**
   * The effect of one set of heads.
   *
   * @param set {@code single}, {@code all}, {@code top} or {@code random}
   * @param draw of random ones, from 0; else -1
   * @param value what is measured with them changed
   * @param effect {@code value} less what is measured with none changed
   */
  public record Effect(String set, int draw, List<Head> heads, double value, double effect) {

    /** As columns. */
    Map<String, Object> row() {
      boolean single = set.equals("single");
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("set", set);
      row.put("size", heads.size());
      row.put("draw", draw < 0 ? null : draw);
      row.put("layer", single ? heads.get(0).layer() : null);
      row.put("head", single ? heads.get(0).head() : null);
      row.put("heads", String.join(" ", heads.stream().map(Head::toString).toList()));
      row.put("value", value);
      row.put("effect", effect);
      return row;
    }
  }

  /**
   * What is found.
   *
   * @param unchanged what is measured with no head changed
   */
  public record Found(double unchanged, List<Effect> effects) {}

  /**
   * Changes heads.
   *
   * @param rank what makes a head more effective than another, of its effect; the largest is first
   */
  public static Found of(Subject subject, How how, HeadSets sets, DoubleUnaryOperator rank) {
    return new HeadEffects(subject, how, sets).find(rank);
  }

  /**
   * What makes a head more effective where it takes the patterns of another model: how far it
   * brings the number toward the other model's, or, where both have the same number, how much it
   * changes it.
   *
   * @param gap the other model's number less that of the model as it is
   */
  public static DoubleUnaryOperator toward(double gap) {
    return gap == 0 ? Math::abs : effect -> effect * Math.signum(gap);
  }

  private Found find(DoubleUnaryOperator rank) {
    List<Head> heads = heads();
    double unchanged = subject.measure(List.of(HeadChange.NONE))[0];
    List<Wanted> first = new ArrayList<>();
    heads.forEach(head -> first.add(new Wanted("single", -1, List.of(head))));
    first.add(new Wanted("all", -1, heads));
    measure(first, unchanged);
    if (sets.heads() == Choice.TOP) {
      measure(several(ranked(rank), heads.size()), unchanged);
    }
    return new Found(unchanged, List.copyOf(effects));
  }

  /** A set of heads that is to be measured. */
  private record Wanted(String set, int draw, List<Head> heads) {}

  private List<Head> heads() {
    List<Head> out = new ArrayList<>();
    for (int layer = 1; layer <= subject.layers(); layer++) {
      for (int head = 1; head <= subject.heads(); head++) {
        out.add(new Head(layer, head));
      }
    }
    return out;
  }

  private void measure(List<Wanted> wanted, double unchanged) {
    if (wanted.isEmpty()) {
      return;
    }
    double[] values =
        subject.measure(
            wanted.stream().map(w -> new HeadChange(how, Set.copyOf(w.heads()))).toList());
    for (int i = 0; i < values.length; i++) {
      Wanted w = wanted.get(i);
      effects.add(new Effect(w.set(), w.draw(), w.heads(), values[i], values[i] - unchanged));
    }
  }

  /** Single heads, the most effective first; equal ones in their order. */
  private List<Head> ranked(DoubleUnaryOperator rank) {
    return effects.stream()
        .filter(e -> e.set().equals("single"))
        .sorted(Comparator.comparingDouble((Effect e) -> -rank.applyAsDouble(e.effect())))
        .map(e -> e.heads().get(0))
        .toList();
  }

  private List<Wanted> several(List<Head> ranked, int count) {
    List<Wanted> out = new ArrayList<>();
    for (int size : new TreeSet<>(sets.top())) {
      if (size > count) {
        continue;
      }
      out.add(new Wanted("top", -1, sorted(ranked.subList(0, size))));
      List<Head> others = ranked.subList(size, count);
      // The same draws in every run. They continue one stream, because the first numbers of streams
      // with neighbouring seeds are nearly equal. No control is left where few others are.
      Random random = new Random(SEED + 1000L * size);
      for (int draw = 0; draw < sets.random() && others.size() >= size; draw++) {
        out.add(new Wanted("random", draw, drawn(others, size, random)));
      }
    }
    return out;
  }

  private static List<Head> drawn(List<Head> from, int size, Random random) {
    List<Head> left = new ArrayList<>(sorted(from));
    List<Head> out = new ArrayList<>();
    while (out.size() < size) {
      out.add(left.remove(random.nextInt(left.size())));
    }
    return sorted(out);
  }

  private static List<Head> sorted(List<Head> heads) {
    return heads.stream().sorted().toList();
  }
}
