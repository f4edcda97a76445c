/**
 * The worker (main path), the local pool, device selection, calibration; later cluster submission.
 */
package dev.emergence.execute;
