package dev.emergence.task;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec.LinearRegression;
import dev.emergence.spec.ToySpec;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.LinearRegressionDraw;
import dev.emergence.tensor.LinearRegressionDraw.Positions;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Single-location linear regression (Zucchet et al. 2025, Eq. 1 and App. B.1): among T Gaussian
 * tokens, B equal ones are relevant and the target is W* times them.
 */
final class LinearRegressionTask implements Task {
  private final Backend backend;
  private final Scope scope;
  private final List<Replica> replicas;
  private final LinearRegression spec;
  private final Tensor target;
  private final Tensor special;
  private final Tensor positions;
  private final Repetition trained;
  private final List<Repetition> tested = new ArrayList<>();

  LinearRegressionTask(Backend backend, Scope scope, List<Replica> replicas) {
    this.backend = backend;
    this.scope = scope;
    this.replicas = new ArrayList<>(replicas);
    this.spec = (LinearRegression) replicas.get(0).config().task();
    int d = spec.dim();
    this.target = scope.floats(replicas.size(), d, d);
    this.special = scope.floats(replicas.size(), d);
    this.positions = scope.ints(replicas.size(), spec.sequenceLength());
    this.trained =
        Repetition.of(backend, scope, replicas, Repetition.Source.training(spec.sequenceLength()));
    for (int r = 0; r < replicas.size(); r++) {
      writeConstants(r);
    }
  }

  private void writeConstants(int replica) {
    RegressionConstants constants = RegressionConstants.draw(replicas.get(replica));
    backend.write(target.replica(replica), constants.target());
    backend.write(special.replica(replica), constants.special());
    backend.write(positions.replica(replica), constants.positions());
  }

  @Override
  public void enter(int replica, Replica run) {
    Cohort.enter(replicas, replica, run);
    writeConstants(replica);
    trained.enter(replica, run);
    tested.forEach(repetition -> repetition.enter(replica, run));
  }

  @Override
  public Batch training(int samples) {
    return new Sequences(trained, samples);
  }

  @Override
  public Batch test(String testSet, int samples) {
    Repetition.Source source = Repetition.Source.test(spec.sequenceLength(), testSet);
    tested.add(Repetition.of(backend, scope, replicas, source));
    return new Sequences(tested.get(tested.size() - 1), samples);
  }

  @Override
  public void repeat(int replica, int inContext, double crossSample) {
    trained.set(replica, inContext, crossSample);
  }

  @Override
  public List<Level> levels(int replica, String testSet) {
    return levels(replicas.get(replica), testSet);
  }

  static List<Level> levels(Replica replica, String testSet) {
    double p = Cohort.crossSample(replica, testSet);
    RegressionConstants c = RegressionConstants.draw(replica);
    boolean reduced = isReduced(replica.config());
    double square = reduced ? 1 : c.squaredTarget(p);
    double blind = square - p * p * (reduced ? 1 : c.squaredSpecialTarget());
    return List.of(
        new Level("oracle", "loss", 0, "the relevant token is read and W* is known"),
        new Level("blind", "loss", blind / 2, "the best constant output, p W* x̃"),
        new Level("zero", "loss", square / 2, "output zero, as before training"));
  }

  /** Whether no W* is drawn: columns of norm 1 are assumed, and so is ‖W* x̃‖ = 1. */
  static boolean isReduced(RunConfig config) {
    return config.architecture() instanceof ToySpec toy
        && toy.dynamics() == ToySpec.Dynamics.REDUCED;
  }

  private static Positions positions(LinearRegression spec) {
    return switch (spec.relevantPosition()) {
      case LAST -> Positions.LAST;
      case FIXED -> Positions.FIXED;
      case RANDOM -> Positions.RANDOM;
    };
  }

  private final class Sequences implements Batch {
    private final Repetition repetition;
    private final Tensor x;
    private final Tensor y;
    private final Tensor relevant;
    private final MarkedParents parents;

    Sequences(Repetition repetition, int samples) {
      this.repetition = repetition;
      int r = replicas.size();
      this.x = scope.floats(r, samples, spec.sequenceLength(), spec.predicts().inputs());
      this.y = scope.floats(r, samples, 1, spec.dim());
      int length = spec.sequenceLength();
      this.relevant = scope.ints(r, samples, length);
      this.parents =
          new MarkedParents(backend, scope, "relevant", Optional.empty(), relevant, length);
    }

    @Override
    public Tensor input() {
      return x;
    }

    @Override
    public Tensor target() {
      return y;
    }

    @Override
    public List<Parents> parents() {
      return List.of(parents.parents());
    }

    @Override
    public void draw(Tensor step) {
      backend.sampleLinearRegression(
          new LinearRegressionDraw(
              repetition.keys(),
              step,
              repetition.crossSample(),
              repetition.inContext(),
              repetition.dataset(),
              target,
              special,
              positions,
              positions(spec),
              spec.relevantFeature(),
              x,
              y,
              relevant));
      parents.list();
    }
  }
}
