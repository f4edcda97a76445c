package dev.emergence.cli;

import dev.emergence.tensor.ShapedArray;
import java.util.Arrays;
import java.util.Map;

/** A causal transformer by plain loops in float64, from nothing but its exported parameters. */
record PlainTransformer(Map<String, ShapedArray> weights, int heads, int headDim, boolean sines) {

  /** The predictions (N * Q, outputs) for tokens (N, L) or vectors (N, L, inputs). */
  double[][] outputs(ShapedArray input, double[] scored) {
    int sequences = input.shape()[0];
    double[][] out = new double[sequences * scored.length][];
    for (int n = 0; n < sequences; n++) {
      double[][] x = stream(input, n);
      for (int q = 0; q < scored.length; q++) {
        out[n * scored.length + q] = linear("readout", norm("final_norm", x[(int) scored[q]]));
      }
    }
    return out;
  }

  private double[][] stream(ShapedArray input, int n) {
    double[][] x = embedded(input, n);
    for (int l = 0; l < x.length; l++) {
      for (int j = 0; j < x[l].length; j++) {
        double angle = l / Math.pow(10_000, (double) (j - j % 2) / x[l].length);
        x[l][j] +=
            sines
                ? j % 2 == 0 ? Math.sin(angle) : Math.cos(angle)
                : weights.get("positions.weight").values()[l * x[l].length + j];
      }
    }
    for (int layer = 0;
        weights.containsKey("blocks." + layer + ".attention.query.weight");
        layer++) {
      attend("blocks." + layer + ".", x);
      perceive("blocks." + layer + ".", x);
    }
    return x;
  }

  private double[][] embedded(ShapedArray input, int n) {
    int length = input.shape()[1];
    double[][] x = new double[length][];
    for (int l = 0; l < length; l++) {
      if (input.shape().length == 2) {
        int token = (int) input.values()[n * length + l];
        int width = weights.get("embedding.weight").shape()[1];
        double[] table = weights.get("embedding.weight").values();
        x[l] = Arrays.copyOfRange(table, token * width, (token + 1) * width);
      } else {
        int inputs = input.shape()[2];
        int from = (n * length + l) * inputs;
        double[] vector = Arrays.copyOfRange(input.values(), from, from + inputs);
        x[l] = linear("embedding", vector);
      }
    }
    return x;
  }

  private void attend(String block, double[][] x) {
    int length = x.length;
    double[][] q = new double[length][];
    double[][] k = new double[length][];
    double[][] v = new double[length][];
    for (int l = 0; l < length; l++) {
      double[] normed = norm(block + "attention_norm", x[l]);
      q[l] = linear(block + "attention.query", normed);
      k[l] = linear(block + "attention.key", normed);
      v[l] = linear(block + "attention.value", normed);
    }
    for (int l = 0; l < length; l++) {
      double[] mixed = new double[heads * headDim];
      for (int h = 0; h < heads; h++) {
        double[] e = new double[l + 1];
        double sum = 0;
        for (int u = 0; u <= l; u++) {
          double score = 0;
          for (int i = h * headDim; i < (h + 1) * headDim; i++) {
            score += q[l][i] * k[u][i];
          }
          e[u] = Math.exp(score / Math.sqrt(headDim));
          sum += e[u];
        }
        for (int u = 0; u <= l; u++) {
          for (int i = h * headDim; i < (h + 1) * headDim; i++) {
            mixed[i] += e[u] / sum * v[u][i];
          }
        }
      }
      add(x[l], linear(block + "attention.output", mixed));
    }
  }

  private void perceive(String block, double[][] x) {
    if (weights.containsKey(block + "mlp.hidden.weight")) {
      for (double[] token : x) {
        double[] hidden = linear(block + "mlp.hidden", norm(block + "mlp_norm", token));
        for (int i = 0; i < hidden.length; i++) {
          hidden[i] = hidden[i] / 2 * (1 + erf(hidden[i] / Math.sqrt(2)));
        }
        add(token, linear(block + "mlp.output", hidden));
      }
    }
  }

  private double[] linear(String name, double[] x) {
    ShapedArray weight = weights.get(name + ".weight");
    double[] w = weight.values();
    double[] bias = weights.get(name + ".bias").values();
    double[] y = bias.clone();
    for (int o = 0; o < y.length; o++) {
      for (int i = 0; i < x.length; i++) {
        y[o] += w[o * x.length + i] * x[i];
      }
    }
    return y;
  }

  private double[] norm(String name, double[] x) {
    if (!weights.containsKey(name + ".gamma")) {
      return x;
    }
    double[] gamma = weights.get(name + ".gamma").values();
    double[] beta = weights.get(name + ".beta").values();
    double mean = Arrays.stream(x).average().orElseThrow();
    double variance = Arrays.stream(x).map(a -> (a - mean) * (a - mean)).average().orElseThrow();
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (x[i] - mean) / Math.sqrt(variance + 1e-5) * gamma[i] + beta[i];
    }
    return y;
  }

  private static void add(double[] to, double[] what) {
    for (int i = 0; i < to.length; i++) {
      to[i] += what[i];
    }
  }

  /** By its series, which converges everywhere. */
  private static double erf(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }
}
