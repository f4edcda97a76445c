package dev.emergence.task;

import dev.emergence.spec.InContextClassification;
import dev.emergence.spec.InContextClassification.Prompts;
import dev.emergence.spec.Keys;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import java.util.List;
import java.util.Optional;

/**
 * Data of {@link InContextClassification}. Let M be the number of classes in a context, and B how
 * often each occurs.
 *
 * <ul>
 *   <li>M + 1 classes are drawn from lane 0 ({@link LabelledClasses#different}). The first is that
 *       of the query. The context has the first M where coin(0, bursty_share) of lane 1, else the
 *       last M; prompts of memory always have the last, other prompts the first.
 *   <li>Pair j has class e / B of these, rounded down, where e is entry j of a shuffle of all pairs
 *       by lane 2.
 *   <li>Entry i of item j is (m + noise · normal(j d + i) / sqrt(d)) / sqrt(1 + noise²) by lane 3,
 *       where m is that of the mean of its class. The query is item N.
 *   <li>Of novel prompts entry i of the mean of class c of the context is normal(c d + i) / sqrt(d)
 *       of lane 4, and its label entry c mod L of a shuffle of all labels by lane 5.
 *   <li>Of swapped prompts the label of class c is the known one plus 1 + bounded(c, L - 1) of lane
 *       5, modulo L.
 * </ul>
 */
final class InContextClassificationSequences implements SequenceTask {
  private static final int CLASSES = 0;
  private static final int BURSTY = 1;
  private static final int ORDER = 2;
  private static final int NOISE = 3;
  private static final int NOVEL = 4;
  private static final int LABELS = 5;
  private static final int PARENTS = 0;
  private static final int VALUE_TO_KEY = 1;

  private final InContextClassification spec;
  private final LabelledClasses known;
  private final Optional<Prompts> prompts;

  private InContextClassificationSequences(
      InContextClassification spec, LabelledClasses known, Optional<Prompts> prompts) {
    this.spec = spec;
    this.known = known;
    this.prompts = prompts;
  }

  static InContextClassificationSequences of(InContextClassification spec, RandomStream task) {
    return new InContextClassificationSequences(
        spec, new LabelledClasses(spec, task), Optional.empty());
  }

  /** The classes of the run. */
  LabelledClasses known() {
    return known;
  }

  @Override
  public SequenceTask prompts(String set) {
    for (Prompts each : Prompts.values()) {
      if (Keys.word(each).equals(set)) {
        return new InContextClassificationSequences(spec, known, Optional.of(each));
      }
    }
    return SequenceTask.super.prompts(set);
  }

  private boolean asks(Prompts set) {
    return prompts.filter(p -> p == set).isPresent();
  }

  @Override
  public void draw(RandomStream stream, int step, int n, SequenceOut out) {
    Context context = context(stream, step, n);
    RandomLane noise = stream.lane(NOISE, step, n);
    RandomLane novel = stream.lane(NOVEL, step, n);
    for (int j = 0; j <= spec.pairs(); j++) {
      int c = j < spec.pairs() ? context.of[j] : context.asked;
      for (int i = 0; i < spec.dim(); i++) {
        double mean =
            asks(Prompts.NOVEL)
                ? novel.normal((long) c * spec.dim() + i) / Math.sqrt(spec.dim())
                : known.mean(context.classes[c], i);
        out.value(2 * j, i, item(mean, noise.normal((long) j * spec.dim() + i)));
        if (j < spec.pairs()) {
          out.value(2 * j + 1, i, known.vector(context.labels[c], i));
        }
      }
    }
    out.target(0, context.target);
    out.foil(0, context.foil(known, asks(Prompts.SWAPPED), spec.labels()));
    attend(context, out);
  }

  private double item(double mean, double normal) {
    double noise = spec.noise();
    return (mean + noise * normal / Math.sqrt(spec.dim())) / Math.sqrt(1 + noise * noise);
  }

  /** The query to the labels of its class, and each of these to its item. */
  private void attend(Context context, SequenceOut out) {
    int[] places = new int[spec.burstiness()];
    int count = 0;
    for (int j = 0; j < spec.pairs(); j++) {
      if (context.of[j] == context.asked) {
        out.attends(VALUE_TO_KEY, count, 2 * j + 1, 2 * j);
        places[count++] = 2 * j + 1;
      }
    }
    if (count > 0) {
      out.attends(PARENTS, 0, 2 * spec.pairs(), places);
    }
  }

  /** Which classes and labels a sequence has. */
  Context context(RandomStream stream, int step, int n) {
    int m = spec.contextClasses();
    int[] drawn = known.different(m + 1, stream.lane(CLASSES, step, n));
    boolean bursty =
        prompts
            .map(set -> set != Prompts.MEMORY)
            .orElse(stream.lane(BURSTY, step, n).coin(0, spec.burstyShare()));
    int[] labels = labels(drawn, stream.lane(LABELS, step, n));
    int[] of = new int[spec.pairs()];
    int[] order = Shuffle.first(of.length, of.length, stream.lane(ORDER, step, n));
    for (int j = 0; j < of.length; j++) {
      of[j] = order[j] / spec.burstiness() + (bursty ? 0 : 1);
    }
    return new Context(drawn, labels, of, 0, labels[0]);
  }

  /** The labels that a sequence gives to the drawn classes. */
  private int[] labels(int[] drawn, RandomLane lane) {
    int count = spec.labels();
    int[] labels = new int[drawn.length];
    int[] fresh =
        asks(Prompts.NOVEL)
            ? Shuffle.first(Math.min(count, drawn.length), count, lane)
            : new int[0];
    for (int c = 0; c < drawn.length; c++) {
      if (asks(Prompts.NOVEL)) {
        labels[c] = fresh[c % fresh.length];
      } else if (asks(Prompts.SWAPPED)) {
        labels[c] = (known.label(drawn[c]) + 1 + lane.bounded(c, count - 1)) % count;
      } else {
        labels[c] = known.label(drawn[c]);
      }
    }
    return labels;
  }

  /**
   * Classes of a sequence by number: that of the query is number 0.
   *
   * @param classes of the run, each a number's
   * @param labels of these here
   * @param of the number of the class of each pair
   * @param asked the number of the query's class
   * @param target the label that is asked for
   */
  record Context(int[] classes, int[] labels, int[] of, int asked, int target) {

    /** Of swapped labels the known one; else another label of the context, if there is one. */
    private int foil(LabelledClasses known, boolean swapped, int count) {
      if (swapped) {
        return known.label(classes[asked]);
      }
      for (int c : of) {
        if (labels[c] != target) {
          return labels[c];
        }
      }
      return (target + 1) % count;
    }
  }

  @Override
  public List<Attending> attending() {
    return List.of(
        new Attending("parents", 1, spec.burstiness()),
        new Attending("value_to_key", spec.burstiness(), 1));
  }

  @Override
  public List<Level> levels(String testSet) {
    boolean fromMemory = !asks(Prompts.NOVEL) && !asks(Prompts.SWAPPED);
    return ClassificationLevels.of(spec, this, fromMemory);
  }
}
