package dev.emergence.reference;

import static dev.emergence.reference.HostBuffer.doubles;
import static dev.emergence.reference.HostBuffer.ints;
import static dev.emergence.reference.HostBuffer.start;

import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Bias;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;

/** Softmax attention by its definition: all scores of a row, then their softmax. */
final class Softmax {
  private Softmax() {}

  static void attention(Attention a) {
    Attention.Shape s = a.shape();
    a.listed().forEach(bias -> Lists.require(a, bias));
    forEachRow(
        a,
        row -> {
          double[] scores = row.scores();
          double largest = Double.NEGATIVE_INFINITY;
          for (double score : scores) {
            largest = Math.max(largest, score);
          }
          double sum = 0;
          for (double score : scores) {
            sum += largest == Double.NEGATIVE_INFINITY ? 0 : Math.exp(score - largest);
          }
          doubles(a.lse())[row.statistic(a.lse())] =
              sum == 0 ? Double.NEGATIVE_INFINITY : largest + Math.log(sum);
          double[] p = row.probabilities();
          for (int c = 0; c < s.headDim(); c++) {
            double o = 0;
            for (int j = 0; j < s.keys(); j++) {
              // A key that is not seen counts for nothing, not even when its value is NaN.
              o += p[j] == 0 ? 0 : p[j] * doubles(a.v())[row.key(a.v(), j) + c];
            }
            doubles(a.out())[row.query(a.out(), s.outputStride()) + c] = o;
          }
        });
  }

  /** dS = P ∘ (dO Vᵀ - delta), dQ = scale dS K, dK = scale dSᵀ Q, dV = Pᵀ dO. */
  static void backward(Attention.Gradient g) {
    Attention a = g.forward();
    Attention.Shape s = a.shape();
    forEachRow(
        a,
        row -> {
          if (row.i == 0) {
            row.zeroKeys(g.dK());
            row.zeroKeys(g.dV());
          }
          double[] p = row.probabilities();
          int dOut = row.query(g.dOut(), s.outputStride());
          int out = row.query(a.out(), s.outputStride());
          double delta = dot(doubles(g.dOut()), dOut, doubles(a.out()), out, s.headDim());
          doubles(g.delta())[row.statistic(g.delta())] = delta;
          int q = row.query(a.q(), s.queryStride());
          int dQ = row.query(g.dQ(), s.queryStride());
          Arrays.fill(doubles(g.dQ()), dQ, dQ + s.headDim(), 0.0);
          for (int j = 0; j < s.keys(); j++) {
            if (p[j] == 0) {
              continue;
            }
            double dP =
                dot(doubles(g.dOut()), dOut, doubles(a.v()), row.key(a.v(), j), s.headDim());
            double dS = a.scale() * p[j] * (dP - delta);
            for (int c = 0; c < s.headDim(); c++) {
              doubles(g.dQ())[dQ + c] += dS * doubles(a.k())[row.key(a.k(), j) + c];
              doubles(g.dK())[row.key(g.dK(), j) + c] += dS * doubles(a.q())[q + c];
              doubles(g.dV())[row.key(g.dV(), j) + c] += p[j] * doubles(g.dOut())[dOut + c];
            }
          }
        });
  }

  static void probabilities(Attention a, Tensor p) {
    int keys = a.shape().keys();
    forEachRow(
        a,
        row ->
            System.arraycopy(
                row.probabilities(), 0, doubles(p), start(p, row.r) + row.index() * keys, keys));
  }

  static void mass(Attention a, Parents on, Tensor mass) {
    Lists.require("query", on.queries(), a.shape().queries());
    Lists.require("key", on.keys(), a.shape().keys());
    overQueries(
        a,
        on.queries(),
        mass,
        (row, entry) -> {
          double[] p = row.probabilities();
          return Arrays.stream(Lists.keys(on, row.r, row.b, entry)).mapToDouble(j -> p[j]).sum();
        });
  }

  static void entropy(Attention a, Tensor queries, Tensor entropy) {
    Lists.require("query", queries, a.shape().queries());
    overQueries(
        a,
        queries,
        entropy,
        (row, entry) ->
            Arrays.stream(row.probabilities()).map(p -> p == 0 ? 0 : -p * Math.log(p)).sum());
  }

  private interface Statistic {
    double of(Row row, int entry);
  }

  private static void overQueries(Attention a, Tensor queries, Tensor out, Statistic statistic) {
    Attention.Shape s = a.shape();
    int entries = queries.dim(2);
    for (int r = 0; r < a.q().replicas(); r++) {
      for (int b = 0; b < s.batch(); b++) {
        for (int h = 0; h < s.heads(); h++) {
          int to = start(out, r) + (b * s.heads() + h) * entries;
          for (int e = 0; e < entries; e++) {
            int i = Lists.query(queries, r, b, e);
            doubles(out)[to + e] = i < 0 ? 0 : statistic.of(new Row(a, r, b, h, i), e);
          }
        }
      }
    }
  }

