/**
 * The results folder: the folders of runs with their curves, checkpoints and provenance, and the
 * files by which workers claim runs.
 */
package dev.emergence.result;
