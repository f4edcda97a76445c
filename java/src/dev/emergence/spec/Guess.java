package dev.emergence.spec;

/**
 * An accuracy that is reached without finding the token that matters, and so is no sign of
 * attention.
 *
 * @param accuracy what it reaches
 * @param how in words: {@code naming any value of the context}
 * @param formula of the accuracy: {@code 1/N_pairs}
 * @param at values in it: {@code N_pairs = 8}
 */
public record Guess(double accuracy, String how, String formula, String at) {}
