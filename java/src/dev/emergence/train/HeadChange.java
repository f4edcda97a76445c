package dev.emergence.train;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Some heads of a model, and what is done to them.
 *
 * @param heads sorted by layer, then head; none: the model as it is
 */
public record HeadChange(How how, List<Head> heads) {
  /** The model as it is. */
  public static final HeadChange NONE = new HeadChange(How.ZERO, Set.of());

  /** What is done to a head. */
  public enum How {
    /** Its output is zero. */
    ZERO,
    /** It attends as the same head of another model does on the same sequence. */
    REPLACE
  }

  /**
   * One head.
   *
   * @param layer from 1
   * @param head from 1
   */
  public record Head(int layer, int head) implements Comparable<Head> {
    @Override
    public int compareTo(Head other) {
      return layer != other.layer
          ? Integer.compare(layer, other.layer)
          : Integer.compare(head, other.head);
    }

    /** As columns name it: {@code 1.3}. */
    @Override
    public String toString() {
      return layer + "." + head;
    }
  }

  /** Sorts the heads. */
  public HeadChange {
    heads = List.copyOf(new TreeSet<>(heads));
  }

  /** A change of a set of heads. */
  public HeadChange(How how, Set<Head> heads) {
    this(how, List.copyOf(heads));
  }
}
