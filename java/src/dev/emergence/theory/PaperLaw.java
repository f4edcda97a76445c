package dev.emergence.theory;

import dev.emergence.spec.Numeral;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.TaskSpec.RelevantPosition;
import dev.emergence.spec.TransformerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The power laws that Zucchet et al. (2025) fitted to the plateaus of their Transformers: C x^a
 * y^b, where (x, y) is (d, T/B) in linear regression and (N_tokens, N_pairs) in associative recall.
 * Measured, not derived: a law is continued to half the least that was measured and no further
 * down, and not taken to grow shorter with learning rates above the paper's largest.
 */
enum PaperLaw {
  /** Two layers, four heads. */
  FIGURE_3(
      0.76,
      1.29,
      0.80,
      1e-4,
      new Range(16, 256),
      new Range(16, 256),
      "0.76 d^1.29 (T/B)^0.80 (Fig. 3)"),
  /** Other numbers of layers and heads. */
  FIGURE_13(
      1.03,
      1.27,
      0.70,
      1e-4,
      new Range(16, 128),
      new Range(32, 128),
      "1.03 d^1.27 (T/B)^0.70 layers^0.06 heads^0.16 (Fig. 13)"),
  /** One layer, one head, the relevant token marked but always at the same place. */
  FIGURE_14_FIXED(
      4.20,
      1.22,
      0.29,
      1e-4,
      new Range(16, 128),
      new Range(32, 256),
      "4.20 d^1.22 (T/B)^0.29 (Fig. 14, fixed position)"),
  /** One layer, one head, the relevant token known by its place alone. */
  FIGURE_14_UNMARKED(
      4.61,
      1.21,
      0.30,
      1e-4,
      new Range(16, 128),
      new Range(32, 256),
      "4.61 d^1.21 (T/B)^0.30 (Fig. 14, no relevant feature)"),
  /** One layer, one head. */
  FIGURE_15_ADAM(
      1.45,
      1.31,
      0.57,
      1e-4,
      new Range(16, 128),
      new Range(16, 256),
      "1.45 d^1.31 (T/B)^0.57 (Fig. 15, Adam)"),
  /** One layer, one head, stochastic gradient descent. */
  FIGURE_15_SGD(
      6.42,
      1.44,
      1.07,
      5e-3,
      new Range(16, 128),
      new Range(16, 128),
      "6.42 d^1.44 (T/B)^1.07 (Fig. 15, SGD)"),
  /** Associative recall, four layers, four heads. */
  FIGURE_4(
      0.55,
      0.79,
      2.25,
      1e-4,
      new Range(32, 256),
      new Range(8, 64),
      "0.55 N_tokens^0.79 N_pairs^2.25 (Fig. 4)");

  /** What the paper varies; grids that it does not print are those of its ticks. */
  private record Range(double least, double most) {
    /** Below this the law is not continued. */
    double floor() {
      return least / 2;
    }
  }

  private static final int BATCH = 32;

  /** The largest learning rate of the paper's tuning over the one of its laws (App. D.3). */
  private static final double FASTEST = 3;

  private final double constant;
  private final double first;
  private final double second;
  private final double measuredRate;
  private final Range firstRange;
  private final Range secondRange;
  private final String text;

  PaperLaw(
      double constant,
      double first,
      double second,
      double measuredRate,
      Range firstRange,
      Range secondRange,
      String text) {
    this.constant = constant;
    this.first = first;
    this.second = second;
    this.measuredRate = measuredRate;
    this.firstRange = firstRange;
    this.secondRange = secondRange;
    this.text = text;
  }

