package dev.emergence.train;

import dev.emergence.model.Layout;
import dev.emergence.model.Model;
import dev.emergence.model.Models;
import dev.emergence.model.Network;
import dev.emergence.model.NetworkOptions;
import dev.emergence.model.Parameters;
import dev.emergence.model.Signature;
import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.ArchitectureSpec.Readout;
import dev.emergence.spec.Defaults;
import dev.emergence.tensor.AdamOptions;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Moments;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.StepProgram;
import dev.emergence.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Looks for an architecture that lets a position see later tokens, in two ways. The prediction at a
 * position must keep every bit when later tokens change. And trained to predict the next token of
 * independent noise, which nobody can, its loss must stay at ln C: each step brings fresh
 * sequences, so the loss can fall only by reading what is to be predicted. A leak can hide from one
 * of the two, for instance where initial weights are zero, or where shapes mix up sequences.
 */
public final class LeakCheck {
  /** How far below ln C a loss must lie to tell a leak: some tens of standard errors. */
  private static final double MARGIN = 0.01;

  private LeakCheck() {}

  /**
   * How much is tried.
   *
   * @param length tokens of a sequence
   * @param colours C, different tokens
   * @param batch sequences a step
   * @param steps of Adam; the loss is averaged over the last quarter
   */
  public record Effort(
      int length, int colours, int batch, int steps, double learningRate, long seed) {
    /** 16 tokens of 4 colours, 64 sequences a step, 400 steps at a rate of 0.003. */
    public static Effort usual() {
      return new Effort(16, 4, 64, 400, 3e-3, 1);
    }
  }

  /**
   * A prediction that changed with a later token.
   *
   * @param position what changed
   * @param token which token was changed
   */
  public record Peek(int position, int token) {}

  /**
   * What was found.
   *
   * @param peek the first prediction that changed with a later token, if any did
   * @param loss mean loss of the last quarter of the training, in nats
   * @param chance ln C
   */
  public record Result(Optional<Peek> peek, double loss, double chance) {
    /** Whether the loss went where nobody gets without seeing what comes. */
    public boolean belowChance() {
      return loss < chance - MARGIN;
    }

    /** Whether either test found a leak. */
    public boolean leaks() {
      return peek.isPresent() || belowChance();
    }
  }

  /**
   * Checks an architecture, read out at every position.
   *
   * @throws IllegalArgumentException when it does not predict at every position of a sequence of
   *     tokens: there is nothing to leak then
   */
  public static Result of(ArchitectureSpec spec, Backend backend, Effort effort) {
    Model model =
        Models.create(
            everywhere(spec),
            new Signature(effort.length(), effort.colours(), true, effort.colours()));
    try (Scope scope = new Scope(backend)) {
      return new Run(backend, scope, model, effort).result();
    }
  }

  private static ArchitectureSpec everywhere(ArchitectureSpec spec) {
    return spec.stack().isPresent()
        ? (ArchitectureSpec) Defaults.change((Record) spec, Map.of("readout", Readout.ALL))
        : spec;
  }

  /** One model in training. */
  private static final class Run {
    private final Backend backend;
    private final Effort effort;
    private final Random random;
    private final Network network;
    private final Parameters parameters;
    private final Tensor input;
    private final Tensor target;
    private final Tensor loss;
    private final Tensor mean;
    private final Runnable learn;

    Run(Backend backend, Scope scope, Model model, Effort effort) {
      this.backend = backend;
      this.effort = effort;
      this.random = new Random(effort.seed());
      Layout layout = model.layout();
      this.parameters = new Parameters(scope, layout, 1);
      parameters.initialize(backend, 0, (int) effort.seed());
      this.network =
          model.network(backend, scope, parameters, NetworkOptions.training(effort.batch()));
      Tensor prediction = network.prediction();
      int tokens = effort.batch() * effort.length();
      if (prediction.perReplica() != (long) tokens * effort.colours()) {
        throw new IllegalArgumentException(
            "this architecture does not predict at every position, so that no position can see a"
                + " later one; its prediction is "
                + prediction);
      }
      this.input = scope.ints(1, effort.batch(), effort.length());
      this.target = scope.ints(1, tokens);
      this.loss = scope.floats(1, tokens);
      this.mean = scope.floats(1);
      Tensor correct = scope.floats(1, tokens);
      Tensor dPrediction = scope.floats(prediction.shape());
      Tensor logits = prediction.reshape(tokens, effort.colours());
      Tensor dLogits = dPrediction.reshape(tokens, effort.colours());
      Moments moments = moments(scope, layout.size());
      AdamOptions adam = new AdamOptions(0.9, 0.999, 1e-8, 0);
      this.learn =
          () -> {
            network.forward(input);
            backend.crossEntropy(logits, target, loss, correct, Optional.of(dLogits));
            backend.mean(loss, mean);
            network.backward(dPrediction);
            backend.adam(moments, adam);
            backend.advance(moments.step(), moments.stoppedAt());
          };
    }

    private Moments moments(Scope scope, long size) {
      Tensor rate = scope.floats(1);
      Tensor step = scope.ints(1);
      backend.write(rate, new double[] {effort.learningRate()});
      backend.write(step, new int[] {1});
      return new Moments(
          parameters.values(),
          parameters.gradient(),
          scope.floats(1, size),
          scope.floats(1, size),
          rate,
          step,
          scope.ints(1));
    }

    Result result() {
      double below = train();
      // After training: weights that start at zero would hide what they let through.
      return new Result(peek(), below, Math.log(effort.colours()));
    }

    private double train() {
      double sum = 0;
      int counted = Math.max(1, effort.steps() / 4);
      try (StepProgram program = backend.record(learn)) {
        for (int step = 0; step < effort.steps(); step++) {
          draw();
          program.run();
          sum += step < effort.steps() - counted ? 0 : backend.doubles(mean)[0];
        }
      }
      return sum / counted;
    }

    /** Fresh sequences; what follows each token is its target, the last one's included. */
    private void draw() {
      int length = effort.length();
      int[] read = new int[effort.batch() * length];
      int[] next = new int[read.length];
      for (int b = 0; b < effort.batch(); b++) {
        int[] sequence = random.ints(length + 1L, 0, effort.colours()).toArray();
        System.arraycopy(sequence, 0, read, b * length, length);
        System.arraycopy(sequence, 1, next, b * length, length);
      }
      backend.write(input, read);
      backend.write(target, next);
    }

    private Optional<Peek> peek() {
      double[] before = predict();
      for (int token = 1; token < effort.length(); token++) {
        int[] tokens = backend.ints(input);
        int[] kept = tokens.clone();
        for (int b = 0; b < effort.batch(); b++) {
          int at = b * effort.length() + token;
          tokens[at] = (tokens[at] + 1) % effort.colours();
        }
        backend.write(input, tokens);
        double[] after = predict();
        backend.write(input, kept);
        for (int i = 0; i < before.length; i++) {
          int position = i / effort.colours() % effort.length();
          if (position < token && Double.compare(before[i], after[i]) != 0) {
            return Optional.of(new Peek(position, token));
          }
        }
      }
      return Optional.empty();
    }

    private double[] predict() {
      network.forward(input);
      return backend.doubles(network.prediction());
    }
  }
}
