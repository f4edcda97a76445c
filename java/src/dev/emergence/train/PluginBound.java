package dev.emergence.train;

import java.util.List;

/**
 * A measure of a plug-in on one test set. It adds to its own columns alone, because what it added
 * to another's would change that mean in silence.
 *
 * @param bound the measure
 * @param own its columns
 */
record PluginBound(Probe.Bound bound, List<String> own) implements Probe.Bound {
  @Override
  public void compute() {
    bound.compute();
  }

  @Override
  public void add(Means means, int used) {
    bound.add(means.only(own), used);
  }

  @Override
  public void finish(Means means) {
    bound.finish(means.only(own));
  }
}
