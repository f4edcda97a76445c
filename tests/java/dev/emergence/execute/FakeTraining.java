package dev.emergence.execute;

import dev.emergence.spec.TaskSpec.LinearRegression;
import dev.emergence.tensor.ShapedArray;
import dev.emergence.train.AttentionPicture;
import dev.emergence.train.Snapshot;
import dev.emergence.train.Start;
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
  private final Start[] runs;
  private final long[] steps;
  private final double[] weight;
  private LongConsumer listener = to -> {};

  public FakeTraining(List<Start> runs) {
    this.runs = new Start[runs.size()];
    this.steps = new long[runs.size()];
    this.weight = new double[runs.size()];
    for (int r = 0; r < runs.size(); r++) {
      begin(r, runs.get(r));
    }
  }

  @Override
  public void enter(int replica, Start run) {
    begin(replica, run);
  }

  private void begin(int replica, Start run) {
    runs[replica] = run;
    steps[replica] = run.step();
    weight[replica] = run.from().map(from -> from.array("weight").values()[0]).orElse(0.0);
  }

  @Override
  public int replicas() {
    return weight.length;
  }

  /** The run that has a place now. */
  public Start run(int replica) {
    return runs[replica];
  }

  @Override
  public long step(int replica) {
    return steps[replica];
  }

  @Override
  public void train(long count) {
    for (long i = 0; i < count; i++) {
      for (int r = 0; r < weight.length; r++) {
        steps[r]++;
        weight[r] = 0.9 * weight[r] + noise(r);
      }
    }
    listener.accept(steps[0]);
  }

  /** Hears each step that the training has come to. */
  public FakeTraining telling(LongConsumer steps) {
    listener = steps;
    return this;
  }

  private double noise(int r) {
    long h = (runs[r].seed() * 0x9E3779B97F4A7C15L + steps[r]) * 0xBF58476D1CE4E5B9L;
    h ^= h >>> 31;
    return (h & 0xFFFF) / 65536.0 * runs[r].config().repetition().inContext();
  }

  @Override
  public List<String> columns() {
    return List.of("test.loss", "train.loss");
  }

  @Override
  public void react(int replica, double[] measured) {}

  @Override
  public double[][] evaluate() {
    double[][] rows = new double[weight.length][];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = new double[] {loss(r), steps[r] == 0 ? Double.NaN : weight[r]};
    }
    return rows;
  }

  protected double loss(int r) {
    int plateau = 5 * dim(r);
    long step = steps[r];
    return (step < plateau ? 0.5 : 0.5 * Math.exp(-(step - plateau) / 10.0)) + 1e-3 * weight[r];
  }

  private int dim(int r) {
    return ((LinearRegression) runs[r].config().task()).dim();
  }

  @Override
  public OptionalLong divergedAt(int replica) {
    return OptionalLong.empty();
  }

  @Override
  public Snapshot snapshot(int replica) {
    return new Snapshot(steps[replica], Map.of("weight", ShapedArray.scalar(weight[replica])));
  }

  @Override
  public Map<String, ShapedArray> parameters(int replica) {
    return snapshot(replica).arrays();
  }

  @Override
  public List<AttentionPicture> pictures(int replica) {
    List<AttentionPicture> out = new ArrayList<>();
    out.add(new AttentionPicture(1, 1, new double[][] {{weight[replica], steps[replica]}}));
    return out;
  }

  @Override
  public void close() {}
}
