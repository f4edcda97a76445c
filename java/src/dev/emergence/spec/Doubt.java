package dev.emergence.spec;

/**
 * Something valid that is probably not meant. Of many conditions the heaviest is told.
 *
 * @param code the warning's code, {@code W204}
 * @param path of the key that it is about
 * @param weight how much of it there is; only compared with other conditions
 * @param message what is odd
 * @param hint what to do instead
 */
public record Doubt(String code, String path, double weight, String message, String hint) {}
