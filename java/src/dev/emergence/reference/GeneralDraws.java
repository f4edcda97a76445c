package dev.emergence.reference;

import static dev.emergence.reference.HostBuffer.doubles;
import static dev.emergence.reference.HostBuffer.ints;
import static dev.emergence.reference.HostBuffer.start;

import dev.emergence.tensor.DType;
import dev.emergence.tensor.Draw;
import dev.emergence.tensor.Draw.What;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;

/** The draws that any task can be made of, as {@link Draw} defines them. */
final class GeneralDraws {
  private GeneralDraws() {}

  static void draw(Draw draw) {
    int rows = draw.out().dim(1);
    int columns = Math.toIntExact(draw.out().perReplica() / rows);
    for (int r = 0; r < draw.out().replicas(); r++) {
      int at = start(draw.keys(), r);
      RandomStream stream = new RandomStream(ints(draw.keys())[at], ints(draw.keys())[at + 1]);
      int step = ints(draw.step())[start(draw.step(), r)];
      for (int n = 0; n < rows; n++) {
        RandomLane lane = stream.lane(draw.lane(), step, n);
        row(draw, lane, start(draw.out(), r) + n * columns, columns);
      }
    }
  }

  private static void row(Draw draw, RandomLane lane, int at, int columns) {
    if (draw.what() instanceof What.Tokens tokens) {
      for (int j = 0; j < columns; j++) {
        ints(draw.out())[at + j] = lane.bounded(j, tokens.bound());
      }
    } else if (draw.what() instanceof What.Normals normals) {
      for (int j = 0; j < columns; j++) {
        doubles(draw.out())[at + j] = lane.normal(j) * (float) normals.scale();
      }
    } else if (draw.what() instanceof What.Permutation permutation) {
      int[] deck = new int[permutation.of()];
      Arrays.setAll(deck, v -> v);
      for (int j = 0; j < columns; j++) {
        ints(draw.out())[at + j] = Subsets.shuffle(deck, j, j + lane.bounded(j, deck.length - j));
      }
    }
  }

  static void gather(Tensor table, Tensor index, Tensor out) {
    int rows = index.dim(1);
    int columns = Math.toIntExact(index.perReplica() / rows);
    int width = Math.toIntExact(table.perReplica() / table.dim(1));
    for (int r = 0; r < out.replicas(); r++) {
      for (int k = 0; k < rows * columns; k++) {
        int wanted = ints(index)[start(index, r) + k];
        if (wanted < 0 || wanted >= width) {
          throw new IllegalArgumentException(
              "gather: index " + wanted + " is not in 0.." + (width - 1));
        }
        int from = start(table, r) + (table.dim(1) == 1 ? 0 : k / columns * width) + wanted;
        int to = start(out, r) + k;
        if (out.dtype() == DType.F32) {
          doubles(out)[to] = doubles(table)[from];
        } else {
          ints(out)[to] = ints(table)[from];
        }
      }
    }
  }
}
