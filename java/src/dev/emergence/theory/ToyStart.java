package dev.emergence.theory;

/**
 * What the full dynamics needs and the reduced one does without. Scores start at 0.
 *
 * @param target W*, d×d
 * @param weights W at the start, d×d
 * @param special x̃, a unit vector of d
 */
public record ToyStart(double[][] target, double[][] weights, double[] special) {}
