/**
 * Sweeps to runs; run identity; cohorts; cost estimate.
 *
 * <p>May use theory besides spec: the expected number of steps of a run is {@link
 * dev.emergence.theory.Forecast}'s.
 */
package dev.emergence.plan;
