/**
 * The language of formulas and conditions ({@code T_plateau = C * d^alpha}, {@code d <= 64 or T <=
 * 128}) and the symbols in it.
 */
package dev.emergence.spec.expr;
