/**
 * What no key can be asked alone: whether fits, claims, plots and selections speak of things that
 * exist, and what is odd without being wrong.
 */
package dev.emergence.dsl.check;
