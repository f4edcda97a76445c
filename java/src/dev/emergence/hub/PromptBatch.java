package dev.emergence.hub;

import dev.emergence.model.HeadOverride;
import dev.emergence.model.Model;
import dev.emergence.model.Models;
import dev.emergence.model.Network;
import dev.emergence.model.NetworkOptions;
import dev.emergence.model.Objective;
import dev.emergence.model.Parameters;
import dev.emergence.model.Signature;
import dev.emergence.spec.Span;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import dev.emergence.train.HeadChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Prompts of one length whose answers have one length, and the network that reads them. Two
 * networks share the parameters: one keeps the patterns of all layers, for another model to take;
 * one reads under changes of its heads.
 */
final class PromptBatch {
  private final Backend backend;
  private final List<Prompt> prompts;
  private final List<Integer> places;
  private final Tensor input;
  private final Network network;
  private final Network donor;
  private final List<HeadOverride> overrides = new ArrayList<>();
  private final List<HeadOverride> kept = new ArrayList<>();
  private final Objective right;
  private final Objective wrong;
  private final int heads;

  /**
   * Reads prompts.
   *
   * @param scope owner of its buffers
   * @param places number of each prompt in its set
   */
  PromptBatch(
      Backend backend,
      Scope scope,
      NeoxConfig config,
      Parameters parameters,
      List<Prompt> prompts,
      List<Integer> places) {
    this.backend = backend;
    this.prompts = List.copyOf(prompts);
    this.places = List.copyOf(places);
    this.heads = config.heads();
    int batch = prompts.size();
    int length = prompts.get(0).length();
    int answers = prompts.get(0).answer().length;
    this.input = scope.ints(1, batch, length);
    backend.write(input, prompts.stream().flatMapToInt(p -> Arrays.stream(p.read())).toArray());
    Model model = Models.create(config.architecture(), signature(config, length, answers));
    Tensor own = scope.floats(1, batch, heads, length, length);
    for (int layer = 0; layer < config.layers(); layer++) {
      Tensor pattern = scope.floats(1, batch, heads, length, length);
      kept.add(new HeadOverride(pattern, pattern, scope.ints(1, heads), scope.ints(1, heads)));
      overrides.add(new HeadOverride(own, pattern, scope.ints(1, heads), scope.ints(1, heads)));
    }
    NetworkOptions options = NetworkOptions.inspection(batch);
    this.network = model.network(backend, scope, parameters, options.with(overrides));
    this.donor = model.network(backend, scope, parameters, options.with(kept));
    kept.forEach(k -> backend.write(k.left(), ones()));
    Tensor target = scope.ints(1, batch, answers);
    Tensor foil = scope.ints(1, batch, answers);
    backend.write(target, tokens(prompts, Prompt::answer, answers));
    backend.write(foil, tokens(prompts, Prompt::foil, answers));
    this.right = new Objective(backend, scope, network.prediction(), target, false);
    this.wrong = right.against(scope, foil);
  }

  private static Signature signature(NeoxConfig config, int length, int answers) {
    Span scored = new Span(length - answers, answers);
    return new Signature(length, config.vocabulary(), true, config.vocabulary(), scored);
  }

  private interface Part {
    int[] of(Prompt prompt);
  }

  /** (B, answers), -1 where a prompt has none. */
  private static int[] tokens(List<Prompt> prompts, Part part, int answers) {
    int[] all = new int[prompts.size() * answers];
    Arrays.fill(all, -1);
    for (int n = 0; n < prompts.size(); n++) {
      int[] own = part.of(prompts.get(n));
      System.arraycopy(own, 0, all, n * answers, own.length);
    }
    return all;
  }

  private int[] ones() {
    int[] ones = new int[heads];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Number of each prompt in its set. */
  List<Integer> places() {
    return places;
  }

  /** Keeps the patterns of the parameters at hand, for heads that are replaced later. */
  void donate() {
    donor.forward(input);
  }

  /** What the parameters at hand answer under a change of heads, prompt by prompt. */
  List<Answer> answers(HeadChange change) {
    for (int layer = 0; layer < overrides.size(); layer++) {
      int[] left = ones();
      int[] changed = new int[heads];
      for (HeadChange.Head head : change.heads()) {
        if (head.layer() == layer + 1) {
          left[head.head() - 1] = 0;
          changed[head.head() - 1] = change.how() == HeadChange.How.REPLACE ? 1 : 2;
        }
      }
      backend.write(overrides.get(layer).left(), left);
      backend.write(overrides.get(layer).changed(), changed);
    }
    network.forward(input);
    right.forward();
    wrong.forward();
    return read();
  }

  private List<Answer> read() {
    double[] losses = backend.doubles(right.losses());
    double[] others = backend.doubles(wrong.losses());
    double[] correct = backend.doubles(right.correct().orElseThrow());
    int answers = losses.length / prompts.size();
    List<Answer> out = new ArrayList<>();
    for (int n = 0; n < prompts.size(); n++) {
      Prompt prompt = prompts.get(n);
      double probability = 0;
      boolean solved = true;
      double difference = 0;
      int differing = 0;
      for (int a = 0; a < answers; a++) {
        int i = n * answers + a;
        probability += Math.exp(-losses[i]) / answers;
        solved &= correct[i] == 1;
        if (prompt.foil().length > 0 && prompt.foil()[a] != prompt.answer()[a]) {
          difference += others[i] - losses[i];
          differing++;
        }
      }
      out.add(
          new Answer(probability, solved, differing == 0 ? Double.NaN : difference / differing));
    }
    return out;
  }

  /** Logits of every answer's tokens, (B, answers, V), of the last {@link #answers}. */
  double[] logits() {
    return backend.doubles(network.prediction());
  }
}
