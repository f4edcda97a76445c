/**
 * From sweeps to runs: what decides a run and so its id, which runs can be trained together, and
 * what they will cost.
 *
 * <p>May use theory besides spec: the expected number of steps of a run comes from {@link
 * dev.emergence.theory.Forecast}.
 */
package dev.emergence.plan;
