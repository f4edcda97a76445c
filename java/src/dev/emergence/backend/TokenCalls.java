package dev.emergence.backend;

import dev.emergence.backend.Em.em_add_positions_args;
import dev.emergence.backend.Em.em_add_positions_backward_args;
import dev.emergence.backend.Em.em_embed_args;
import dev.emergence.backend.Em.em_embed_backward_args;
import dev.emergence.backend.Em.em_layer_norm_args;
import dev.emergence.backend.Em.em_layer_norm_backward_args;
import dev.emergence.backend.Em.em_list_marks_args;
import dev.emergence.backend.Em.em_mean_tokens_args;
import dev.emergence.backend.Em.em_mean_tokens_backward_args;
import dev.emergence.backend.Em.em_norm_scale_args;
import dev.emergence.backend.Em.em_norm_scale_backward_args;
import dev.emergence.backend.Em.em_repeat_tokens_args;
import dev.emergence.backend.Em.em_take_tokens_args;
import dev.emergence.backend.Em.em_take_tokens_backward_args;
import dev.emergence.tensor.Backend.LayerNormGradient;
import dev.emergence.tensor.Backend.NormScaleGradient;
import dev.emergence.tensor.LayerShapes;
import dev.emergence.tensor.Tensor;
import java.util.Optional;

/** Embedding, positions, read-out and layer norm; see {@link ArithmeticCalls}. */
final class TokenCalls {
  private final NativeContext context;
  private final em_embed_args embed = new em_embed_args();
  private final em_embed_backward_args embedBackward = new em_embed_backward_args();
  private final em_add_positions_args addPositions = new em_add_positions_args();
  private final em_add_positions_backward_args addPositionsBackward =
      new em_add_positions_backward_args();
  private final em_take_tokens_args takeTokens = new em_take_tokens_args();
  private final em_take_tokens_backward_args takeTokensBackward =
      new em_take_tokens_backward_args();
  private final em_mean_tokens_args meanTokens = new em_mean_tokens_args();
  private final em_mean_tokens_backward_args meanTokensBackward =
      new em_mean_tokens_backward_args();
  private final em_repeat_tokens_args repeatTokens = new em_repeat_tokens_args();
  private final em_list_marks_args listMarks = new em_list_marks_args();
  private final em_layer_norm_args layerNorm = new em_layer_norm_args();
  private final em_layer_norm_backward_args layerNormBackward = new em_layer_norm_backward_args();
  private final em_norm_scale_args normScale = new em_norm_scale_args();
  private final em_norm_scale_backward_args normScaleBackward = new em_norm_scale_backward_args();

  TokenCalls(NativeContext context) {
    this.context = context;
  }

  void embed(Tensor tokens, Tensor table, Tensor out) {
    LayerShapes.embed(tokens, table, out);
    context.put(embed.tokens(), tokens);
    context.put(embed.table(), table);
    context.put(embed.out(), out);
    embed
        .replicas(table.replicas())
        .rows(tokens.perReplica())
        .vocabulary(table.dim(1))
        .width(table.dim(2));
    context.check("embed", Em.em_embed(context.handle(), embed), tokens, table, out);
  }

  void embedBackward(Tensor tokens, Tensor dOut, Tensor dTable) {
    LayerShapes.embedBackward(tokens, dOut, dTable);
    context.put(embedBackward.tokens(), tokens);
    context.put(embedBackward.d_out(), dOut);
    context.put(embedBackward.d_table(), dTable);
    embedBackward
        .replicas(dTable.replicas())
        .rows(tokens.perReplica())
        .vocabulary(dTable.dim(1))
        .width(dTable.dim(2));
    context.check(
        "embedBackward",
        Em.em_embed_backward(context.handle(), embedBackward),
        tokens,
        dOut,
        dTable);
  }

  void addPositions(Tensor x, Tensor positions) {
    LayerShapes.addPositions(x, positions);
    context.put(addPositions.x(), x);
    context.put(addPositions.positions(), positions);
    addPositions.replicas(x.replicas()).batch(x.dim(1)).length(x.dim(2)).width(x.dim(3));
    context.check(
        "addPositions", Em.em_add_positions(context.handle(), addPositions), x, positions);
  }

  void addPositionsBackward(Tensor dX, Tensor dPositions) {
    LayerShapes.addPositions(dX, dPositions);
    context.put(addPositionsBackward.d_x(), dX);
    context.put(addPositionsBackward.d_positions(), dPositions);
    addPositionsBackward
        .replicas(dX.replicas())
        .batch(dX.dim(1))
        .length(dX.dim(2))
        .width(dX.dim(3));
    context.check(
        "addPositionsBackward",
        Em.em_add_positions_backward(context.handle(), addPositionsBackward),
        dX,
        dPositions);
  }

  void takeTokens(Tensor x, int first, Tensor out) {
    LayerShapes.takeTokens(x, first, out);
    context.put(takeTokens.x(), x);
    context.put(takeTokens.out(), out);
    takeTokens
        .replicas(x.replicas())
        .batch(x.dim(1))
        .length(x.dim(2))
        .width(x.dim(3))
        .first(first)
        .count(LayerShapes.count(x, out));
    context.check("takeTokens", Em.em_take_tokens(context.handle(), takeTokens), x, out);
  }

