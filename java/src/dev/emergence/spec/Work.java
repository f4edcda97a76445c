package dev.emergence.spec;

/**
 * What one run of an architecture takes, counted from its shapes. A multiply-add counts two
 * operations; element-wise work is not counted.
 *
 * @param parameters trained numbers
 * @param forwardFlops operations of the forward pass of one sequence
 * @param activations numbers kept of one sequence for the backward pass, the prediction included
 */
public record Work(long parameters, double forwardFlops, double activations) {}
