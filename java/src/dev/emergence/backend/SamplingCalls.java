package dev.emergence.backend;

import dev.emergence.backend.Em.em_draw_args;
import dev.emergence.backend.Em.em_draw_host_args;
import dev.emergence.backend.Em.em_gather_args;
import dev.emergence.backend.Em.em_sample_linear_regression_args;
import dev.emergence.backend.Em.em_sample_recall_args;
import dev.emergence.tensor.Draw;
import dev.emergence.tensor.HostDraw;
import dev.emergence.tensor.LinearRegressionDraw;
import dev.emergence.tensor.RecallDraw;
import dev.emergence.tensor.Tensor;
import dev.emergence.tensor.TrainingShapes;

/** The samplers; see {@link ArithmeticCalls}. */
final class SamplingCalls {
  private final NativeContext context;
  private final em_sample_linear_regression_args regression =
      new em_sample_linear_regression_args();
  private final em_sample_recall_args recall = new em_sample_recall_args();
  private final em_draw_args general = new em_draw_args();
  private final em_gather_args gather = new em_gather_args();
  private final em_draw_host_args host = new em_draw_host_args();

  SamplingCalls(NativeContext context) {
    this.context = context;
  }

  void linearRegression(LinearRegressionDraw draw) {
    TrainingShapes.sampleLinearRegression(draw);
    em_sample_linear_regression_args args = regression;
    context.put(args.keys(), draw.keys());
    context.put(args.step(), draw.step());
    context.put(args.cross_sample(), draw.crossSample());
    context.put(args.in_context(), draw.inContext());
    context.put(args.dataset(), draw.dataset());
    context.put(args.target(), draw.target());
    context.put(args.special(), draw.special());
    context.put(args.fixed_positions(), draw.fixedPositions());
    context.put(args.x(), draw.x());
    context.put(args.y(), draw.y());
    context.put(args.relevant(), draw.relevant());
    int feature = draw.feature() ? 1 : 0;
    args.replicas(draw.x().replicas())
        .rows(draw.x().dim(1))
        .length(draw.x().dim(2))
        .width(draw.x().dim(3) - feature);
    args.feature(feature).positions(code(draw.positions()));
    context.check(
        "sampleLinearRegression",
        Em.em_sample_linear_regression(context.handle(), args),
        draw.x(),
        draw.y());
  }

  private static int code(LinearRegressionDraw.Positions positions) {
    return switch (positions) {
      case LAST -> Em.EM_LAST;
      case FIXED -> Em.EM_FIXED;
      case RANDOM -> Em.EM_RANDOM;
    };
  }

  void recall(RecallDraw draw) {
    TrainingShapes.sampleRecall(draw);
    em_sample_recall_args args = recall;
    context.put(args.keys(), draw.keys());
    context.put(args.step(), draw.step());
    context.put(args.cross_sample(), draw.crossSample());
    context.put(args.in_context(), draw.inContext());
    context.put(args.dataset(), draw.dataset());
    context.put(args.favoured(), draw.favoured());
    context.put(args.sequence(), draw.sequence());
    context.put(args.target(), draw.target());
    context.put(args.relevant(), draw.relevant());
    context.put(args.value(), draw.value());
    context.put(args.key(), draw.key());
    args.replicas(draw.sequence().replicas())
        .rows(draw.sequence().dim(1))
        .pairs((draw.sequence().dim(2) - 1) / 2);
    args.tokens(draw.tokens())
        .favoured_count(draw.favoured().perReplica())
        .placement(code(draw.placement()));
    context.check(
        "sampleRecall",
        Em.em_sample_recall(context.handle(), args),
        draw.sequence(),
        draw.target());
  }

  void draw(Draw draw) {
    draw.check();
    em_draw_args args = general;
    int rows = draw.out().dim(1);
    context.put(args.keys(), draw.keys());
    context.put(args.step(), draw.step());
    context.put(args.out(), draw.out());
    args.replicas(draw.out().replicas()).rows(rows).columns(draw.out().perReplica() / rows);
    args.lane(draw.lane()).bound(1).scale(1);
    if (draw.what() instanceof Draw.What.Tokens tokens) {
      args.what(Em.EM_TOKENS).bound(tokens.bound());
    } else if (draw.what() instanceof Draw.What.Permutation permutation) {
      args.what(Em.EM_PERMUTATIONS).bound(permutation.of());
    } else if (draw.what() instanceof Draw.What.Normals normals) {
      args.what(Em.EM_NORMALS).scale((float) normals.scale());
    }
    context.check("draw", Em.em_draw(context.handle(), args), draw.out());
  }

  void gather(Tensor table, Tensor index, Tensor out) {
    Draw.checkGather(table, index, out);
    em_gather_args args = gather;
    context.put(args.table(), table);
    context.put(args.index(), index);
    context.put(args.out(), out);
    int rows = index.dim(1);
    args.replicas(index.replicas()).rows(rows).columns(index.perReplica() / rows);
    args.table_rows(table.dim(1)).table_columns(table.perReplica() / table.dim(1));
    context.check("gather", Em.em_gather(context.handle(), args), table, index);
  }

  void host(HostDraw draw, NativeFeed feed) {
    em_draw_host_args args = host;
    args.feed(feed.handle()).replicas(draw.step().replicas()).outputs(draw.out().size());
    context.put(args.step(), draw.step());
    for (int i = 0; i < draw.out().size(); i++) {
      context.put(args.out(i), draw.out().get(i));
      args.elements(i, draw.out().get(i).perReplica());
    }
    context.check("drawHost", Em.em_draw_host(context.handle(), args), draw.step());
  }

  private static int code(RecallDraw.Placement placement) {
    return switch (placement) {
      case AT_LEAST_ONE -> Em.EM_AT_LEAST_ONE;
      case BINOMIAL -> Em.EM_BINOMIAL;
      case BINOMIAL_POSITIVE -> Em.EM_BINOMIAL_POSITIVE;
      case EXACTLY -> Em.EM_EXACTLY;
    };
  }
}
