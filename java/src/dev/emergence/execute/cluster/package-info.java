/** Submits the workers of an experiment to a cluster's scheduler. */
package dev.emergence.execute.cluster;
