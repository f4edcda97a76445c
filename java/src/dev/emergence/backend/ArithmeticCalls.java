package dev.emergence.backend;

import dev.emergence.backend.Em.em_accumulate_args;
import dev.emergence.backend.Em.em_bias_activation_args;
import dev.emergence.backend.Em.em_bias_activation_backward_args;
import dev.emergence.backend.Em.em_bias_backward_args;
import dev.emergence.backend.Em.em_bias_residual_args;
import dev.emergence.backend.Em.em_copy_args;
import dev.emergence.backend.Em.em_gemm_args;
import dev.emergence.backend.Em.em_zero_args;
import dev.emergence.tensor.Activation;
import dev.emergence.tensor.LayerShapes;
import dev.emergence.tensor.Tensor;
import java.util.Optional;

/**
 * Plain arithmetic and element-wise passes. Argument structs are filled again for each call; the
 * native side copies them.
 */
final class ArithmeticCalls {
  private final NativeContext context;
  private final em_zero_args zero = new em_zero_args();
  private final em_copy_args copy = new em_copy_args();
  private final em_accumulate_args accumulate = new em_accumulate_args();
  private final em_gemm_args gemm = new em_gemm_args();
  private final em_bias_activation_args biasActivation = new em_bias_activation_args();
  private final em_bias_activation_backward_args biasActivationBackward =
      new em_bias_activation_backward_args();
  private final em_bias_residual_args biasResidual = new em_bias_residual_args();
  private final em_bias_backward_args biasBackward = new em_bias_backward_args();

  ArithmeticCalls(NativeContext context) {
    this.context = context;
  }

  void zero(Tensor x) {
    context.put(zero.x(), x);
    zero.replicas(x.replicas()).elements(x.perReplica());
    context.check("zero", Em.em_zero(context.handle(), zero), x);
  }

  void copy(Tensor from, Tensor to) {
    LayerShapes.copy(from, to);
    context.put(copy.from(), from);
    context.put(copy.to(), to);
    copy.replicas(to.replicas()).elements(to.perReplica());
    context.check("copy", Em.em_copy(context.handle(), copy), from, to);
  }

  void accumulate(Tensor x, Tensor y) {
    LayerShapes.accumulate(x, y);
    context.put(accumulate.x(), x);
    context.put(accumulate.y(), y);
    accumulate.replicas(y.replicas()).elements(y.perReplica());
    context.check("accumulate", Em.em_accumulate(context.handle(), accumulate), x, y);
  }

  void gemm(boolean transA, boolean transB, Tensor a, Tensor b, float beta, Tensor c) {
    LayerShapes.gemm(transA, transB, a, b, c);
    context.put(gemm.a(), a);
    context.put(gemm.b(), b);
    context.put(gemm.c(), c);
    gemm.replicas(c.replicas()).m(c.rows()).n(c.dim(-1)).k(transA ? a.rows() : a.dim(-1));
    gemm.trans_a(transA ? 1 : 0).trans_b(transB ? 1 : 0).beta(beta);
    context.check("gemm", Em.em_gemm(context.handle(), gemm), a, b, c);
  }

  void biasActivation(Tensor z, Tensor bias, Activation activation, Tensor out) {
    LayerShapes.biasActivation(z, bias, out);
    em_bias_activation_args args = biasActivation;
    context.put(args.z(), z);
    context.put(args.bias(), bias);
    context.put(args.out(), out);
    args.replicas(z.replicas()).rows(z.rows()).columns(z.dim(-1)).activation(code(activation));
    context.check("biasActivation", Em.em_bias_activation(context.handle(), args), z, bias, out);
  }

  void biasActivationBackward(Tensor dOut, Tensor slope, Tensor dZ, Tensor dBias) {
    LayerShapes.biasActivationBackward(dOut, slope, dZ, dBias);
    em_bias_activation_backward_args args = biasActivationBackward;
    context.put(args.d_out(), dOut);
    context.put(args.slope(), slope);
    context.put(args.d_z(), dZ);
    context.put(args.d_bias(), dBias);
    args.replicas(dOut.replicas()).rows(dOut.rows()).columns(dOut.dim(-1));
    context.check(
        "biasActivationBackward",
        Em.em_bias_activation_backward(context.handle(), args),
        dOut,
        slope,
        dZ,
        dBias);
  }

  private static int code(Activation activation) {
    return switch (activation) {
      case GELU -> Em.EM_GELU;
      case RELU -> Em.EM_RELU;
    };
  }

  void biasResidual(Tensor y, Tensor bias, Optional<Tensor> residual, Tensor out) {
    LayerShapes.biasResidual(y, bias, residual, out);
    context.put(biasResidual.y(), y);
    context.put(biasResidual.bias(), bias);
    context.put(biasResidual.residual(), residual);
    context.put(biasResidual.out(), out);
    biasResidual.replicas(y.replicas()).rows(y.rows()).columns(y.dim(-1));
    context.check(
        "biasResidual", Em.em_bias_residual(context.handle(), biasResidual), y, bias, out);
  }

  void biasBackward(Tensor dY, Tensor dBias) {
    LayerShapes.biasBackward(dY, dBias);
    context.put(biasBackward.d_y(), dY);
    context.put(biasBackward.d_bias(), dBias);
    biasBackward.replicas(dY.replicas()).rows(dY.rows()).columns(dY.dim(-1));
    context.check("biasBackward", Em.em_bias_backward(context.handle(), biasBackward), dY, dBias);
  }
}
