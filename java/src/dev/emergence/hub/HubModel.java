package dev.emergence.hub;

import dev.emergence.model.Models;
import dev.emergence.model.Parameters;
import dev.emergence.model.Signature;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.train.HeadChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A GPT-NeoX model that answers prompts, in float32. It has room for one checkpoint's weights; the
 * next one is read into the same room.
 */
final class HubModel implements AutoCloseable {
  /** Prompts that are read at a time: their logits are the largest buffers. */
  private static final int MOST = 16;

  private final Scope scope;
  private final NeoxLoader loader;
  private final Map<String, List<PromptBatch>> sets = new LinkedHashMap<>();
  private final NeoxConfig config;

  /**
   * A model without weights.
   *
   * @param backend stays the caller's
   */
  HubModel(Backend backend, NeoxConfig config, List<PromptSet> prompts) {
    this.config = config;
    this.scope = new Scope(backend);
    try {
      Signature any = new Signature(1, config.vocabulary(), true, config.vocabulary());
      Parameters parameters =
          Parameters.forwardOnly(scope, Models.create(config.architecture(), any).layout(), 1);
      this.loader = new NeoxLoader(config, backend, parameters);
      for (PromptSet set : prompts) {
        sets.put(set.name(), batches(backend, parameters, set));
      }
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  private List<PromptBatch> batches(Backend backend, Parameters parameters, PromptSet set) {
    Map<List<Integer>, List<Integer>> bySize = new LinkedHashMap<>();
    for (int n = 0; n < set.prompts().size(); n++) {
      Prompt p = set.prompts().get(n);
      bySize
          .computeIfAbsent(List.of(p.length(), p.answer().length), size -> new ArrayList<>())
          .add(n);
    }
    List<PromptBatch> out = new ArrayList<>();
    for (List<Integer> alike : bySize.values()) {
      for (int at = 0; at < alike.size(); at += MOST) {
        List<Integer> places = alike.subList(at, Math.min(alike.size(), at + MOST));
        List<Prompt> some = places.stream().map(set.prompts()::get).toList();
        out.add(new PromptBatch(backend, scope, config, parameters, some, places));
      }
    }
    return out;
  }

  NeoxConfig config() {
    return config;
  }

  /**
   * Puts a checkpoint's weights in place.
   *
   * @throws BadFile when they are not those of this model; nothing was changed then
   */
  void load(Weights weights) throws BadFile {
    NeoxLoader.check(config, weights);
    loader.load(weights);
  }

  /** The answers to a prompt set under a change of heads, in the set's order. */
  List<Answer> answers(String set, HeadChange change) {
    List<PromptBatch> batches = sets.get(set);
    Answer[] out = new Answer[batches.stream().mapToInt(b -> b.places().size()).sum()];
    for (PromptBatch batch : batches) {
      List<Answer> some = batch.answers(change);
      for (int i = 0; i < some.size(); i++) {
        out[batch.places().get(i)] = some.get(i);
      }
    }
    return Arrays.asList(out);
  }

  /** Keeps the patterns on a prompt set, for heads of another checkpoint that are replaced. */
  void donate(String set) {
    sets.get(set).forEach(PromptBatch::donate);
  }

  /** The batches of a prompt set. */
  List<PromptBatch> batches(String set) {
    return sets.get(set);
  }

  @Override
  public void close() {
    scope.close();
  }
}