  /**
   * What the paper's laws say about a Transformer; empty for a task or an optimiser that it does
   * not have.
   */
  static Optional<Forecast> forecast(RunConfig config, TransformerSpec model) {
    if (config.training().optimizer() instanceof OptimizerSpec.Muon) {
      return Optional.empty();
    }
    if (config.task() instanceof TaskSpec.AssociativeRecall recall
        && !(config.training().optimizer() instanceof OptimizerSpec.Sgd)) {
      return FIGURE_4.at(recall.tokens(), recall.pairs(), 1, config);
    }
    if (config.task() instanceof TaskSpec.LinearRegression task) {
      PaperLaw law = forRegression(config, model, task);
      double shape =
          law == FIGURE_13
              ? Math.pow(model.shared().layers(), 0.06) * Math.pow(model.heads(), 0.16)
              : 1;
      return law.at(
          task.dim(),
          (double) task.sequenceLength() / config.repetition().inContext(),
          shape,
          config);
    }
    return Optional.empty();
  }

  private static PaperLaw forRegression(
      RunConfig config, TransformerSpec model, TaskSpec.LinearRegression task) {
    if (config.training().optimizer() instanceof OptimizerSpec.Sgd) {
      return FIGURE_15_SGD;
    }
    if (model.shared().layers() == 1 && model.heads() == 1) {
      if (task.relevantPosition() == RelevantPosition.RANDOM) {
        return FIGURE_15_ADAM;
      }
      return task.relevantFeature() ? FIGURE_14_FIXED : FIGURE_14_UNMARKED;
    }
    return model.shared().layers() == 2 && model.heads() == 4 ? FIGURE_3 : FIGURE_13;
  }

  private Optional<Forecast> at(double x, double y, double factor, RunConfig config) {
    double rate = config.training().optimizer().learningRate();
    if (!(rate > 0)) {
      return Optional.empty();
    }
    double steps =
        factor
            * constant
            * Math.pow(Math.max(x, firstRange.floor()), first)
            * Math.pow(Math.max(y, secondRange.floor()), second)
            / Math.min(rate / measuredRate, FASTEST);
    List<String> outside = outside(x, y, rate);
    List<String> caveats = new ArrayList<>(outside);
    caveats.addAll(caveats(config, rate));
    return Optional.of(new Forecast(steps, "steps", text, caveats, !outside.isEmpty()));
  }

  /** Where a run lies beyond what the law was measured on. */
  private List<String> outside(double x, double y, double rate) {
    List<String> out = new ArrayList<>();
    beyond(this == FIGURE_4 ? "N_tokens" : "d", x, firstRange).ifPresent(out::add);
    beyond(this == FIGURE_4 ? "N_pairs" : "T/B", y, secondRange).ifPresent(out::add);
    if (rate > FASTEST * measuredRate * (1 + 1e-9)) {
      out.add(
          "the paper's largest learning rate is "
              + Numeral.of(FASTEST * measuredRate)
              + "; the plateau is taken to grow no shorter beyond it");
    }
    return out;
  }

  private static Optional<String> beyond(String name, double value, Range range) {
    if (value >= range.least() && value <= range.most()) {
      return Optional.empty();
    }
    String measured =
        "measured with "
            + name
            + " from "
            + Numeral.of(range.least())
            + " to "
            + Numeral.of(range.most());
    return Optional.of(
        value < range.floor()
            ? measured + "; below " + Numeral.of(range.floor()) + " the law's value there is taken"
            : measured + "; beyond that the law is continued");
  }

  private List<String> caveats(RunConfig config, double rate) {
    List<String> out = new ArrayList<>();
    boolean inContext = this == FIGURE_4 && config.repetition().inContext() > 1;
    if (inContext || config.repetition().crossSample() > 0) {
      out.add("the law has no such repetition, which shortens the plateau");
    }
    if (config.repetition().dataset().isPresent()) {
      out.add("measured on endless data");
    }
    if (!config.training().optimizer().rates().isEqual()) {
      out.add("measured with one learning rate for all parameters");
    }
    if (rate != measuredRate && rate <= FASTEST * measuredRate * (1 + 1e-9)) {
      out.add(
          "measured with learning rate "
              + Numeral.of(measuredRate)
              + "; the plateau is taken to grow as its inverse");
    }
    if (config.training().optimizer() instanceof OptimizerSpec.AdamW) {
      out.add("measured with adam");
    }
    if (config.training().batchSize() != BATCH) {
      out.add("measured with batches of " + BATCH);
    }
    return out;
  }
}
