package dev.emergence.backend;

import dev.emergence.backend.Em.em_diagonal_scan_args;
import dev.emergence.backend.Em.em_diagonal_scan_backward_args;
import dev.emergence.backend.Em.em_fast_weights_args;
import dev.emergence.backend.Em.em_fast_weights_backward_args;
import dev.emergence.backend.Em.em_mix_tokens_args;
import dev.emergence.backend.Em.em_mix_tokens_backward_args;
import dev.emergence.backend.Em.em_rotate_args;
import dev.emergence.tensor.DiagonalScan;
import dev.emergence.tensor.FastWeights;
import dev.emergence.tensor.MixerShapes;
import dev.emergence.tensor.Rotation;
import dev.emergence.tensor.TokenMix;

/** What token mixers other than attention are made of; see {@link ArithmeticCalls}. */
final class MixerCalls {
  private final NativeContext context;
  private final em_mix_tokens_args mix = new em_mix_tokens_args();
  private final em_mix_tokens_backward_args mixBackward = new em_mix_tokens_backward_args();
  private final em_fast_weights_args fast = new em_fast_weights_args();
  private final em_fast_weights_backward_args fastBackward = new em_fast_weights_backward_args();
  private final em_diagonal_scan_args scan = new em_diagonal_scan_args();
  private final em_diagonal_scan_backward_args scanBackward = new em_diagonal_scan_backward_args();
  private final em_rotate_args rotate = new em_rotate_args();

  MixerCalls(NativeContext context) {
    this.context = context;
  }

  void mixTokens(TokenMix m) {
    MixerShapes.mixTokens(m);
    fill(mix, m);
    context.put(mix.y(), m.y());
    context.check("mixTokens", Em.em_mix_tokens(context.handle(), mix), m.weight(), m.x(), m.y());
  }

  void mixTokensBackward(TokenMix.Gradient g) {
    MixerShapes.mixTokensBackward(g);
    fill(mixBackward.forward(), g.forward());
    context.put(mixBackward.d_y(), g.dY());
    context.put(mixBackward.d_x(), g.dX());
    context.put(mixBackward.d_weight(), g.dWeight());
    mixBackward.accumulate(g.accumulate() ? 1 : 0);
    context.check(
        "mixTokensBackward",
        Em.em_mix_tokens_backward(context.handle(), mixBackward),
        g.dY(),
        g.dX(),
        g.dWeight());
  }

  private void fill(em_mix_tokens_args args, TokenMix m) {
    context.put(args.weight(), m.weight());
    context.put(args.x(), m.x());
    args.replicas(m.x().replicas()).batch(m.x().dim(1)).length(m.length());
    args.groups(m.weight().dim(1)).rows(m.weight().dim(2)).columns(m.weight().dim(3));
    args.width(m.x().dim(3));
  }

  void fastWeights(FastWeights f) {
    MixerShapes.fastWeights(f);
    fill(fast, f);
    context.check(
        "fastWeights", Em.em_fast_weights(context.handle(), fast), f.q(), f.k(), f.v(), f.out());
  }

  void fastWeightsBackward(FastWeights.Gradient g) {
    MixerShapes.fastWeightsBackward(g);
    fill(fastBackward.forward(), g.forward());
    context.put(fastBackward.d_out(), g.dOut());
    context.put(fastBackward.d_q(), g.dQ());
    context.put(fastBackward.d_k(), g.dK());
    context.put(fastBackward.d_v(), g.dV());
    context.put(fastBackward.d_gates(), g.dGates());
    context.check(
        "fastWeightsBackward",
        Em.em_fast_weights_backward(context.handle(), fastBackward),
        g.dOut(),
        g.dQ(),
        g.dK(),
        g.dV());
  }

  private void fill(em_fast_weights_args args, FastWeights f) {
    FastWeights.Shape s = f.shape();
    context.put(args.q(), f.q());
    context.put(args.k(), f.k());
    context.put(args.v(), f.v());
    context.put(args.gates(), f.gates());
    context.put(args.out(), f.out());
    args.replicas(f.q().replicas()).batch(s.batch()).length(s.length()).heads(s.heads());
    args.head_dim(s.headDim()).stride(s.stride()).gate_stride(s.gateStride());
    args.normalised(f.normalised() ? 1 : 0).scale((float) f.scale());
    args.feature(
        switch (f.feature()) {
          case NONE -> Em.EM_FEATURE_NONE;
          case ELU -> Em.EM_FEATURE_ELU;
          case UNIT -> Em.EM_FEATURE_UNIT;
        });
  }

  void diagonalScan(DiagonalScan s) {
    MixerShapes.diagonalScan(s);
    fill(scan, s);
    context.check(
        "diagonalScan", Em.em_diagonal_scan(context.handle(), scan), s.u(), s.decay(), s.h());
  }

  void diagonalScanBackward(DiagonalScan.Gradient g) {
    MixerShapes.diagonalScanBackward(g);
    fill(scanBackward.forward(), g.forward());
    context.put(scanBackward.d_h(), g.dH());
    context.put(scanBackward.d_u(), g.dU());
    context.put(scanBackward.d_gates(), g.dGates());
    context.put(scanBackward.d_decay(), g.dDecay());
    context.check(
        "diagonalScanBackward",
        Em.em_diagonal_scan_backward(context.handle(), scanBackward),
        g.dH(),
        g.dU(),
        g.dDecay());
  }

  private void fill(em_diagonal_scan_args args, DiagonalScan s) {
    context.put(args.u(), s.u());
    context.put(args.gates(), s.gates());
    context.put(args.decay(), s.decay());
    context.put(args.h(), s.h());
    args.replicas(s.h().replicas()).batch(s.h().dim(1)).length(s.h().dim(2)).width(s.h().dim(3));
    args.stride(s.stride());
  }

  void rotate(Rotation r, boolean inverse) {
    MixerShapes.rotate(r);
    context.put(rotate.x(), r.x());
    context.put(rotate.table(), r.table());
    rotate.replicas(r.table().replicas()).batch(r.batch()).length(r.table().dim(1));
    rotate.heads(r.heads()).head_dim(r.table().dim(2)).stride(r.stride());
    rotate.inverse(inverse ? 1 : 0);
    context.check("rotate", Em.em_rotate(context.handle(), rotate), r.x(), r.table());
  }
}
