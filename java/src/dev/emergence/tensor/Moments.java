package dev.emergence.tensor;

/**
 * What an optimiser reads and changes: parameters, gradients and moments (R, P); learning rate (R);
 * step (R) i32 from 1.
 *
 * @param stoppedAt (R) i32: 0 while the replica trains, then the step at which it stopped.
 *     Parameters, m and v of a replica that has stopped keep their bits, whatever its gradient.
 */
public record Moments(
    Tensor parameters,
    Tensor gradient,
    Tensor m,
    Tensor v,
    Tensor learningRate,
    Tensor step,
    Tensor stoppedAt) {}
