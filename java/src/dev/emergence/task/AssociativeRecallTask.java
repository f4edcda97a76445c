package dev.emergence.task;

import dev.emergence.spec.CopyCount;
import dev.emergence.spec.TaskSpec.AssociativeRecall;
import dev.emergence.spec.TaskSpec.QueryPlacement;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream.Purpose;
import dev.emergence.tensor.RecallDraw;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * In-context associative recall (Zucchet et al. 2025, section 3 and App. C.1): N pairs of a key and
 * its value under a fresh permutation of the vocabulary, then a query; the target is the query's
 * value. The favoured tokens of a run are the first of a shuffle of the vocabulary drawn from the
 * seed's {@code task} stream, lane 0.
 */
final class AssociativeRecallTask implements Task {
  private final Backend backend;
  private final Scope scope;
  private final List<Replica> replicas;
  private final AssociativeRecall spec;
  private final Tensor favoured;
  private final Repetition trained;
  private final List<Repetition> tested = new ArrayList<>();

  AssociativeRecallTask(Backend backend, Scope scope, List<Replica> replicas) {
    this.backend = backend;
    this.scope = scope;
    this.replicas = new ArrayList<>(replicas);
    this.spec = (AssociativeRecall) replicas.get(0).config().task();
    int count = replicas.get(0).config().repetition().repeatedTokens();
    this.favoured = scope.ints(replicas.size(), count);
    this.trained =
        Repetition.of(backend, scope, replicas, Repetition.Source.training(spec.pairs()));
    for (int r = 0; r < replicas.size(); r++) {
      writeFavoured(r);
    }
  }

  private void writeFavoured(int replica) {
    RandomLane lane = replicas.get(replica).stream(Purpose.TASK).lane(0, 0, 0);
    int[] tokens = Shuffle.first(favoured.dim(1), spec.tokens(), lane);
    backend.write(favoured.replica(replica), tokens);
  }

  @Override
  public void enter(int replica, Replica run) {
    Cohort.enter(replicas, replica, run);
    writeFavoured(replica);
    trained.enter(replica, run);
    tested.forEach(repetition -> repetition.enter(replica, run));
  }

  @Override
  public Batch training(int samples) {
    return new Sequences(trained, spec.queryPlacement(), samples);
  }

  @Override
  public Batch test(String testSet, int samples) {
    Repetition.Source source = Repetition.Source.test(spec.pairs(), testSet);
    QueryPlacement placement = Cohort.placement(replicas.get(0), testSet);
    tested.add(Repetition.of(backend, scope, replicas, source));
    return new Sequences(tested.get(tested.size() - 1), placement, samples);
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
    AssociativeRecall spec = (AssociativeRecall) replica.config().task();
    int copies = Cohort.inContext(replica, testSet);
    CopyCount count = CopyCount.of(Cohort.placement(replica, testSet), spec.pairs(), copies);
    int pairs = spec.pairs();
    int tokens = spec.tokens();
    double absent = count.of(0);
    List<Level> levels = new ArrayList<>();
    // Without the query's key any token that is not a value of the context is as likely as any
    // other.
    double loss = absent == 0 ? 0 : absent * Math.log(tokens - pairs);
    double missed = absent == 0 ? 0 : absent * (1 - 1.0 / (tokens - pairs));
    String best =
        "the value after the query's key; without one, a token that is not among the values";
    levels.add(new Level("oracle", "loss", loss, best));
    levels.add(new Level("oracle", "accuracy", 1 - missed, best));
    levels.add(new Level("blind", "loss", Math.log(tokens), "all tokens equally likely"));
    levels.add(new Level("blind", "accuracy", 1.0 / tokens, "any token"));
    if (absent == 0) {
      levels.add(
          new Level(
              "in_context",
              "loss",
              meanLogRarity(count),
              "each value as likely as it is frequent in the context"));
    }
    levels.add(
        new Level(
            "in_context",
            "accuracy",
            count.mean() / pairs,
            "the value of a pair chosen at random"));
    levels.add(
        new Level(
            "most_frequent",
            "accuracy",
            count.mostFrequent(),
            "the most frequent value of the context"));
    return List.copyOf(levels);
  }

  private static double meanLogRarity(CopyCount count) {
    int pairs = count.probabilities().length - 1;
    double mean = 0;
    for (int k = 1; k <= pairs; k++) {
      mean += count.of(k) * Math.log((double) pairs / k);
    }
    return mean;
  }

  private static RecallDraw.Placement placement(QueryPlacement placement) {
    return switch (placement) {
      case AT_LEAST_ONE -> RecallDraw.Placement.AT_LEAST_ONE;
      case BINOMIAL -> RecallDraw.Placement.BINOMIAL;
      case BINOMIAL_POSITIVE -> RecallDraw.Placement.BINOMIAL_POSITIVE;
      case EXACTLY -> RecallDraw.Placement.EXACTLY;
    };
  }

  private final class Sequences implements Batch {
    private final Repetition repetition;
    private final QueryPlacement placement;
    private final Tensor sequence;
    private final Tensor target;
    private final Tensor relevant;
    private final Tensor value;
    private final Tensor key;
    private final MarkedParents toValue;
    private final MarkedParents toKey;

    Sequences(Repetition repetition, QueryPlacement placement, int samples) {
      this.repetition = repetition;
      this.placement = placement;
      int r = replicas.size();
      int length = spec.predicts().length();
      this.sequence = scope.ints(r, samples, length);
      this.target = scope.ints(r, samples, 1);
      this.relevant = scope.ints(r, samples, length);
      this.value = scope.ints(r, samples, 1);
      this.key = scope.ints(r, samples, length);
      int most = spec.pairs();
      this.toValue =
          new MarkedParents(backend, scope, "query_to_value", Optional.empty(), relevant, most);
      this.toKey = new MarkedParents(backend, scope, "value_to_key", Optional.of(value), key, most);
    }

    @Override
    public Tensor input() {
      return sequence;
    }

    @Override
    public Tensor target() {
      return target;
    }

    @Override
    public List<Parents> parents() {
      return List.of(toValue.parents(), toKey.parents());
    }

    @Override
    public void draw(Tensor step) {
      backend.sampleRecall(
          new RecallDraw(
              repetition.keys(),
              step,
              repetition.crossSample(),
              repetition.inContext(),
              repetition.dataset(),
              favoured,
              spec.tokens(),
              placement(placement),
              sequence,
              target,
              relevant,
              value,
              key));
      toValue.list();
      toKey.list();
    }
  }
}