  static void biasBackward(Attention.Gradient g, int which, Tensor dStrength, boolean accumulate) {
    Attention a = g.forward();
    for (int r = 0; r < a.q().replicas() && !accumulate; r++) {
      doubles(dStrength)[start(dStrength, r)] = 0;
    }
    Bias bias = a.listed().get(which);
    forEachRow(
        a,
        row -> {
          double[] p = row.probabilities();
          int dOut = row.query(g.dOut(), a.shape().outputStride());
          double delta = doubles(g.delta())[row.statistic(g.delta())];
          for (int j : Lists.biased(bias, row.r, row.b, row.h, row.i)) {
            double dP =
                dot(
                    doubles(g.dOut()),
                    dOut,
                    doubles(a.v()),
                    row.key(a.v(), j),
                    a.shape().headDim());
            doubles(dStrength)[start(dStrength, row.r)] += p[j] == 0 ? 0 : p[j] * (dP - delta);
          }
        });
  }

  static void override(Attention a, Tensor p, Tensor heads) {
    Attention.Shape s = a.shape();
    forEachRow(
        a,
        row -> {
          int what = ints(heads)[start(heads, row.r) + row.h];
          for (int c = 0; c < s.headDim() && what != 0; c++) {
            double o = 0;
            for (int j = 0; j < s.keys() && what == 1; j++) {
              double weight = doubles(p)[start(p, row.r) + row.index() * s.keys() + j];
              o += weight * doubles(a.v())[row.key(a.v(), j) + c];
            }
            doubles(a.out())[row.query(a.out(), s.outputStride()) + c] = o;
          }
        });
  }

  private interface RowBody {
    void run(Row row);
  }

  private static void forEachRow(Attention a, RowBody body) {
    Attention.Shape s = a.shape();
    for (int r = 0; r < a.q().replicas(); r++) {
      for (int b = 0; b < s.batch(); b++) {
        for (int h = 0; h < s.heads(); h++) {
          for (int i = 0; i < s.queries(); i++) {
            body.run(new Row(a, r, b, h, i));
          }
        }
      }
    }
  }

  private static double dot(double[] x, int i, double[] y, int j, int n) {
    double sum = 0;
    for (int c = 0; c < n; c++) {
      sum += x[i + c] * y[j + c];
    }
    return sum;
  }

  /** Query i of head h of sequence b of replica r. */
  private record Row(Attention a, int r, int b, int h, int i) {

    /** Where the row's query, output or gradient starts. */
    int query(Tensor t, int stride) {
      return start(t, r) + (b * a.shape().queries() + i) * stride + h * a.shape().headDim();
    }

    /** Where key or value j starts. */
    int key(Tensor t, int j) {
      return start(t, r)
          + (b * a.shape().keys() + j) * a.shape().keyStride()
          + h * a.shape().headDim();
    }

    int index() {
      return (b * a.shape().heads() + h) * a.shape().queries() + i;
    }

    /** Where lse or delta of the row lies. */
    int statistic(Tensor t) {
      return start(t, r) + index();
    }

    void zeroKeys(Tensor t) {
      for (int j = 0; j < a.shape().keys(); j++) {
        Arrays.fill(doubles(t), key(t, j), key(t, j) + a.shape().headDim(), 0.0);
      }
    }

    /** scale · q kᵀ + bias; -inf for keys that the query does not see. */
    double[] scores() {
      Attention.Shape s = a.shape();
      double[] scores = new double[s.keys()];
      for (int j = 0; j < s.keys(); j++) {
        double score =
            a.scale()
                * dot(
                    doubles(a.q()),
                    query(a.q(), s.queryStride()),
                    doubles(a.k()),
                    key(a.k(), j),
                    s.headDim());
        if (a.bias().isPresent()) {
          score += doubles(a.bias().get())[start(a.bias().get(), r) + i * s.keys() + j];
        }
        boolean seen = !s.causal() || j <= i + s.keys() - s.queries();
        scores[j] = seen ? score : Double.NEGATIVE_INFINITY;
      }
      for (Bias bias : a.listed()) {
        for (int j : Lists.biased(bias, r, b, h, i)) {
          scores[j] += doubles(bias.strength())[start(bias.strength(), r)];
        }
      }
      return scores;
    }

    /** exp(score - lse); all zero for a row that sees no key. */
    double[] probabilities() {
      double[] p = scores();
      double lse = doubles(a.lse())[statistic(a.lse())];
      for (int j = 0; j < p.length; j++) {
        p[j] = p[j] == Double.NEGATIVE_INFINITY ? 0 : Math.exp(p[j] - lse);
      }
      return p;
    }
  }
}
