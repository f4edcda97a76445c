/**
 * Training: the trainer, optimisers, schedules of the learning rate and of repetition, evaluation
 * on streams that are kept apart, and snapshots from which a run continues to the same bits.
 */
package dev.emergence.train;
