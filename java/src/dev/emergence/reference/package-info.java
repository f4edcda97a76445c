/**
 * The {@code reference} backend: plain loops in double precision, by which the other backends are
 * judged.
 */
package dev.emergence.reference;
