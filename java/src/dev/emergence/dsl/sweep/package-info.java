/** Sweeps to conditions: axes multiplied, filtered and bound; levels and symbols in formulas. */
package dev.emergence.dsl.sweep;
