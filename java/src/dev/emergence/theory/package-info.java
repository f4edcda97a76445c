/** Reduced dynamics, linearisation, predictions (Hipparchus). */
package dev.emergence.theory;
