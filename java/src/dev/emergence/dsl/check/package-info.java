/**
 * Checks that need more than one key: whether fits, claims, plots and selections name things that
 * exist, and what is odd without being wrong.
 */
package dev.emergence.dsl.check;
