package dev.emergence.train;

import java.util.List;

/**
 * A model with its weights, what it is measured on and by which number: what studies change heads
 * of. Forward alone; measuring changes nothing. A model that comes from elsewhere is studied by
 * another implementation.
 *
 * <p>Not thread-safe.
 */
public interface Subject extends AutoCloseable {

  /** Layers whose heads can be changed. */
  int layers();

  /** Heads of a layer. */
  int heads();

  /**
   * The number that is studied, under each change by itself.
   *
   * @param changes at least one; several in one call cost less than one by one, since what is
   *     common to them is computed once
   * @return one number a change, in their order
   * @throws IllegalStateException when a head is to be replaced and there is no other model whose
   *     pattern it could take
   */
  double[] measure(List<HeadChange> changes);

  /** Frees all memory. */
  @Override
  void close();
}
