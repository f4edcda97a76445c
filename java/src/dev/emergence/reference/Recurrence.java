package dev.emergence.reference;

import static dev.emergence.reference.HostBuffer.doubles;
import static dev.emergence.reference.HostBuffer.start;

import dev.emergence.tensor.DiagonalScan;
import dev.emergence.tensor.Tensor;

/** Recurrences of channels by themselves. */
final class Recurrence {
  private Recurrence() {}

  static void forward(DiagonalScan s) {
    forEachChannel(
        s,
        (r, b, c) -> {
          double h = 0;
          for (int t = 0; t < s.h().dim(2); t++) {
            Place at = new Place(s, r, b, t, c);
            h = at.keep() * h + Math.sqrt(1 - at.keep() * at.keep()) * at.in() * at.u();
            doubles(s.h())[at.state(s.h())] = h;
          }
        });
  }

  static void backward(DiagonalScan.Gradient g) {
    forEachChannel(g.forward(), (r, b, c) -> backward(g, r, b, c));
  }

  private static void backward(DiagonalScan.Gradient g, int r, int b, int c) {
    DiagonalScan s = g.forward();
    double carried = 0;
    double total = 0;
    for (int t = s.h().dim(2) - 1; t >= 0; t--) {
      Place at = new Place(s, r, b, t, c);
      double before = t == 0 ? 0 : doubles(s.h())[at.state(s.h()) - s.h().dim(3)];
      double d = doubles(g.dH())[at.state(g.dH())] + carried;
      double keep = at.keep();
      double scale = Math.sqrt(1 - keep * keep);
      double dKeep = d * (before - keep / scale * at.in() * at.u());
      double dLogit = dKeep * keep * (1 - keep);
      doubles(g.dU())[at.token(g.dU())] = d * scale * at.in();
      if (g.dGates().isPresent()) {
        Tensor gates = g.dGates().get();
        int place = at.token(gates);
        doubles(gates)[place] = dLogit;
        doubles(gates)[place + s.h().dim(3)] = d * scale * at.u() * at.in() * (1 - at.in());
      }
      total += dLogit;
      carried = keep * d;
    }
    doubles(g.dDecay())[start(g.dDecay(), r) + b * s.h().dim(3) + c] = total;
  }

  private interface Body {
    void run(int r, int b, int c);
  }

  private static void forEachChannel(DiagonalScan s, Body body) {
    for (int r = 0; r < s.h().replicas(); r++) {
      for (int b = 0; b < s.h().dim(1); b++) {
        for (int c = 0; c < s.h().dim(3); c++) {
          body.run(r, b, c);
        }
      }
    }
  }

  /** Channel c of token t of sequence b of replica r. */
  private record Place(DiagonalScan s, int r, int b, int t, int c) {
    int token(Tensor of) {
      return start(of, r) + (b * s.h().dim(2) + t) * s.stride() + c;
    }

    int state(Tensor of) {
      return start(of, r) + (b * s.h().dim(2) + t) * s.h().dim(3) + c;
    }

    double u() {
      return doubles(s.u())[token(s.u())];
    }

    double keep() {
      double decay = doubles(s.decay())[start(s.decay(), r) + c];
      return sigmoid(decay + s.gates().map(g -> doubles(g)[token(g)]).orElse(0.0));
    }

    double in() {
      return s.gates().map(g -> sigmoid(doubles(g)[token(g) + s.h().dim(3)])).orElse(1.0);
    }
  }

  static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }
}
