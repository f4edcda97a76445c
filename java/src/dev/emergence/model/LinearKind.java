package dev.emergence.model;

import dev.emergence.spec.ArchitectureSpec.Initialization;
import dev.emergence.spec.Stack;
import dev.emergence.spec.Stack.Biases;
import dev.emergence.spec.Stack.OutputInitialization;

/**
 * What a file's keys mean for one linear layer.
 *
 * @param how its weights are drawn
 * @param biased whether it adds a bias
 * @param zero whether it starts at zero, bias and all
 */
record LinearKind(Initialization how, boolean biased, boolean zero) {

  /** Layers inside a token mixer, and the embedding of vectors. */
  static LinearKind mixing(Stack stack) {
    return new LinearKind(stack.initialization(), stack.biases() == Biases.ALL, false);
  }

  /** Layers of the MLP and the read-out. */
  static LinearKind plain(Stack stack) {
    return new LinearKind(stack.initialization(), stack.biases() != Biases.NONE, false);
  }

  /** The same, as the last layer of a branch or of the network. */
  LinearKind last(Stack stack) {
    return new LinearKind(how, biased, stack.outputInitialization() == OutputInitialization.ZERO);
  }

  Initial weight(int fanIn) {
    return zero ? new Initial.Constant(0) : Initials.weight(how, fanIn);
  }

  Initial bias(int fanIn) {
    return zero ? new Initial.Constant(0) : Initials.bias(how, fanIn);
  }
}
