package dev.emergence.execute;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec.LinearRegression;
import dev.emergence.train.AttentionPicture;
import dev.emergence.train.Snapshot;
import dev.emergence.train.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * A training that costs nothing: each replica's weight takes a pseudo-random step that depends on
 * seed and step alone, and its loss falls once {@code dim * 5} steps are over. A wrong order of
 * steps, a wrong snapshot or a lost row shows in the numbers.
 */
public class FakeTraining implements Training {
  private final List<RunConfig> configs;
  private final List<Integer> seeds;
  private final double[] weight;
  private LongConsumer listener = to -> {};
  private long step;

  public FakeTraining(List<RunConfig> configs, List<Integer> seeds) {
    this.configs = configs;
    this.seeds = seeds;
    this.weight = new double[configs.size()];
  }

  @Override
  public int replicas() {
    return weight.length;
  }

  @Override
  public long step() {
    return step;
  }

  @Override
  public void trainTo(long to) {
    while (step < to) {
      step++;
      for (int r = 0; r < weight.length; r++) {
        weight[r] = 0.9 * weight[r] + noise(r);
      }
    }
    listener.accept(to);
  }

  /** Hears each step that the training has come to. */
  FakeTraining telling(LongConsumer steps) {
    listener = steps;
    return this;
  }

  private double noise(int r) {
    long h = (seeds.get(r) * 0x9E3779B97F4A7C15L + step) * 0xBF58476D1CE4E5B9L;
    h ^= h >>> 31;
    return (h & 0xFFFF) / 65536.0 * configs.get(r).repetition().inContext();
  }

  @Override
  public List<String> columns() {
    return List.of("test.loss", "train.loss");
  }

  @Override
  public void react(double[][] measured) {}

  @Override
  public double[][] evaluate() {
    double[][] rows = new double[weight.length][];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = new double[] {loss(r), step == 0 ? Double.NaN : weight[r]};
    }
    return rows;
  }

  double loss(int r) {
    int plateau = 5 * dim(r);
    return (step < plateau ? 0.5 : 0.5 * Math.exp(-(step - plateau) / 10.0)) + 1e-3 * weight[r];
  }

  private int dim(int r) {
    return ((LinearRegression) configs.get(r).task()).dim();
  }

  @Override
  public OptionalLong divergedAt(int replica) {
    return OptionalLong.empty();
  }

  @Override
  public Snapshot snapshot(int replica) {
    return new Snapshot(step, Map.of("weight", Snapshot.Array.scalar(weight[replica])));
  }

  @Override
  public void restore(List<Snapshot> snapshots) {
    step = snapshots.get(0).step();
    for (int r = 0; r < weight.length; r++) {
      if (snapshots.get(r).step() != step) {
        throw new IllegalArgumentException("snapshots of different steps");
      }
      weight[r] = snapshots.get(r).array("weight").values()[0];
    }
  }

  @Override
  public Map<String, Snapshot.Array> parameters(int replica) {
    return snapshot(replica).arrays();
  }

  @Override
  public List<AttentionPicture> pictures(int replica) {
    List<AttentionPicture> out = new ArrayList<>();
    out.add(new AttentionPicture(1, 1, new double[][] {{weight[replica], step}}));
    return out;
  }

  @Override
  public void close() {}
}
