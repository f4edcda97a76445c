package dev.emergence.tensor;

/**
 * What an optimiser reads and changes: parameters, gradients and moments (R, P); learning rate (R);
 * step (R) i32 from 1.
 */
public record Moments(
    Tensor parameters, Tensor gradient, Tensor m, Tensor v, Tensor learningRate, Tensor step) {}
