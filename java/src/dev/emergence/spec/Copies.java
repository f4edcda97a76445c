package dev.emergence.spec;

/**
 * How often the token that matters may stand in one context.
 *
 * @param most largest {@code repetition.in_context}
 * @param path of the key that bounds it
 */
public record Copies(int most, String path) {}
