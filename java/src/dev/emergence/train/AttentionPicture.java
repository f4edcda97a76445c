package dev.emergence.train;

/**
 * The attention pattern of one head on one sequence.
 *
 * @param layer from 1
 * @param head from 1
 * @param probabilities {@code [query][key]}; each row sums to 1
 */
public record AttentionPicture(int layer, int head, double[][] probabilities) {}
