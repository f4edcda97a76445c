package dev.emergence.reference;

import static dev.emergence.reference.HostBuffer.doubles;
import static dev.emergence.reference.HostBuffer.ints;
import static dev.emergence.reference.HostBuffer.start;

import dev.emergence.tensor.LinearRegressionDraw;
import dev.emergence.tensor.LinearRegressionDraw.Lanes;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Place;

/**
 * Draws batches of linear regression, one sequence after the other, as {@link LinearRegressionDraw}
 * defines them.
 */
final class RegressionSampler {
  private final LinearRegressionDraw draw;
  private final int length;
  private final int dim;

  RegressionSampler(LinearRegressionDraw draw) {
    this.draw = draw;
    this.length = draw.x().dim(2);
    this.dim = draw.x().dim(3) - (draw.feature() ? 1 : 0);
  }

  void draw() {
    for (int r = 0; r < draw.x().replicas(); r++) {
      int at = start(draw.keys(), r);
      RandomStream stream = new RandomStream(ints(draw.keys())[at], ints(draw.keys())[at + 1]);
      for (int n = 0; n < draw.x().dim(1); n++) {
        sequence(r, n, stream);
      }
    }
  }

  private void sequence(int r, int n, RandomStream stream) {
    Place at =
        stream.place(
            ints(draw.dataset())[start(draw.dataset(), r)],
            ints(draw.step())[start(draw.step(), r)],
            n);
    RandomLane noise = stream.lane(Lanes.NOISE, at.step(), at.sample());
    double[] relevant = relevantVector(r, at, stream);
    markRelevant(r, n, stream.lane(Lanes.POSITIONS, at.step(), at.sample()));
    int width = draw.x().dim(3);
    for (int t = 0; t < length; t++) {
      boolean marked = ints(draw.relevant())[start(draw.relevant(), r) + n * length + t] == 1;
      int token = start(draw.x(), r) + (n * length + t) * width;
      for (int j = 0; j < dim; j++) {
        doubles(draw.x())[token + j] =
            marked ? relevant[j] : noise.normal((long) t * dim + j) / Math.sqrt(dim);
      }
      if (draw.feature()) {
        doubles(draw.x())[token + dim] = marked ? 1 : 0;
      }
    }
    target(r, n, relevant);
  }

  private double[] relevantVector(int r, Place at, RandomStream stream) {
    double p = doubles(draw.crossSample())[start(draw.crossSample(), r)];
    boolean special = stream.lane(Lanes.COIN, at.step(), at.sample()).coin(0, p);
    RandomLane fresh = stream.lane(Lanes.RELEVANT, at.step(), at.sample());
    double[] vector = new double[dim];
    for (int j = 0; j < dim; j++) {
      vector[j] =
          special
              ? doubles(draw.special())[start(draw.special(), r) + j]
              : fresh.normal(j) / Math.sqrt(dim);
    }
    return vector;
  }

  private void markRelevant(int r, int n, RandomLane lane) {
    int copies = ints(draw.inContext())[start(draw.inContext(), r)];
    int[] marks = ints(draw.relevant());
    int row = start(draw.relevant(), r) + n * length;
    for (int t = 0; t < length; t++) {
      marks[row + t] = 0;
    }
    for (int i = 0; i < copies; i++) {
      switch (draw.positions()) {
        case LAST -> marks[row + length - 1 - i] = 1;
        case FIXED ->
            marks[row + ints(draw.fixedPositions())[start(draw.fixedPositions(), r) + i]] = 1;
        case RANDOM ->
            Subsets.floyd(
                marks, row, length - copies + i, lane.bounded(i, length - copies + i + 1));
      }
    }
  }

  private void target(int r, int n, double[] relevant) {
    for (int i = 0; i < dim; i++) {
      double y = 0;
      for (int j = 0; j < dim; j++) {
        y += doubles(draw.target())[start(draw.target(), r) + i * dim + j] * relevant[j];
      }
      doubles(draw.y())[start(draw.y(), r) + n * dim + i] = y;
    }
  }
}
