package dev.emergence.tensor;

/**
 * Rotary positions (Su et al. 2021), in place: in each head of token t the numbers i and i + Dh / 2
 * turn as a point in the plane, by an angle that the table gives.
 *
 * @param x (R, B, L, H, Dh): only the first element, the replica stride and {@code stride} count
 * @param table (R, L, Dh): cosines of the Dh / 2 angles, then their sines
 * @param stride elements between tokens of x
 */
public record Rotation(Tensor x, Tensor table, int batch, int heads, int stride) {}
