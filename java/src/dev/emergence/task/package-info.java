/** Generators, ground truth, oracles: what is learned, one task a file. */
package dev.emergence.task;
