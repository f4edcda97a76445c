/**
 * Trainer, optimisers, learning-rate schedules, evaluation on held-out streams, snapshots for exact
 * resume.
 */
package dev.emergence.train;
