package dev.emergence.hub;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Prompts that ask for one capability. */
record PromptSet(String name, List<Prompt> prompts) {
  /** Copies the list. */
  PromptSet {
    prompts = List.copyOf(prompts);
  }

  /** The largest token of all. */
  int largest() {
    return prompts.stream()
        .flatMap(p -> Stream.of(p.shown(), p.answer(), p.foil()))
        .flatMapToInt(Arrays::stream)
        .max()
        .orElse(0);
  }

  /** Whether a prompt has a foil that is not its answer. */
  boolean hasFoils() {
    return prompts.stream()
        .anyMatch(p -> p.foil().length > 0 && !Arrays.equals(p.foil(), p.answer()));
  }

  /** Tokens that a model must be able to read. */
  int longest() {
    return prompts.stream().mapToInt(Prompt::length).max().orElse(0);
  }
}
