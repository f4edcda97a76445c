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
 * Prompts of one length whose answers have one length. The network that reads them is made anew
 * each time: its buffers are large, those of all batches together would not fit beside a model of
 * some hundred million numbers.
 */
final class PromptBatch {
  private final Backend backend;
  private final Scope scope;
  private final NeoxConfig config;
  private final Parameters parameters;
  private final List<Prompt> prompts;
  private final List<Integer> places;
  private final Model model;
  private final Tensor input;
  private final Tensor target;
  private final Tensor foil;

  /** Patterns of each layer that another model left; none before. */
  private final List<Tensor> donated = new ArrayList<>();

  /**
   * Takes prompts.
   *
   * @param scope owner of what is kept from one reading to the next
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
    this.scope = scope;
    this.config = config;
    this.parameters = parameters;
    this.prompts = List.copyOf(prompts);
    this.places = List.copyOf(places);
    int batch = prompts.size();
    int answers = prompts.get(0).answer().length;
    this.input = scope.ints(1, batch, length());
    backend.write(input, prompts.stream().flatMapToInt(p -> Arrays.stream(p.read())).toArray());
    this.target = scope.ints(1, batch, answers);
    this.foil = scope.ints(1, batch, answers);
    backend.write(target, tokens(prompts, Prompt::answer, answers));
    backend.write(foil, tokens(prompts, Prompt::foil, answers));
    this.model = Models.create(config.architecture(), signature(config, length(), answers));
  }

  private int length() {
    return prompts.get(0).length();
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

  private Tensor patterns(Scope in) {
    return in.floats(1, prompts.size(), config.heads(), length(), length());
  }

  /** A number for each head. */
  private Tensor switches(Scope in, int[] values) {
    Tensor out = in.ints(1, config.heads());
    backend.write(out, values);
    return out;
  }

  private int[] all(int value) {
    int[] out = new int[config.heads()];
    Arrays.fill(out, value);
    return out;
  }

  private Network network(Scope in, List<HeadOverride> overrides) {
    NetworkOptions options = NetworkOptions.inspection(prompts.size());
    return model.network(backend, in, parameters, options.with(overrides));
  }

  /** Number of each prompt in its set. */
  List<Integer> places() {
    return places;
  }

  /** Keeps the patterns of the parameters at hand, for heads that are replaced later. */
  void donate() {
    while (donated.size() < config.layers()) {
      donated.add(patterns(scope));
    }
    try (Scope reading = new Scope(backend)) {
      List<HeadOverride> kept = new ArrayList<>();
      for (Tensor to : donated) {
        kept.add(new HeadOverride(to, to, switches(reading, all(1)), switches(reading, all(0))));
      }
      network(reading, kept).forward(input);
    }
  }

  private List<HeadOverride> overrides(Scope in, HeadChange change) {
    boolean replaces = change.how() == HeadChange.How.REPLACE && !change.heads().isEmpty();
    if (replaces && donated.isEmpty()) {
      throw new IllegalStateException("no other model has left its patterns");
    }
    Tensor own = patterns(in);
    List<HeadOverride> out = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      int[] left = all(1);
      int[] changed = all(0);
      for (HeadChange.Head head : change.heads()) {
        if (head.layer() == layer + 1) {
          left[head.head() - 1] = 0;
          changed[head.head() - 1] = replaces ? 1 : 2;
        }
      }
      Tensor other = donated.isEmpty() ? own : donated.get(layer);
      out.add(new HeadOverride(own, other, switches(in, left), switches(in, changed)));
    }
    return out;
  }

  /** What the parameters at hand answer under a change of heads, prompt by prompt. */
  List<Answer> answers(HeadChange change) {
    try (Scope reading = new Scope(backend)) {
      Network network = network(reading, overrides(reading, change));
      Objective right = new Objective(backend, reading, network.prediction(), target, false);
      Objective wrong = right.against(reading, foil);
      network.forward(input);
      right.forward();
      wrong.forward();
      return read(right, wrong);
    }
  }

  private List<Answer> read(Objective right, Objective wrong) {
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

  /** Logits of every answer's tokens by the parameters at hand, (B, answers, V). */
  double[] logits() {
    try (Scope reading = new Scope(backend)) {
      Network network = network(reading, overrides(reading, HeadChange.NONE));
      network.forward(input);
      return backend.doubles(network.prediction());
    }
  }
}
