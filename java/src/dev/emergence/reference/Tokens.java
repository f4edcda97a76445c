package dev.emergence.reference;

import static dev.emergence.reference.HostBuffer.doubles;
import static dev.emergence.reference.HostBuffer.ints;
import static dev.emergence.reference.HostBuffer.start;

import dev.emergence.tensor.LayerShapes;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;

/** Embedding, positions, and the way from tokens to the read-out. */
final class Tokens {
  private Tokens() {}

  static void embed(Tensor tokens, Tensor table, Tensor out) {
    int width = table.dim(2);
    for (int r = 0; r < tokens.replicas(); r++) {
      for (int i = 0; i < tokens.perReplica(); i++) {
        int row = start(table, r) + token(tokens, r, i, table.dim(1)) * width;
        System.arraycopy(doubles(table), row, doubles(out), start(out, r) + i * width, width);
      }
    }
  }

  static void embedBackward(Tensor tokens, Tensor dOut, Tensor dTable) {
    int width = dTable.dim(2);
    Memory.zero(dTable);
    for (int r = 0; r < tokens.replicas(); r++) {
      for (int i = 0; i < tokens.perReplica(); i++) {
        int row = start(dTable, r) + token(tokens, r, i, dTable.dim(1)) * width;
        for (int j = 0; j < width; j++) {
          doubles(dTable)[row + j] += doubles(dOut)[start(dOut, r) + i * width + j];
        }
      }
    }
  }

  private static int token(Tensor tokens, int r, int i, int vocabulary) {
    int token = ints(tokens)[start(tokens, r) + i];
    if (token < 0 || token >= vocabulary) {
      throw new IllegalArgumentException(
          "token "
              + token
              + " at "
              + i
              + " of replica "
              + r
              + " is not from 0 to "
              + (vocabulary - 1));
    }
    return token;
  }

  static void addPositions(Tensor x, Tensor positions) {
    int one = x.dim(2) * x.dim(3);
    for (int r = 0; r < x.replicas(); r++) {
      for (int i = 0; i < x.perReplica(); i++) {
        doubles(x)[start(x, r) + i] += doubles(positions)[start(positions, r) + i % one];
      }
    }
  }

  static void addPositionsBackward(Tensor dX, Tensor dPositions) {
    int one = dX.dim(2) * dX.dim(3);
    Memory.zero(dPositions);
    for (int r = 0; r < dX.replicas(); r++) {
      for (int i = 0; i < dX.perReplica(); i++) {
        doubles(dPositions)[start(dPositions, r) + i % one] += doubles(dX)[start(dX, r) + i];
      }
    }
  }

  static void takeTokens(Tensor x, int first, Tensor out) {
    int taken = LayerShapes.count(x, out) * x.dim(3);
    for (int r = 0; r < x.replicas(); r++) {
      for (int b = 0; b < x.dim(1); b++) {
        int from = start(x, r) + (b * x.dim(2) + first) * x.dim(3);
        System.arraycopy(doubles(x), from, doubles(out), start(out, r) + b * taken, taken);
      }
    }
  }

  static void takeTokensBackward(Tensor dOut, int first, Tensor dX) {
    int taken = LayerShapes.count(dX, dOut) * dX.dim(3);
    for (int r = 0; r < dX.replicas(); r++) {
      for (int b = 0; b < dX.dim(1); b++) {
        for (int j = 0; j < taken; j++) {
          int to = start(dX, r) + (b * dX.dim(2) + first) * dX.dim(3) + j;
          doubles(dX)[to] += doubles(dOut)[start(dOut, r) + b * taken + j];
        }
      }
    }
  }

  static void listMarks(Tensor marks, Tensor list) {
    int width = list.dim(-1);
    int columns = marks.dim(-1);
    for (int r = 0; r < marks.replicas(); r++) {
      for (int row = 0; row < marks.rows(); row++) {
        int to = start(list, r) + row * width;
        Arrays.fill(ints(list), to, to + width, -1);
        int count = 0;
        for (int j = 0; j < columns; j++) {
          if (ints(marks)[start(marks, r) + row * columns + j] != 0) {
            if (count == width) {
              throw new IllegalArgumentException(
                  "row " + row + " has more marks than the " + width + " places of its list");
            }
            ints(list)[to + count++] = j;
          }
        }
      }
    }
  }

  static void meanTokens(Tensor x, Tensor out) {
    int length = x.dim(2);
    int width = x.dim(3);
    for (int r = 0; r < x.replicas(); r++) {
      for (int b = 0; b < x.dim(1); b++) {
        for (int j = 0; j < width; j++) {
          double sum = 0;
          for (int l = 0; l < length; l++) {
            sum += doubles(x)[start(x, r) + (b * length + l) * width + j];
          }
          doubles(out)[start(out, r) + b * width + j] = sum / length;
        }
      }
    }
  }

  static void meanTokensBackward(Tensor dOut, Tensor dX) {
    int length = dX.dim(2);
    int width = dX.dim(3);
    for (int r = 0; r < dX.replicas(); r++) {
      for (int i = 0; i < dX.perReplica(); i++) {
        int b = i / (length * width);
        doubles(dX)[start(dX, r) + i] =
            doubles(dOut)[start(dOut, r) + b * width + i % width] / length;
      }
    }
  }

  static void repeatTokens(Tensor x, Tensor out) {
    int length = out.dim(2);
    int batch = x.dim(1);
    for (int b = 0; b < batch; b++) {
      for (int l = 0; l < length; l++) {
        Memory.copy(piece(x, batch, b), piece(out, batch * length, b * length + l));
      }
    }
  }

  /** Piece {@code i} of each replica, cut into {@code pieces}. */
  private static Tensor piece(Tensor t, int pieces, int i) {
    long size = t.perReplica() / pieces;
    return t.part(i * size, size);
  }
}
