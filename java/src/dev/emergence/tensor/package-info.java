/**
 * Shapes, tensors, scopes (ownership), the {@link dev.emergence.tensor.Backend} interface, the
 * recorded {@link dev.emergence.tensor.StepProgram}, and the random numbers that all backends
 * share.
 */
package dev.emergence.tensor;
