package dev.emergence.spec;

import dev.emergence.spec.HeadPatchingSpec.Direction;
import java.util.Map;
import java.util.Optional;

/** What it does to change heads, as a study has found. */
@Kind(
    value = "heads",
    doc =
        "What changing some heads does, in a study of heads: the mean over its runs. The best of"
            + " many heads does more than one chosen beforehand, so claim something of random or"
            + " median heads too.")
public record HeadsClaim(
    @Key(doc = "The study, one of `studies:`.") String data,
    @Key(doc = "Only runs with these values; exactly one condition must be left.", value = "{}")
        Map<String, Object> where,
    @Key(
            doc = "Of a study of patterns: forward or reverse, where it does both.",
            value = Key.ABSENT)
        Optional<Direction> direction,
    @Key(doc = "Of a study of zeroed heads: the moment, where it has several.", value = Key.ABSENT)
        Optional<String> at,
    @Key(
            doc =
                "Which heads are changed. top: the most effective ones; second: the second most"
                    + " effective one; median: the head in the middle; random: as many of the"
                    + " others, drawn at random; all: every head.",
            value = "top")
        Which heads,
    @Key(doc = "How many at once, for top and random.", value = "1", min = 1, max = 1000000)
        int size,
    @Key(
            doc =
                "recovered: the share of the way to the other model that the metric goes; effect:"
                    + " by how much the metric changes.",
            value = "recovered")
        Of of,
    @Key(doc = "Lower bound on the mean.", value = Key.ABSENT) Optional<Double> atLeast,
    @Key(doc = "Upper bound on the mean.", value = Key.ABSENT) Optional<Double> atMost)
    implements ClaimSpec {
  /** Which heads are changed. */
  public enum Which {
    TOP,
    SECOND,
    MEDIAN,
    RANDOM,
    ALL;

    /**
     * In words: {@code 2 most effective heads at once}.
     *
     * @param size how many heads
     */
    public String words(int size) {
      return switch (this) {
        case TOP -> size == 1 ? "most effective head" : size + " most effective heads at once";
        case SECOND -> "second most effective head";
        case MEDIAN -> "median head";
        case RANDOM -> size == 1 ? "1 random other head" : size + " random other heads at once";
        case ALL -> "all heads at once";
      };
    }

    /** As {@link #words}, within a sentence: {@code the median head}. */
    public String named(int size) {
      return this == ALL ? words(size) : "the " + words(size);
    }

    /** Whether it can be several heads, but not all. */
    public boolean hasSize() {
      return this == TOP || this == RANDOM;
    }
  }

  /** What is claimed of. */
  public enum Of {
    RECOVERED,
    EFFECT
  }

  @Override
  public String statement() {
    return (of == Of.EFFECT ? "change" : "share of the way")
        + " by "
        + heads.named(size)
        + " in the study "
        + data;
  }
}