  void takeTokensBackward(Tensor dOut, int first, Tensor dX) {
    LayerShapes.takeTokens(dX, first, dOut);
    context.put(takeTokensBackward.d_out(), dOut);
    context.put(takeTokensBackward.d_x(), dX);
    takeTokensBackward
        .replicas(dX.replicas())
        .batch(dX.dim(1))
        .length(dX.dim(2))
        .width(dX.dim(3))
        .first(first)
        .count(LayerShapes.count(dX, dOut));
    context.check(
        "takeTokensBackward",
        Em.em_take_tokens_backward(context.handle(), takeTokensBackward),
        dOut,
        dX);
  }

  void meanTokens(Tensor x, Tensor out) {
    LayerShapes.meanTokens(x, out);
    context.put(meanTokens.x(), x);
    context.put(meanTokens.out(), out);
    meanTokens.replicas(x.replicas()).batch(x.dim(1)).length(x.dim(2)).width(x.dim(3));
    context.check("meanTokens", Em.em_mean_tokens(context.handle(), meanTokens), x, out);
  }

  void meanTokensBackward(Tensor dOut, Tensor dX) {
    LayerShapes.meanTokens(dX, dOut);
    context.put(meanTokensBackward.d_out(), dOut);
    context.put(meanTokensBackward.d_x(), dX);
    meanTokensBackward.replicas(dX.replicas()).batch(dX.dim(1)).length(dX.dim(2)).width(dX.dim(3));
    context.check(
        "meanTokensBackward",
        Em.em_mean_tokens_backward(context.handle(), meanTokensBackward),
        dOut,
        dX);
  }

  void repeatTokens(Tensor x, Tensor out) {
    LayerShapes.repeatTokens(x, out);
    context.put(repeatTokens.x(), x);
    context.put(repeatTokens.out(), out);
    long batch = x.dim(1);
    repeatTokens
        .replicas(x.replicas())
        .batch(batch)
        .length(out.dim(2))
        .width(x.perReplica() / batch);
    context.check("repeatTokens", Em.em_repeat_tokens(context.handle(), repeatTokens), x, out);
  }

  void listMarks(Tensor marks, Tensor list) {
    LayerShapes.listMarks(marks, list);
    context.put(listMarks.marks(), marks);
    context.put(listMarks.list(), list);
    listMarks
        .replicas(marks.replicas())
        .rows(marks.rows())
        .columns(marks.dim(-1))
        .width(list.dim(-1));
    context.check("listMarks", Em.em_list_marks(context.handle(), listMarks), marks, list);
  }

  void layerNorm(
      Tensor x, Tensor gamma, Tensor beta, Tensor out, Tensor mean, Optional<Tensor> rstd) {
    LayerShapes.layerNorm(x, gamma, beta, out, mean, rstd);
    context.put(layerNorm.x(), x);
    context.put(layerNorm.gamma(), gamma);
    context.put(layerNorm.beta(), beta);
    context.put(layerNorm.out(), out);
    context.put(layerNorm.mean(), mean);
    context.put(layerNorm.rstd(), rstd);
    layerNorm.replicas(x.replicas()).rows(x.rows()).columns(x.dim(-1));
    context.check(
        "layerNorm", Em.em_layer_norm(context.handle(), layerNorm), x, gamma, beta, out, mean);
  }

  void layerNormBackward(LayerNormGradient g) {
    LayerShapes.layerNormBackward(g);
    em_layer_norm_backward_args args = layerNormBackward;
    context.put(args.d_out(), g.dOut());
    context.put(args.x(), g.x());
    context.put(args.gamma(), g.gamma());
    context.put(args.mean(), g.mean());
    context.put(args.rstd(), g.rstd());
    context.put(args.d_x(), g.dX());
    context.put(args.added(), g.added());
    context.put(args.d_gamma(), g.dGamma());
    context.put(args.d_beta(), g.dBeta());
    args.replicas(g.x().replicas()).rows(g.x().rows()).columns(g.x().dim(-1));
    context.check(
        "layerNormBackward",
        Em.em_layer_norm_backward(context.handle(), args),
        g.dOut(),
        g.x(),
        g.dX());
  }

  void normScale(Tensor z, Tensor rstd, Tensor bias) {
    LayerShapes.normScale(z, rstd, bias);
    context.put(normScale.z(), z);
    context.put(normScale.rstd(), rstd);
    context.put(normScale.bias(), bias);
    normScale.replicas(z.replicas()).rows(z.rows()).columns(z.dim(-1));
    context.check("normScale", Em.em_norm_scale(context.handle(), normScale), z, rstd, bias);
  }

  void normScaleBackward(NormScaleGradient g) {
    LayerShapes.normScaleBackward(g);
    em_norm_scale_backward_args args = normScaleBackward;
    context.put(args.d_out(), g.dOut());
    context.put(args.out(), g.out());
    context.put(args.bias(), g.bias());
    context.put(args.x(), g.x());
    context.put(args.mean(), g.mean());
    context.put(args.rstd(), g.rstd());
    context.put(args.d_z(), g.dZ());
    context.put(args.d_bias(), g.dBias());
    context.put(args.d_x(), g.dX());
    args.replicas(g.dOut().replicas())
        .rows(g.dOut().rows())
        .columns(g.dOut().dim(-1))
        .width(g.x().dim(-1));
    context.check(
        "normScaleBackward",
        Em.em_norm_scale_backward(context.handle(), args),
        g.dOut(),
        g.x(),
        g.dX());
  }
}
