/** Sweeps to runs; run identity; cohorts; cost estimate. */
package dev.emergence.plan;
