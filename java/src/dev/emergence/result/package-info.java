/**
 * The results folder: run folders, curves, checkpoints, provenance, and the claims of workers on
 * runs.
 */
package dev.emergence.result;
