package dev.emergence.result;

/**
 * The attention pattern of one head on one sequence, as stored in {@code attention.safetensors}.
 *
 * @param label what it was asked for by: a step, {@code last}, or a threshold's name
 * @param step the step at which it was taken
 * @param layer from 1
 * @param head from 1
 * @param probabilities {@code [query][key]}; each row sums to 1
 */
public record Picture(String label, long step, int layer, int head, double[][] probabilities) {}
