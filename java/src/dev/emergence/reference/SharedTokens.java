package dev.emergence.reference;

import static dev.emergence.reference.HostBuffer.doubles;
import static dev.emergence.reference.HostBuffer.start;

import dev.emergence.tensor.HeadProduct;
import dev.emergence.tensor.Tensor;
import dev.emergence.tensor.TokenAttention;
import java.util.Arrays;

/** Attention over tokens that all heads share, and the products on the query's side of it. */
final class SharedTokens {
  private SharedTokens() {}

  static void attention(TokenAttention a) {
    forEachHead(
        a,
        head -> {
          double[] p = head.softmax();
          System.arraycopy(p, 0, doubles(a.p()), head.weights(a.p()), p.length);
          for (int k = 0; k < head.width(); k++) {
            double sum = 0;
            for (int t = 0; t < p.length; t++) {
              sum += p[t] * doubles(a.x())[head.token(a.x(), t) + k];
            }
            doubles(a.out())[head.vector(a.out()) + k] = sum;
          }
        });
  }

  /** dS = scale P ∘ (dO Xᵀ - Σ P ∘ dO Xᵀ), dQ = dS X, dX = Σ over heads of dSᵀ Q + Pᵀ dO. */
  static void backward(TokenAttention.Gradient g) {
    TokenAttention a = g.forward();
    for (int r = 0; r < a.x().replicas(); r++) {
      int from = start(g.dX(), r);
      Arrays.fill(doubles(g.dX()), from, from + Math.toIntExact(g.dX().perReplica()), 0.0);
    }
    forEachHead(a, head -> backward(g, head));
  }

  private static void backward(TokenAttention.Gradient g, Head head) {
    TokenAttention a = g.forward();
    int p = head.weights(a.p());
    int dS = head.weights(g.dS());
    double delta = 0;
    for (int t = 0; t < head.length(); t++) {
      doubles(g.dS())[dS + t] = head.dot(g.dOut(), t);
      delta += doubles(a.p())[p + t] * doubles(g.dS())[dS + t];
    }
    int dQ = head.vector(g.dQ());
    Arrays.fill(doubles(g.dQ()), dQ, dQ + head.width(), 0.0);
    for (int t = 0; t < head.length(); t++) {
      double weight = doubles(a.p())[p + t];
      double slope = a.scale() * weight * (doubles(g.dS())[dS + t] - delta);
      doubles(g.dS())[dS + t] = slope;
      for (int k = 0; k < head.width(); k++) {
        doubles(g.dQ())[dQ + k] += slope * doubles(a.x())[head.token(a.x(), t) + k];
        doubles(g.dX())[head.token(g.dX(), t) + k] +=
            slope * doubles(a.q())[head.vector(a.q()) + k]
                + weight * doubles(g.dOut())[head.vector(g.dOut()) + k];
      }
    }
  }

  static void product(HeadProduct product) {
    Tensor x = product.x();
    Tensor w = product.w();
    Tensor y = product.y();
    int rows = y.dim(1);
    int heads = product.heads();
    int dh = product.headDim();
    int width = y.dim(3);
    for (int r = 0; r < y.replicas(); r++) {
      for (int h = 0; h < heads; h++) {
        Matrix narrow = new Matrix(x, start(x, r) + h * dh, heads * dh, rows, dh);
        Matrix weight = new Matrix(w, start(w, r) + h * dh * width, width, dh, width);
        Matrix wide = new Matrix(y, start(y, r) + h * width, heads * width, rows, width);
        switch (product.form()) {
          case WIDEN -> wide.fill((n, k) -> sum(dh, c -> narrow.at(n, c) * weight.at(c, k)));
          case NARROW -> narrow.fill((n, c) -> sum(width, k -> wide.at(n, k) * weight.at(c, k)));
          case WEIGHT -> weight.fill((c, k) -> sum(rows, n -> narrow.at(n, c) * wide.at(n, k)));
        }
      }
    }
  }

  private interface Term {
    double of(int i);
  }

  private interface Element {
    double of(int row, int column);
  }

  private static double sum(int count, Term term) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += term.of(i);
    }
    return sum;
  }

  /** A matrix whose rows are {@code stride} elements apart. */
  private record Matrix(Tensor of, int first, int stride, int rows, int columns) {
    double at(int row, int column) {
      return doubles(of)[first + row * stride + column];
    }

    void fill(Element element) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          doubles(of)[first + i * stride + j] = element.of(i, j);
        }
      }
    }
  }

  private interface HeadBody {
    void run(Head head);
  }

  private static void forEachHead(TokenAttention a, HeadBody body) {
    for (int r = 0; r < a.x().replicas(); r++) {
      for (int b = 0; b < a.x().dim(1); b++) {
        for (int h = 0; h < a.q().dim(2); h++) {
          body.run(new Head(a, r, b, h));
        }
      }
    }
  }

  /** Head h of sequence b of replica r. */
  private record Head(TokenAttention a, int r, int b, int h) {
    int length() {
      return a.x().dim(2);
    }

    int width() {
      return a.x().dim(3);
    }

    /** Where the head's vector of q, out or a gradient of them starts. */
    int vector(Tensor t) {
      return start(t, r) + (b * a.q().dim(2) + h) * width();
    }

    /** Where the head's weights of p or dS start. */
    int weights(Tensor t) {
      return start(t, r) + (b * a.q().dim(2) + h) * length();
    }

    int token(Tensor t, int i) {
      return start(t, r) + (b * length() + i) * width();
    }

    /** The head's vector of {@code vectors} times token i. */
    double dot(Tensor vectors, int i) {
      return sum(
          width(),
          k -> doubles(vectors)[vector(vectors) + k] * doubles(a.x())[token(a.x(), i) + k]);
    }

    double[] softmax() {
      double[] scores = new double[length()];
      Arrays.setAll(scores, t -> a.scale() * dot(a.q(), t));
      double largest = Arrays.stream(scores).reduce(Double.NEGATIVE_INFINITY, Math::max);
      double[] p = new double[scores.length];
      Arrays.setAll(p, t -> Math.exp(scores[t] - largest));
      double total = sum(p.length, t -> p[t]);
      Arrays.setAll(p, t -> p[t] / total);
      return p;
    }
  }
}
