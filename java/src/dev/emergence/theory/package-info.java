/**
 * The toy model of the first paper: its reduced dynamics, their linearisation, and predictions of
 * the plateau. Uses Hipparchus.
 */
package dev.emergence.theory;
