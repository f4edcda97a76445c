/**
 * Benchmarks: whole steps beside PyTorch, kernels, hot spots of Java, start-up. They assert nothing
 * about time.
 */
package dev.emergence.benchmarks;
