package dev.emergence.spec;

import java.util.List;
import java.util.Optional;

/**
 * How training data repeat themselves: within a context, across samples, and because there are only
 * so many of them. Test sets are always drawn anew.
 */
public record RepetitionSpec(
    @Key(
            doc =
                "Copies of the relevant token (or of the query's key, on average) in one context.",
            symbol = "B",
            value = "1",
            min = 1,
            max = 1048576,
            atMost = {"task.sequence_length", "task.pairs"})
        int inContext,
    @Key(
            doc =
                "Probability that the relevant token is the special one, or in"
                    + " associative recall that the query is one of the favoured tokens.",
            symbol = "p",
            value = "0.0",
            min = 0,
            max = 1)
        double crossSample,
    @Key(
            doc = "Number of favoured tokens in associative recall.",
            value = "2",
            min = 1,
            max = 65536)
        int repeatedTokens,
    @Key(
            doc = "Changes of in_context or cross_sample during training, one after the other.",
            value = "[]")
        List<Change> changes,
    @Key(
            doc =
                "Number of fixed sequences from which training batches are drawn, with"
                    + " replacement. endless: every sequence is drawn anew.",
            value = Key.ABSENT,
            since = 2,
            unit = "samples",
            min = 1,
            max = 1073741824,
            empty = "endless")
        Optional<Integer> dataset) {

  public RepetitionSpec {
    changes = List.copyOf(changes);
  }

  /** Of endless data. */
  public RepetitionSpec(
      int inContext, double crossSample, int repeatedTokens, List<Change> changes) {
    this(inContext, crossSample, repeatedTokens, changes, Optional.empty());
  }

  /**
   * A change of the repetition, at a time or when a metric crosses a level: exactly one of {@code
   * at} and {@code when} is given.
   */
  public record Change(
      @Key(
              doc = "Step of the change, or its time in a gradient flow.",
              value = Key.ABSENT,
              min = 0,
              max = 1e15)
          Optional<Double> at,
      @Key(doc = "Level of a metric. The change happens once it is crossed.", value = Key.ABSENT)
          Optional<MeasurementSpec.Threshold> when,
      @Key(
              doc = "Copies of the relevant token from then on. Absent: as before.",
              value = Key.ABSENT,
              min = 1,
              max = 1048576)
          Optional<Integer> inContext,
      @Key(
              doc = "Probability of the special token from then on. Absent: as before.",
              value = Key.ABSENT,
              min = 0,
              max = 1)
          Optional<Double> crossSample) {}
}
