/** Submission to a scheduler. */
package dev.emergence.execute.cluster;
